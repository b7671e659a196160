package io.facestream.web.health;

import io.facestream.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.LocalDate;
import javax.sql.DataSource;

/** Asks the database for the sizes of its tables, which everybody may know who may connect. */
@ApplicationScoped
class StorageTable {
    /** A table with its indexes, by the table that it is a partition of. */
    private static final String PARTS =
            """
            with size as (
                select r.relname as name, pg_total_relation_size(c.oid) as bytes
                from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
                where n.nspname = 'facestream' and c.relkind = 'r')
            select case when name = 'sighting' then 'visits'
                        when name = 'sighting_shot' then 'shots'
                        when name in ('face_sample', 'face_embedding', 'template') then 'photos'
                        when name like 'stranger%' then 'strangers'
                        when name like 'model%' or name like 'training%' then 'models'
                        else 'other' end as kind, sum(bytes)::bigint
            from size group by 1 order by 2 desc, 1""";

    private static final String SINCE =
            """
            select min(to_date(right(c.relname, 8), 'YYYYMMDD'))
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = to_regclass('facestream.sighting')""";

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    StorageTable(Instance<DataSource> database) {
        this.database = database;
    }

    Storage read() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> new Storage(
                        sql.first("select pg_database_size(current_database())", row -> row.getLong(1))
                                .orElseThrow(),
                        sql.query(PARTS, row -> new Storage.Part(row.getString(1), row.getLong(2))),
                        sql.query(SINCE, row -> row.getObject(1, LocalDate.class))
                                .get(0)));
    }
}
