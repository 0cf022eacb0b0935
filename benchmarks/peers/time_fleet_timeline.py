#!/usr/bin/env python3
"""The error timeline, FleetTool beside plain Python, whole processes in turn: time_fleet_timeline.py FLEETTOOL LOGS MORE_LOGS ROUNDS

Both must count as many errors in each bucket. MORE_LOGS, which are longer, show what memory depends on.
"""
import json
import os
import shlex
import sys

from time_fleet_trail import rounds_of

HERE = os.path.dirname(os.path.abspath(__file__))
tool, logs, more, rounds = shlex.split(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
commands = {
    "plain Python": [sys.executable, f"{HERE}/error_timeline.py", logs],
    "FleetTool timeline": [*tool, "timeline", logs, "--json"],
    "FleetTool timeline, more lines": [*tool, "timeline", more, "--json"],
}
results, outputs = rounds_of(commands, rounds)
ours = [json.loads(line) for line in outputs["FleetTool timeline"].splitlines()]
assert [one["errors"] for one in ours if "bucket" in one] == json.loads(outputs["plain Python"])["buckets"], "the buckets differ"
print("| | lines | CPU s | lines/s and core | times | peak RSS |\n|---|---:|---:|---:|---:|---:|")
for name, (cpu, memory) in results.items():
    lines = sum(1 for _ in open(more if name.endswith("more lines") else logs))
    times = f"{cpu / results['FleetTool timeline'][0]:.2f}" if lines == sum(1 for _ in open(logs)) else ""
    print(f"| {name} | {lines:,} | {cpu:.2f} | {lines / cpu:,.0f} | {times} | {memory:.0f} MB |")
