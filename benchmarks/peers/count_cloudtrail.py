#!/usr/bin/env python3
"""Counts the events of a day by service and API, each once, with one of Python's JSON parsers: count_cloudtrail.py DIRECTORY [json|orjson]"""
import glob
import gzip
import importlib
import json
import sys

parser = importlib.import_module(sys.argv[2] if len(sys.argv) > 2 else "json")
seen, counts = set(), {}
for path in sorted(glob.glob(sys.argv[1] + "/*.json.gz")):
    with gzip.open(path) as packed:
        content = packed.read()
    for record in parser.loads(content)["Records"]:
        if record["eventID"] not in seen:
            seen.add(record["eventID"])
            key = record["eventSource"], record["eventName"]
            counts[key] = counts.get(key, 0) + 1
print(json.dumps({"found": len(seen), "events": [
    {"eventSource": source, "eventName": name, "count": count}
    for (source, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]}))
