#!/usr/bin/env bash
# What:      npm libsql 0.5.29, the SQLite of Turso with an index of vectors, and vector_top_k. Twenty people are
#            enrolled one after the other, with forty photos each (128 values, as dlib's); then all but one each go.
# Guess:     the index knows all that is in the table, as each index of SQLite does: with twenty rows, each is found by
#            its own vector, and the five nearest are five.
# Behaviour: a deleted row takes along the links that led through it, and who was linked to photos of the same person
#            only is cut off: about a third of the people are found by their own photo, and most searches for five give
#            fewer, without an error. The next search may begin elsewhere, and find others. REINDEX puts it right.
# Matters:   whoever keeps the best photo of each person has visitors who are in the table and whom no search finds.
#            Where the photos of all came mixed, nobody is lost, so random test data shows nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libsql@0.5.29

cat > enrol.js <<'JS'
const fs = require('fs');
const Database = require('libsql');
console.log('libsql', JSON.parse(fs.readFileSync('node_modules/libsql/package.json', 'utf8')).version);

const PEOPLE = 20;
const PHOTOS = 40;
let state = 7;
const uniform = () => (state = state * 16807 % 2147483647) / 2147483647;
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

function enrol(mixed) {
    const faces = Array.from({length: PEOPLE}, () => Array.from({length: 128}, normal));
    const photos = [];
    for (let i = 0; i < PEOPLE * PHOTOS; i++) {
        const [person, photo] = mixed ? [i % PEOPLE, Math.floor(i / PEOPLE)] : [Math.floor(i / PHOTOS), i % PHOTOS];
        photos.push({id: i, first: photo === 0, vector: JSON.stringify(faces[person].map(v => v + 0.3 * normal()))});
    }
    const database = new Database(':memory:');
    database.exec('CREATE TABLE photo (id INTEGER PRIMARY KEY, vector F32_BLOB(128))');
    database.exec('CREATE INDEX nearest ON photo (libsql_vector_idx(vector))');
    const insert = database.prepare('INSERT INTO photo VALUES (?, vector32(?))');
    photos.forEach(photo => insert.run(photo.id, photo.vector));

    const search = database.prepare("SELECT id FROM vector_top_k('nearest', vector32(?), ?)");
    const kept = photos.filter(photo => photo.first);
    const look = () => ({
        rows: database.prepare('SELECT count(*) AS n FROM photo').get().n,
        foundByOwnPhoto: kept.filter(photo => search.all(photo.vector, 1)[0]?.id === photo.id).length,
        fiveNearestAreFive: kept.filter(photo => search.all(photo.vector, 5).length === 5).length,
    });
    const before = look();
    const remove = database.prepare('DELETE FROM photo WHERE id = ?');
    photos.filter(photo => !photo.first).forEach(photo => remove.run(photo.id));
    const after = look();
    database.exec('REINDEX nearest');
    return {before, after, reindexed: look()};
}

const sequence = enrol(false);
console.log('one person after the other, of 20 people:', sequence);
const mixed = enrol(true);
console.log('photos of all people mixed, of 20 people:', mixed);
const whole = ({foundByOwnPhoto, fiveNearestAreFive}) => foundByOwnPhoto === PEOPLE && fiveNearestAreFive === PEOPLE;
if (!whole(sequence.before) || !whole(sequence.reindexed) || !whole(mixed.after)
        || sequence.after.rows !== PEOPLE || sequence.after.foundByOwnPhoto > 15
        || sequence.after.fiveNearestAreFive > 18) {
    console.log('CHANGED');
    process.exit(1);
}
console.log('As described.');
JS
node enrol.js
