#!/usr/bin/env bash
# What:      JSON Schema's format "duration" (2020-12), checked by ajv 8.20.0 with ajv-formats 3.0.1, Python's
#            jsonschema 4.26.0 and jsonschema-rs 0.61.2, for the texts that Java's Duration.toString() writes, as
#            Jackson does.
# Guess:     Java writes ISO 8601 and the format is ISO 8601: all of them are valid, or at least valid everywhere.
# Behaviour: the format is the grammar of RFC 3339, appendix A, which has no fraction, no sign, and no seconds straight
#            after hours. So of half a second, of minus five seconds and of an hour and thirty seconds, jsonschema-rs
#            takes none, ajv the last one, and Python all three.
# Matters:   how long somebody was seen passes the producer's check and fails the consumer's, but not for 90 seconds or
#            for two hours, which tests use. Send seconds as a number, or describe the text by a pattern.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0 ajv-formats@3.0.1
python3 -m venv venv
venv/bin/pip install -q "jsonschema[format]==4.26.0" jsonschema-rs==0.61.2

cat > Durations.java <<'JAVA'
import java.time.Duration;

class Durations {
    public static void main(String[] arguments) {
        for (long millis : new long[] {90_000, 7_200_000, 500, -5_000, 3_630_000}) {
            System.out.println(Duration.ofMillis(millis));
        }
    }
}
JAVA
java Durations.java > durations

cat > check.js <<'JS'
const Ajv = require('ajv/dist/2020');
const ajv = new Ajv();
require('ajv-formats')(ajv);
const valid = ajv.compile({type: 'string', format: 'duration'});
for (const duration of require('fs').readFileSync('durations', 'utf8').trim().split('\n')) {
    console.log(duration, valid(duration));
}
JS
node check.js > of-ajv

cat > check.py <<'PY'
import sys
from importlib.metadata import version

import jsonschema
import jsonschema_rs

print("jsonschema", version("jsonschema"), "jsonschema-rs", version("jsonschema-rs"))
schema = {"type": "string", "format": "duration"}
python = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
rust = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
described = {"PT1M30S": (True, True, True), "PT2H": (True, True, True), "PT0.5S": (False, True, False),
             "PT-5S": (False, True, False), "PT1H30S": (True, True, False)}
seen = {}
for line in open("of-ajv"):
    duration, ajv = line.split()
    seen[duration] = ajv == "true", python.is_valid(duration), rust.is_valid(duration)
    print(f"{duration}: ajv {seen[duration][0]}, jsonschema {seen[duration][1]}, jsonschema-rs {seen[duration][2]}")
if seen != described:
    sys.exit("CHANGED")
print("As described.")
PY
for package in ajv ajv-formats; do
    echo "$package $(node -p "require('$package/package.json').version")"
done
venv/bin/python check.py
