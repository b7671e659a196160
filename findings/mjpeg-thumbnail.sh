#!/usr/bin/env bash
# What:      the npm packages pipe2jpeg 0.3.0, mjpeg-decoder 1.0.3 and mjpeg-consumer 2.0.0, which take pictures out of
#            a Motion JPEG stream, and jpeg-js 0.4.4 as the judge of what comes out.
# Guess:     a picture with an EXIF thumbnail, as phones and some cameras send it, comes out as it went in. The
#            thumbnail lies in a segment that names its length, and a part of the stream names its own.
# Behaviour: all three look for the two bytes that end a JPEG, and find those that end the thumbnail. pipe2jpeg and
#            mjpeg-decoder hand out each picture cut off there. mjpeg-consumer hands out as many bytes as were
#            announced, but other ones. Nobody raises an error, and without the thumbnail all is well.
# Matters:   the camera seems to run at its full rate, and no picture of it can be decoded. Go by Content-Length, or
#            walk the segments; or let the camera leave the thumbnail out.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
    pipe2jpeg@0.3.0 mjpeg-decoder@1.0.3 mjpeg-consumer@2.0.0 jpeg-js@0.4.4

cat > thumbnail.js <<'JS'
const assert = require('node:assert');
const http = require('node:http');
const { setTimeout: pause } = require('node:timers/promises');
const jpeg = require('jpeg-js');
const MjpegConsumer = require('mjpeg-consumer');
const MjpegDecoder = require('mjpeg-decoder');
const Pipe2Jpeg = require('pipe2jpeg');

/** A JPEG of noise. */
function noise(width, height) {
    const data = Buffer.alloc(width * height * 4, 255);
    let state = width;
    for (let i = 0; i < data.length; i++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        if (i % 4 < 3) {
            data[i] = state >>> 24;
        }
    }
    return jpeg.encode({data, width, height}, 80).data;
}

/** The same picture with an EXIF segment: an empty first directory, and a second one that describes the thumbnail. */
function withThumbnail(picture, thumbnail) {
    const entries = [[0x103, 3, 6], [0x201, 4, 56], [0x202, 4, thumbnail.length]]; // JPEG, where, how long
    const tiff = Buffer.alloc(56);
    tiff.write('II*\0', 'latin1');
    tiff.writeUInt32LE(8, 4);
    tiff.writeUInt32LE(14, 10);
    tiff.writeUInt16LE(entries.length, 14);
    entries.forEach(([tag, type, value], i) => {
        tiff.writeUInt16LE(tag, 16 + i * 12);
        tiff.writeUInt16LE(type, 18 + i * 12);
        tiff.writeUInt32LE(1, 20 + i * 12);
        tiff.writeUInt32LE(value, 24 + i * 12);
    });
    const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, thumbnail]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(segment.length + 2, 2);
    return Buffer.concat([picture.subarray(0, 2), head, segment, picture.subarray(2)]);
}

const part = picture => Buffer.concat([
    Buffer.from(`--part\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`),
    picture, Buffer.from('\r\n')]);

function decodes(picture) {
    try {
        return jpeg.decode(picture).width === 320;
    } catch {
        return false;
    }
}

function piped(picture) {
    const got = [];
    const pipe = new Pipe2Jpeg();
    pipe.on('jpeg', found => got.push(found));
    pipe.write(picture);
    pipe.write(picture);
    return got;
}

async function consumed(picture) {
    const got = [];
    const consumer = new MjpegConsumer();
    consumer.on('data', found => got.push(found));
    consumer.write(part(picture));
    await pause(100);
    return got;
}

/** What mjpeg-decoder takes from a camera that sends a picture each 100 ms. */
async function decoded(picture) {
    const server = http.createServer(async (request, response) => {
        response.writeHead(200, {'Content-Type': 'multipart/x-mixed-replace; boundary=part'});
        for (let i = 0; i < 20 && !response.destroyed; i++) {
            response.write(part(picture));
            await pause(100);
        }
        response.end();
    });
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    const decoder = new MjpegDecoder(`http://127.0.0.1:${server.address().port}/`);
    const got = [];
    decoder.on('frame', found => got.push(found));
    decoder.start();
    for (let i = 0; i < 50 && got.length === 0; i++) {
        await pause(100);
    }
    decoder.stop();
    server.closeAllConnections();
    server.close();
    return got;
}

(async () => {
    const plain = noise(320, 240);
    const phone = withThumbnail(plain, noise(64, 48));
    for (const [name, picture, right] of [['without', plain, true], ['with', phone, false]]) {
        console.log(`${name} a thumbnail, ${picture.length} bytes; decodes before: ${decodes(picture)}`);
        assert.ok(decodes(picture));
        const readers = {pipe2jpeg: piped, 'mjpeg-decoder': decoded, 'mjpeg-consumer': consumed};
        for (const [reader, read] of Object.entries(readers)) {
            const [first] = await read(picture);
            assert.ok(first, `${reader} hands out a picture`);
            console.log(`  ${reader.padEnd(14)} ${first.length} bytes; the same: ${first.equals(picture)}`
                + `; decodes: ${decodes(first)}`);
            assert.strictEqual(first.equals(picture), right);
            assert.strictEqual(decodes(first), right);
        }
    }
    console.log('As described: the end of the thumbnail is taken for the end of the picture.');
    process.exit(0);
})().catch(error => {
    console.error(error);
    process.exit(1);
});
JS
for package in pipe2jpeg mjpeg-decoder mjpeg-consumer jpeg-js; do
    echo "$package $(node -p "require('./node_modules/$package/package.json').version")"
done
node thumbnail.js
