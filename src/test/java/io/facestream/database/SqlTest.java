package io.facestream.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGvector;
import io.facestream.gallery.TestGallery;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlTest {
    private static final TestGallery GALLERY = TestGallery.of(SqlTest.class);
    private static final DataSource DATABASE = GALLERY.dataSource();

    @BeforeEach
    void aTable() throws SQLException {
        GALLERY.execute("drop table if exists public.thing;"
                + " create table public.thing (id int primary key, name text, at timestamptz, key uuid, bytes bytea,"
                + " place vector(2), names text[])");
    }

    private static int insert(Sql sql, int id) throws SQLException {
        return sql.execute("insert into thing (id, name) values (?, ?)", id, "name " + id);
    }

    @Test
    void parametersComeBackAsTheyWent() throws Exception {
        Instant at = Instant.parse("2026-01-02T03:04:05.678901Z");
        UUID key = UUID.randomUUID();
        int inserted = Sql.on(
                DATABASE,
                sql -> sql.execute(
                        "insert into thing values (?, ?, ?, ?, ?, ?, ?)",
                        1,
                        null,
                        at,
                        key,
                        new byte[] {0, -1},
                        new PGvector(new float[] {0.6f, 0.8f}),
                        Sql.array("text", new String[] {"a", "b,c"})));

        assertThat(inserted).isEqualTo(1);
        boolean found = Sql.on(DATABASE, sql -> sql.first(
                        "select * from thing where key = any (?)",
                        row -> {
                            assertThat(row.getString("name")).isNull();
                            assertThat(row.getObject("at", OffsetDateTime.class).toInstant())
                                    .isEqualTo(at);
                            assertThat(row.getBytes("bytes")).containsExactly(0, -1);
                            assertThat(row.getString("place")).isEqualTo("[0.6,0.8]");
                            assertThat((Object[]) row.getArray("names").getArray())
                                    .containsExactly("a", "b,c");
                            return true;
                        },
                        Sql.array("uuid", new Object[] {key}))
                .orElse(false));
        assertThat(found).isTrue();
        Optional<Float> distance = Sql.on(
                DATABASE,
                sql -> sql.first(
                        "select place <-> ? from thing", row -> row.getFloat(1), new PGvector(new float[] {0.6f, -0.2f
                        })));
        assertThat(distance).contains(1f);
    }

    @Test
    void aTransactionIsDoneAsAWholeOrNotAtAll() throws Exception {
        assertThatThrownBy(() -> Sql.inTransaction(DATABASE, sql -> {
                    insert(sql, 1);
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThatThrownBy(() -> Sql.inTransaction(DATABASE, sql -> insert(sql, 2) + insert(sql, 2)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("duplicate key");
        assertThat(GALLERY.query("select id from thing")).isEmpty();

        int inserted = Sql.inTransaction(DATABASE, sql -> insert(sql, 3) + insert(sql, 4));
        assertThat(inserted).isEqualTo(2);

        assertThat(GALLERY.query("select id from thing order by id")).containsExactly("3", "4");
    }

    /** The error names the lost connection, not the rollback that failed because of it. */
    @Test
    void aConnectionThatIsLostIsToldByWhatFailedOnIt() {
        assertThatThrownBy(() -> Sql.inTransaction(DATABASE, sql -> {
                    insert(sql, 1);
                    sql.execute("select pg_terminate_backend(pg_backend_pid())");
                    return insert(sql, 2);
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
    }

    @Test
    void aTransactionThatReadsCannotWrite() {
        assertThatThrownBy(() -> Sql.reading(DATABASE, sql -> insert(sql, 1)))
                .hasMessageContaining("read-only transaction");
    }

    @Test
    void rowsAreFetchedAFewAtATime() throws Exception {
        List<Integer> read = new ArrayList<>();

        assertThatThrownBy(() -> Sql.reading(DATABASE, sql -> {
                    sql.each(
                            10,
                            // 8 GiB in all, which no test's heap holds
                            "select n, repeat('x', 1 << 20) from generate_series(1, 8192) n",
                            row -> {
                                read.add(row.getInt(1));
                                if (read.size() == 25) {
                                    throw new IOException("enough");
                                }
                            });
                    return null;
                }))
                .hasMessage("enough");

        assertThat(read).hasSize(25);
    }

    @Test
    void aStatementIsExecutedForEachListOfParameters() throws Exception {
        Sql.on(DATABASE, sql -> {
            sql.executeAll(
                    "insert into thing (id, name, place) values (?, ?, ?)",
                    List.of(
                            List.of(1, "one", new PGvector(new float[] {1, 0})),
                            List.of(2, "two", new PGvector(new float[] {0, 1}))));
            return null;
        });

        assertThat(GALLERY.query("select id, name, place from thing order by id"))
                .containsExactly("1 one [1,0]", "2 two [0,1]");
    }

    @Test
    void noRowAndARowOfNothingAreBothEmpty() throws Exception {
        Optional<String> ofNoRow =
                Sql.on(DATABASE, sql -> sql.first("select name from thing", row -> row.getString(1)));
        Optional<String> ofNull = Sql.on(DATABASE, sql -> sql.first("select null::text", row -> row.getString(1)));
        List<String> none = Sql.on(DATABASE, sql -> sql.query("select name from thing", row -> row.getString(1)));

        assertThat(ofNoRow).isEmpty();
        assertThat(ofNull).isEmpty();
        assertThat(none).isEmpty();
    }

    /** pgjdbc 42.7.10 fetches in text until a statement was executed five times, and in binary from then on. */
    @Test
    void aRealIsTheSameNumberHoweverOftenItsStatementWasExecuted() throws Exception {
        List<Double> byDriver = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        Sql.on(DATABASE, sql -> {
            for (int i = 0; i < 10; i++) {
                sql.query("select 0.987::real as number", row -> {
                    byDriver.add(row.getDouble("number"));
                    return numbers.add(Sql.decimal(row, "number"));
                });
            }
            return null;
        });

        assertThat(byDriver).contains(0.987, (double) 0.987f);
        assertThat(numbers).containsOnly(0.987);
    }

    @Test
    void aRealThatIsNullIsNull() throws Exception {
        List<Boolean> areNull = Sql.on(
                DATABASE, sql -> sql.query("select null::real as number", row -> Sql.decimal(row, "number") == null));

        assertThat(areNull).containsExactly(true);
    }
}
