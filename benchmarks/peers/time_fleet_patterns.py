#!/usr/bin/env python3
"""Event patterns, FleetTool beside a plain Node walk, whole processes in turn: time_fleet_patterns.py FLEETTOOL WORK ROUNDS

WORK has what make_event_rules.py makes. Both must find as many matches.
"""
import json
import os
import shlex
import sys

from time_fleet_trail import rounds_of

HERE = os.path.dirname(os.path.abspath(__file__))
tool, work, rounds = shlex.split(sys.argv[1]), sys.argv[2], int(sys.argv[3])
commands = {}
for number in (100, 10):
    commands[f"plain Node walk, {number} patterns"] = ["node", f"{HERE}/match_patterns.js", f"{work}/rules{number}.jsonl", f"{work}/events.jsonl"]
    commands[f"FleetTool match, {number} patterns"] = [*tool, "match", "--pattern", f"{work}/rules{number}.jsonl", f"{work}/events.jsonl", "--count", "--json"]
results, outputs = rounds_of(commands, rounds)
for number in (100, 10):
    found = {json.loads(output)["total"] for name, output in outputs.items() if name.endswith(f" {number} patterns")}
    assert len(found) == 1, f"{number} patterns: {found}"
events = sum(1 for _ in open(f"{work}/events.jsonl"))
print("| | CPU s | events/s and core | times | peak RSS |\n|---|---:|---:|---:|---:|")
for name, (cpu, memory) in results.items():
    times = cpu / results[f"FleetTool match, {name.split(', ')[1]}"][0]
    print(f"| {name} | {cpu:.3f} | {events / cpu:,.0f} | {times:.2f} | {memory:.0f} MB |")
print(f"\n100 patterns take {results['FleetTool match, 100 patterns'][0] / results['FleetTool match, 10 patterns'][0]:.2f} times as long as 10.")
