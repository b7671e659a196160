#!/usr/bin/env bash
# What:      the npm package @vladmandic/human 3.3.6, match.find(descriptor, descriptors, {threshold}).
# Guess:     it finds the nearest descriptor, and answers index -1 if that one is farther away than the threshold: the
#            documentation says "index array index where best match was found or -1 if no matches".
# Behaviour: neither. The search stops at the first descriptor that is nearer than the threshold, though the list holds
#            the very same face further on; and with all of them beyond the threshold it answers the nearest one, not
#            -1. The options also replace all defaults together: with a threshold, the same two faces have another
#            distance and another similarity than without.
# Matters:   a threshold makes a stranger somebody, and a person somebody else, by the order of enrolment. Ask without
#            one, and compare the result's similarity yourself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @vladmandic/human@3.3.6

cat > find.mjs <<'JS'
import assert from 'node:assert';

// The build for browsers has all in one file; it loads in Node.js where it takes itself to be in a window.
globalThis.window = globalThis;
globalThis.document = {};
const { match } = await import('./node_modules/@vladmandic/human/dist/human.esm.js');

/** A unit descriptor of 1,024 values that is turned away from the first axis by an angle. */
const face = degrees => {
    const values = new Array(1024).fill(0);
    values[0] = Math.cos(degrees * Math.PI / 180);
    values[1] = Math.sin(degrees * Math.PI / 180);
    return values;
};
const anna = face(0), sister = face(20), stranger = face(90);
const ask = (title, ...question) => {
    const answer = match.find(...question);
    console.log(title.padEnd(58), JSON.stringify(answer));
    return answer;
};

const own = {threshold: 10};
const near = ask('anna among [sister, anna], no threshold:', anna, [sister, anna]);
const first = ask('anna among [sister, anna], threshold 10:', anna, [sister, anna], own);
const swapped = ask('anna among [anna, sister], threshold 10:', anna, [anna, sister], own);
const none = ask('stranger among [anna, sister], threshold 10:', stranger, [anna, sister], own);
const plain = ask('sister among [anna], no threshold:', sister, [anna]);
const zero = ask('sister among [anna], threshold 0, which is the default:', sister, [anna], {threshold: 0});

assert.strictEqual(near.index, 1);
assert.strictEqual(near.distance, 0);
assert.strictEqual(first.index, 0);
assert.ok(first.distance > 0);
assert.strictEqual(swapped.index, 0);
assert.strictEqual(swapped.distance, 0);
assert.strictEqual(none.index, 1);
assert.ok(none.distance > own.threshold);
assert.notStrictEqual(plain.distance, zero.distance);
assert.notStrictEqual(plain.similarity, zero.similarity);
console.log('As described: a threshold ends the search, and refuses nobody.');
JS
echo "human $(node -p "require('./node_modules/@vladmandic/human/package.json').version")"
node find.mjs
