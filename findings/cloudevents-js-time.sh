#!/usr/bin/env bash
# What:      npm cloudevents 10.0.0, the attribute "time" of an event that is read or sent on, over HTTP and Kafka.
# Guess:     "time" is a string there, by its type, and new CloudEvent({time}) gives back each character of it. So an
#            event that only passes through leaves with the time with which it came.
# Behaviour: whatever is read or written has its time as JavaScript's Date tells it: cut to milliseconds, not rounded,
#            and in UTC, though RFC 3339 allows more digits and offsets, which Python's SDK, for one, keeps. JSON and
#            headers are alike in this.
# Matters:   two faces of 10:00:00.123100 and 10:00:00.123900 are seen at the same time after a relay in JavaScript, and
#            whoever joins sightings with frames by their time, or tells doubles by it, finds nothing. Keep the exact
#            time in the data, or in an extension.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0

cat > relay.js <<'JS'
const {CloudEvent, HTTP, Kafka} = require('cloudevents');
console.log('cloudevents', require('./node_modules/cloudevents/package.json').version);
let changed = false;
const parts = {specversion: '1.0', id: '1', source: '/cameras/door', type: 'seen', datacontenttype: 'application/json'};
const named = (prefix, time) => Object.fromEntries(Object.entries({...parts, time})
    .filter(([name]) => name !== 'datacontenttype').map(([name, value]) => [prefix + name, value]));
const structured = {'content-type': 'application/cloudevents+json'};
for (const [time, cut] of [
    ['2026-01-01T10:00:00.123100Z', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T10:00:00.123900Z', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T18:00:00.5+08:00', '2026-01-01T10:00:00.500Z'],
]) {
    const json = JSON.stringify({...parts, time, data: {}});
    const times = {
        'made here': new CloudEvent({...parts, time, data: {}}).time,
        'made here, as JSON': JSON.parse(HTTP.structured(new CloudEvent({...parts, time, data: {}})).body).time,
        'made here, in a header': HTTP.binary(new CloudEvent({...parts, time, data: {}})).headers['ce-time'],
        'read from JSON': HTTP.toEvent({headers: structured, body: json}).time,
        'read from headers': HTTP.toEvent(
            {headers: {'content-type': 'application/json', ...named('ce-', time)}, body: '{}'}).time,
        'read from Kafka, JSON': Kafka.toEvent({headers: structured, value: json}).time,
        'read from Kafka, headers': Kafka.toEvent(
            {headers: {'content-type': 'application/json', ...named('ce_', time)}, value: '{}'}).time,
    };
    console.log(time, times);
    for (const [where, got] of Object.entries(times)) {
        changed ||= got !== (where === 'made here' ? time : cut);
    }
}
if (changed) {
    console.log('CHANGED');
    process.exit(1);
}
console.log('As described.');
JS
node relay.js
