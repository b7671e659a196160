#!/usr/bin/env bash
# What:      npm edgevec 0.9.0 (an HNSW index in WebAssembly, for browsers and Node.js) with metric "cosine", with "dot"
#            and with "l2". Each of 500 faces, vectors of length 1, is searched for by itself.
# Guess:     the first neighbour of a face that is in the index is the face, by all three; for vectors of length 1 they
#            even give the same order. Its types call the metric "Cosine similarity (converted to distance)".
# Behaviour: "l2" finds all 500. "cosine" and "dot" find none: they take the product for a distance, unconverted, and
#            give the vectors that are least alike first, with scores below 0.
# Matters:   a search comes back with neighbours and plausible scores, and each face is somebody else. Use "l2" with
#            vectors of length 1: half of its score, which is the distance squared, is 1 less the cosine.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-fund --no-audit edgevec@0.9.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > search.mjs <<'JS'
import { readFileSync } from "node:fs";
import { EdgeVec, EdgeVecConfig, initSync } from "edgevec/edgevec.js";

const read = name => readFileSync(`node_modules/edgevec/${name}`);
initSync({ module: read("edgevec_bg.wasm") });
console.log("edgevec", JSON.parse(read("package.json")).version, "Node.js", process.version);

let state = 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const faces = Array.from({ length: 500 }, () => {
  const numbers = Array.from({ length: 64 }, () => random() + random() + random() - 1.5);
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, number => number / length);
});
const product = (a, b) => a.reduce((sum, number, i) => sum + number * b[i], 0);

let changed = false;
for (const metric of ["l2", "cosine", "dot"]) {
  const config = new EdgeVecConfig(64);
  config.metric = metric;
  const index = new EdgeVec(config);
  const ids = faces.map(face => index.insert(face));
  const firsts = faces.map(face => index.search(face, 1)[0]);
  const found = firsts.filter((first, i) => first.id === ids[i]).length;
  const least = Math.min(...faces.map(face => product(faces[0], face)));
  console.log(`${metric}: ${found} of ${faces.length} find themselves; the first neighbour of the first has the score`,
    `${firsts[0].score.toFixed(4)} and the cosine ${product(faces[0], faces[ids.indexOf(firsts[0].id)]).toFixed(4)};`,
    `the least cosine of all is ${least.toFixed(4)}`);
  const near = metric === "l2";
  changed ||= near ? found < 495 : found > 5 || firsts.some(first => first.score > 0);
}
if (changed) {
  console.error("CHANGED");
  process.exit(1);
}
console.log("As described.");
JS
node search.mjs
