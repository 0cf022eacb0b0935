#!/usr/bin/env python3
"""Detection, the worker beside plain Python, whole processes in turn: time_detect.py BODIES ROUNDS PYTHON WORKER. Both must find as many alarms."""
import os
import sys

from time_fleet_trail import rounds_of

HERE = os.path.dirname(os.path.abspath(__file__))
bodies, rounds, python, worker = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
commands = {
    "plain Python": [python, f"{HERE}/evaluate_detect.py", bodies],
    "DetectWorker": [worker, "file", bodies, "1000"],
}
results, outputs = rounds_of(commands, rounds)
assert outputs["plain Python"] == outputs["DetectWorker"], outputs
count = sum(1 for _ in open(bodies, encoding="ascii"))
print("| | bodies | CPU s | bodies/s and core | times | peak RSS |\n|---|---:|---:|---:|---:|---:|")
for name, (cpu, memory) in results.items():
    print(f"| {name} | {count:,} | {cpu:.2f} | {count / cpu:,.0f} | {results['plain Python'][0] / cpu:.1f} | {memory:.0f} MB |")
