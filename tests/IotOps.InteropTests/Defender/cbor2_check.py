# Reads every N.cbor beside N.json with cbor2 and json: both must say the same, and cbor2 must write the very bytes again.
import glob
import json
import sys

import cbor2

count = 0
for path in sorted(glob.glob(sys.argv[1] + "/*.cbor")):
    with open(path, "rb") as file:
        raw = file.read()
    value = cbor2.loads(raw)
    with open(path[:-5] + ".json", "rb") as file:
        other = json.load(file)
    if value != other or json.dumps(value) != json.dumps(other):
        sys.exit(f"{path}: {value!r} is not {other!r}")
    if cbor2.dumps(value) != raw:
        sys.exit(f"{path}: {cbor2.dumps(value).hex()} is not {raw.hex()}")
    count += 1
print(count)
