#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""schema.py [--none] SCHEMA FILE... - does each file, or each line of a .jsonl file, fit the schema?

Prints a line for each fault. With --none no document may fit, and those that do are printed.
Exit codes: 0 as it should be, 1 not, 2 a file that cannot be read.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("schema.py: there is no jsonschema here: scripts/setup.sh --what check installs it", file=sys.stderr)
    sys.exit(2)

FAULTS = 20


def documents(path):
    with open(path, encoding="utf-8") as f:
        if not path.endswith(".jsonl"):
            return [(1, json.load(f))]
        return [(n, json.loads(line)) for n, line in enumerate(f, 1)]


def main(words):
    none = words[0] == "--none"
    schema, *paths = words[none:]
    with open(schema, encoding="utf-8") as f:
        rules = json.load(f)
    jsonschema.Draft202012Validator.check_schema(rules)
    validator = jsonschema.Draft202012Validator(rules)
    faults = []
    for path, (n, document) in ((p, d) for p in paths for d in documents(p)):
        errors = [f"{path}:{n}: {'/'.join(map(str, e.path))}: {e.message[:200]}"
                  for e in validator.iter_errors(document)]
        if none:
            errors = [] if errors else [f"{path}:{n}: fits: {json.dumps(document)[:200]}"]
        faults += errors
    print("\n".join(faults[:FAULTS]))
    return 1 if faults else 0


try:
    sys.exit(main(sys.argv[1:]))
except (OSError, ValueError, jsonschema.SchemaError) as e:
    print(f"schema.py: {e}", file=sys.stderr)
    sys.exit(2)
