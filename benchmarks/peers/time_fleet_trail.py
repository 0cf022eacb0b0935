#!/usr/bin/env python3
"""CloudTrail records and digests, FleetTool beside its peers, whole processes in turn; user + system CPU, the median of the rounds.

FLEETTOOL is a command, in quotes where it has several words.

time_fleet_trail.py FLEETTOOL DAY ROUNDS        a day counted by API: Python's json, orjson where it is there, zcat as the floor
time_fleet_trail.py FLEETTOOL DAY ROUNDS digest its digests validated, beside aws-cli; S3 and CloudTrail are this process
time_fleet_trail.py FLEETTOOL DAY 1 found       what each finds of a trail that was touched, as a table
"""
import importlib.util
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

from signed_trail import ACCOUNT, BUCKET, REGION, SignedTrail, serve, touched

HERE = os.path.dirname(os.path.abspath(__file__))
SINCE, UNTIL = "2026-01-01T00:00:00Z", "2026-01-02T00:30:00Z"


# Forked from this process, which holds a bucket, a command would seem to need the bucket's memory.
MEASURE = """
import json, os, sys
pid = os.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as report:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024], report)
"""


def run(command, environment=None):
    """Exit code, output, errors, CPU seconds and peak memory in MB of a process."""
    with tempfile.NamedTemporaryFile("r") as report:
        done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, report.name, *command], capture_output=True, text=True, env=environment)
        code, cpu, memory = json.load(report)
    return code, done.stdout, done.stderr, cpu, memory


def rounds_of(commands, count, environment=None):
    """The median CPU and the largest memory of each command, the commands in turn."""
    results = {name: [] for name in commands}
    outputs = {}
    for _ in range(count):
        for name, command in commands.items():
            code, output, errors, cpu, memory = run(command, environment)
            assert code == 0, f"{name}: {errors}"
            outputs[name] = output
            results[name].append((cpu, memory))
    return {name: (statistics.median(cpu for cpu, _ in runs), max(memory for _, memory in runs)) for name, runs in results.items()}, outputs


def table(results, megabytes, ours):
    print("| | CPU s | MB/s and core | times | peak RSS |\n|---|---:|---:|---:|---:|")
    for name, (cpu, memory) in results.items():
        print(f"| {name} | {cpu:.2f} | {megabytes / cpu:.0f} | {cpu / results[ours][0]:.2f} | {memory:.0f} MB |")


def count(tool, day, rounds):
    commands = {"Python json": [sys.executable, f"{HERE}/count_cloudtrail.py", day]}
    if importlib.util.find_spec("orjson"):
        commands["Python orjson"] = [sys.executable, f"{HERE}/count_cloudtrail.py", day, "orjson"]
    commands["FleetTool trail --count"] = [*tool, "trail", day, "--count", "--json"]
    commands["zcat alone"] = ["sh", "-c", f"exec zcat '{day}'/*.json.gz >/dev/null"]
    results, outputs = rounds_of(commands, rounds)
    read = json.loads(outputs["FleetTool trail --count"])
    for name in commands:
        if name.startswith("Python"):
            peer = json.loads(outputs[name])
            assert peer["found"] == read["found"] and peer["events"] == read["events"], f"{name} counts something else"
    print(f"{read['files']} files, {read['records']} events, {read['bytes'] / 1e6:.0f} MB of JSON; equal counts")
    table(results, read["bytes"] / 1e6, "FleetTool trail --count")


def validators(tool, server):
    environment = dict(
        os.environ, AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x",
        AWS_DEFAULT_REGION=REGION, AWS_REGION=REGION, AWS_EC2_METADATA_DISABLED="true")
    return environment, {
        "aws-cli": ["aws", "cloudtrail", "validate-logs", "--trail-arn", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/ops",
                    "--start-time", SINCE, "--end-time", UNTIL, "--region", REGION],
        "FleetTool digest": [*tool, "digest", "--bucket", BUCKET, "--region", REGION, "--since", SINCE, "--until", UNTIL, "--json"],
    }


def digest(tool, day, rounds):
    trail = SignedTrail(day)
    server = serve(trail, trail.objects)
    environment, commands = validators(tool, server)
    results, outputs = rounds_of(commands, rounds, environment)
    assert f"{len(trail.logs)}/{len(trail.logs)} log files valid" in outputs["aws-cli"], outputs["aws-cli"]
    report = json.loads(outputs["FleetTool digest"])
    assert report["valid"] and report["logs"] == len(trail.logs) and report["digests"] == 24, report
    print(f"{len(trail.digests)} digests, {len(trail.logs)} log files, {trail.bytes / 1e6:.0f} MB of JSON")
    table(results, trail.bytes / 1e6, "FleetTool digest")


def found(tool, day, _):
    trail = SignedTrail(day)
    log = trail.logs[len(trail.logs) // 2]
    print("| done to the trail | aws-cli | FleetTool digest |\n|---|---|---|")
    for name, changes in touched(trail, log, 10).items():
        objects = {key: body for key, body in {**trail.objects, **changes}.items() if body is not None}
        server = serve(trail, objects)
        environment, commands = validators(tool, server)
        code, output, errors, *_ = run(commands["aws-cli"], environment)
        summary = [line for line in output.splitlines() if "valid" in line and "INVALID" in line]
        cli = "valid" if code == 0 and not summary else "; ".join(summary) or f"exit {code}"
        _, output, errors, *_ = run(commands["FleetTool digest"], environment)
        problems = json.loads(output)["problems"]
        ours = ", ".join(problem["reason"] for problem in problems) or "valid"
        named = all(any(problem["object"] == key for problem in problems) for key in changes) if problems else None
        print(f"| {name} | {cli} | {ours}{'' if named in (True, None) else ' (another object)'} |")
        server.shutdown()


if __name__ == "__main__":
    {"digest": digest, "found": found}.get(sys.argv[4] if len(sys.argv) > 4 else "", count)(shlex.split(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
