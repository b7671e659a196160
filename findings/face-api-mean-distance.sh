#!/usr/bin/env bash
# What:      the npm package @vladmandic/face-api 1.7.15, FaceMatcher with several descriptors under one label.
# Guess:     a label is as near as the nearest of its descriptors: each further photo of somebody can only help to
#            recognise that person.
# Behaviour: it is as far away as the mean of the distances to all of them. With a second photo that is 1.3 away from
#            the first, the person of the first photo, seen exactly so again, is "unknown"; and beside somebody else
#            who is 0.5 away, that person is named.
# Matters:   photos from the side or of years ago, enrolled to be found there too, make somebody harder to find from the
#            front. Give each photo a label of its own, and map labels to people.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @vladmandic/face-api@1.7.15

cat > mean.mjs <<'JS'
import assert from 'node:assert';

// The build for browsers has all in one file; it loads in Node.js where it takes itself to be in a window.
globalThis.window = globalThis;
globalThis.document = {};
const { FaceMatcher, LabeledFaceDescriptors } =
    await import('./node_modules/@vladmandic/face-api/dist/face-api.esm.js');

/** A descriptor at a place on a line, so that distances are easily seen. */
const at = place => Float32Array.from({length: 128}, (_, i) => i === 0 ? place : 0);
const person = (name, ...places) => new LabeledFaceDescriptors(name, places.map(at));

function best(title, ...people) {
    const match = new FaceMatcher(people, 0.6).findBestMatch(at(0));
    console.log(`${title.padEnd(42)} ${match.label}, distance ${match.distance.toFixed(2)}`);
    return match.label;
}

console.log('asked with the descriptor of the first photo of anna, threshold 0.6');
assert.strictEqual(best('anna with one photo:', person('anna', 0)), 'anna');
assert.strictEqual(best('anna with a second photo, 1.3 away:', person('anna', 0, 1.3)), 'unknown');
assert.strictEqual(best('the same, and bert, 0.5 away:', person('anna', 0, 1.3), person('bert', 0.5)), 'bert');
assert.strictEqual(best('each photo with a label of its own:',
    person('anna 1', 0), person('anna 2', 1.3), person('bert', 0.5)), 'anna 1');
console.log('As described: a second photo hides the person of the first one.');
JS
echo "face-api $(node -p "require('./node_modules/@vladmandic/face-api/package.json').version")"
node mean.mjs
