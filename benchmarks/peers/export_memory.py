#!/usr/bin/env python3
"""Peak memory of a whole `LogExport generate-ziplog` over very much, its first object coming slowly: export_memory.py GB Benchmarks.dll COMMAND..."""
import json
import os
import subprocess
import sys
import tempfile
import time

OBJECT = 256 << 20
CONFIG = "{ bucket: 'dev-iot-logs', categories: { telemetry: { prefix: 'telemetry/{identifier}/{yyyy}/{MM}/{dd}/' } } }"


def main():
    gigabytes, dll, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    objects = int(gigabytes * (1 << 30)) // OBJECT
    s3 = subprocess.Popen(["dotnet", dll, "null-s3", str(objects), str(OBJECT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    endpoint = f"http://127.0.0.1:{s3.stdout.readline().strip()}"
    with tempfile.TemporaryDirectory() as work:
        config = os.path.join(work, "export.json5")
        with open(config, "w") as file:
            file.write(CONFIG)
        environment = dict(os.environ, AWS_ENDPOINT_URL_S3=endpoint, AWS_REGION="us-east-1", AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret")
        began = time.monotonic()
        export = subprocess.Popen(
            command + ["generate-ziplog", "--identifier", "THING00001", "--category", "telemetry", "--date", "2023/10/01", "--config", config, "--json"],
            env=environment, stdout=subprocess.PIPE, text=True)
        said = export.stdout.read()
        _, status, usage = os.wait4(export.pid, 0)
        took = time.monotonic() - began
    s3.stdin.close()
    s3.wait()
    if status != 0:
        sys.exit(f"the export ended with {os.waitstatus_to_exitcode(status)}")
    result = json.loads(said.strip().splitlines()[-1])
    plain = objects * OBJECT
    print(f"{objects} objects, {plain / 1e9:.2f} GB -> {result['bytes'] / 1e9:.2f} GB, {result['records']} records, {took:.0f} s, "
          f"{usage.ru_utime + usage.ru_stime:.0f} s CPU, peak working set {usage.ru_maxrss / 1e3:.0f} MB")


main()
