#!/usr/bin/env bash
#
# What:      A JSON Schema pattern that ends in `$`, such as `^[a-z0-9-]+$` for a name.
# Guess:     Every validator refuses "name\n": the specification says that patterns are ECMA-262's, where `$` is the end
#            of the text.
# Behaviour: Python's jsonschema accepts it, since `$` in Python's re also matches before a final line feed; ajv refuses
#            it. So one consumer accepts a name that another rejects, and names with a line feed get into logs, headers
#            and files.
# Matters:   A publisher of schemas has to close the pattern in a way that all engines share. Lookaheads do not compile
#            in some (Go's RE2). `"not": {"pattern": "[^a-z0-9-]"}` beside it works in all of them.
set -euo pipefail

jsonschema=4.26.0
ajv=8.17.1

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python >/dev/null
python/bin/pip install --quiet --disable-pip-version-check "jsonschema==$jsonschema"
npm install --silent --no-audit --no-fund "ajv@$ajv" >/dev/null 2>&1

cat >check.py <<'PY'
import json, sys
from jsonschema import Draft202012Validator
for line in sys.stdin:
    case = json.loads(line)
    print("takes" if Draft202012Validator(case["schema"]).is_valid(case["text"]) else "refuses")
PY
cat >check.js <<'JS'
const Ajv = require("ajv/dist/2020");
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
  const { schema, text } = JSON.parse(line);
  console.log(new Ajv().validate(schema, text) ? "takes" : "refuses");
}
JS
cat >cases.jsonl <<'JSON'
{"schema": {"type": "string", "pattern": "^[a-z0-9-]+$"}, "text": "lobby-1"}
{"schema": {"type": "string", "pattern": "^[a-z0-9-]+$"}, "text": "lobby-1\n"}
{"schema": {"type": "string", "pattern": "^[a-z0-9-]+$", "not": {"pattern": "[^a-z0-9-]"}}, "text": "lobby-1"}
{"schema": {"type": "string", "pattern": "^[a-z0-9-]+$", "not": {"pattern": "[^a-z0-9-]"}}, "text": "lobby-1\n"}
JSON

python=$(python/bin/python check.py <cases.jsonl | paste -s -d ' ')
node=$(node check.js <cases.jsonl | paste -s -d ' ')
echo "versions:  jsonschema $jsonschema on $(python3 --version), ajv $ajv on node $(node --version)"
echo "cases:     name, name with a line feed; the same two with a negated class beside the pattern"
echo "guess:     takes refuses takes refuses (both)"
echo "jsonschema: $python"
echo "ajv:        $node"
[[ $python == "takes takes takes refuses" && $node == "takes refuses takes refuses" ]]
