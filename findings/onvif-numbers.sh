#!/usr/bin/env bash
# What:      the npm package onvif 0.8.3, Cam.getDeviceInformation, against a server that answers as a camera does.
#            ONVIF says that all fields of the answer are strings.
# Guess:     they come out as the texts that the camera sent.
# Behaviour: what looks like a decimal number becomes one: the firmware "5.10" is 5.1, and so the same as "5.1"; of a
#            serial number of 20 digits the last ones become zeros, so that two cameras have the same. With a leading
#            zero, or with a letter, the text stays: the type changes from camera to camera.
# Matters:   whoever knows cameras by their serial number mixes two of one delivery. The third argument of the callback
#            is the answer's XML: take both from there.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts onvif@0.8.3

cat > numbers.js <<'JS'
const assert = require('node:assert');
const http = require('node:http');
const { Cam } = require('onvif');

let firmware, serial;
const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end(`<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">
<s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>Example</tds:Manufacturer><tds:Model>Dome</tds:Model>
<tds:FirmwareVersion>${firmware}</tds:FirmwareVersion><tds:SerialNumber>${serial}</tds:SerialNumber>
<tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body></s:Envelope>`));
});

/** What the library makes of a camera's answer. */
const ask = (...sent) => new Promise((done, failed) => {
    [firmware, serial] = sent;
    const {address, port} = server.address();
    new Cam({hostname: address, port, autoconnect: false}).getDeviceInformation((error, got) => {
        if (error) {
            failed(error);
            return;
        }
        console.log(`sent ${JSON.stringify(sent)}, got ${JSON.stringify([got.firmwareVersion, got.serialNumber])}`);
        done([got.firmwareVersion, got.serialNumber]);
    });
});

server.listen(0, '127.0.0.1', async () => {
    try {
        assert.deepStrictEqual(await ask('5.1', '20240611000000004711'), [5.1, 20240611000000004000]);
        assert.deepStrictEqual(await ask('5.10', '20240611000000004712'), [5.1, 20240611000000004000]);
        assert.deepStrictEqual(await ask('5.10.0', '00240611000000004712'), ['5.10.0', '00240611000000004712']);
        console.log('As described: two firmwares are one, and so are two cameras.');
    } finally {
        server.close();
    }
});
JS
echo "onvif $(node -p "require('./node_modules/onvif/package.json').version")"
node numbers.js
