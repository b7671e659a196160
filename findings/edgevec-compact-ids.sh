#!/usr/bin/env bash
# What:      npm edgevec 0.9.0 (an HNSW index in WebAssembly) with metric "l2": ten faces, each with a name as metadata.
#            The first four are deleted, and compact() is called, as the package advises then.
# Guess:     who stays keeps id and metadata: compact() is described as "preserving IDs", and ids are all that a caller
#            has to tell whose face was found.
# Behaviour: all six get new ids, from 1 on, while metadata stays with the old ids, that of the deleted too. The fifth
#            face is found as id 1, which has the name of the deleted first one. Nothing tells which id became which.
# Matters:   some deletions later everybody has somebody else's name, by a call that only saves memory. Keep the vectors
#            elsewhere too, and build a new index instead.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-fund --no-audit edgevec@0.9.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > compact.mjs <<'JS'
import { readFileSync } from "node:fs";
import { EdgeVec, EdgeVecConfig, initSync } from "edgevec/edgevec.js";

const read = name => readFileSync(`node_modules/edgevec/${name}`);
initSync({ module: read("edgevec_bg.wasm") });
console.log("edgevec", JSON.parse(read("package.json")).version, "Node.js", process.version);

const config = new EdgeVecConfig(16);
config.metric = "l2";
const index = new EdgeVec(config);
const names = ["Ann", "Bob", "Cid", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Joe"];
const face = place => Float32Array.from({ length: 16 }, (_, i) => Number(i === place));
const ids = names.map((name, place) => index.insertWithMetadata(face(place), { name }));

function found() {
  return names.map((name, place) => {
    const [first] = index.search(face(place), 1);
    return { name, id: first.id, named: index.getMetadata(first.id, "name")?.toJS(), score: first.score };
  });
}

const before = found();
const deletions = 4;
ids.slice(0, deletions).forEach(id => index.softDelete(id));
const deleted = found().slice(deletions);
console.log(`deleted: ${index.deletedCount()}, compaction is advised: ${index.needsCompaction()}`);
const advised = index.needsCompaction();
index.compact();
const after = found().slice(deletions);
after.forEach((now, i) =>
  console.log(`${now.name}: id ${ids[i + deletions]}, after compact() id ${now.id}, named ${now.named}`));

const same = results => results.every(r => r.id === ids[names.indexOf(r.name)] && r.named === r.name && r.score === 0);
const renumbered = after.every((r, i) => r.score === 0 && r.id === ids[i]);
const misnamed = after.every((r, i) => r.named === names[i]);
if (!same(before) || !same(deleted) || !renumbered || !misnamed || !advised) {
  console.error("CHANGED");
  process.exit(1);
}
console.log("As described.");
JS
node compact.mjs
