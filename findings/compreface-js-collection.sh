#!/usr/bin/env bash
# What:      the npm package @exadel/compreface-js-sdk 1.0.0, the object that getFaceCollection() returns.
# Guess:     it can be kept, and each of its functions asks for the address of its own, whatever was asked before.
# Behaviour: delete, verify, delete_multiple_images and delete_all_subject lengthen the address that all of them share.
#            After delete_all_subject("anna"), the same for "bert" sends the subject "anna?subject=bert"; list() then
#            asks for faces of that subject, too; add() alone starts afresh.
# Matters:   the second of two people is not deleted, and a server that answers "nobody of that name" with success hides
#            it. Call getFaceCollection() anew for each request.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > package.json <<'JSON'
{
  "name": "finding", "version": "1.0.0", "private": true, "type": "module",
  "dependencies": { "@exadel/compreface-js-sdk": "1.0.0" },
  "overrides": { "axios": "0.21.4", "form-data": "4.0.0" }
}
JSON
npm install --silent --no-audit --no-fund

cat > collection.js <<'JS'
import assert from 'node:assert';
import http from 'node:http';
import { CompreFace } from '@exadel/compreface-js-sdk';

const asked = [];
const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end('{"faces": [], "deleted": 0}');
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const {address, port} = server.address();
const service = new CompreFace(`http://${address}`, port).initFaceRecognitionService('key');

const kept = service.getFaceCollection();
await kept.delete_all_subject('anna');
await kept.delete_all_subject('bert');
await kept.list();
const fresh = () => service.getFaceCollection();
await fresh().delete_all_subject('anna');
await fresh().delete_all_subject('bert');
await fresh().list();
server.close();

console.log('one collection, kept:');
asked.slice(0, 3).forEach(line => console.log('  ' + line));
console.log('a collection for each request:');
asked.slice(3).forEach(line => console.log('  ' + line));
const faces = '/api/v1/recognition/faces';
assert.deepStrictEqual(asked, [
    `DELETE ${faces}?subject=anna`,
    `DELETE ${faces}?subject=anna?subject=bert`,
    `GET ${faces}?subject=anna?subject=bert`,
    `DELETE ${faces}?subject=anna`,
    `DELETE ${faces}?subject=bert`,
    `GET ${faces}`,
]);
console.log('As described: a kept collection asks for what was asked before.');
JS
echo "compreface-js-sdk $(node -p "require('./node_modules/@exadel/compreface-js-sdk/package.json').version")"
node collection.js
