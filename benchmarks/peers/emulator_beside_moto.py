"""
EmulatorHost beside moto_server, one after the other on the same machine, through boto3: time to the first answer, a million log events in calls of
10,000, and resident memory when empty, full, and 90 s after everything was deleted.

    python3 benchmarks/peers/emulator_beside_moto.py artifacts/bin/EmulatorHost/release/EmulatorHost.dll
"""
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

EVENTS, BATCH, OBJECTS = 1_000_000, 10_000, 10_000
STARTS, REST_SECONDS = 5, 90
KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "region_name": "us-east-1"}


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def start(command):
    """(process, port, seconds to the first answer)"""
    port = free_port()
    begin = time.perf_counter()
    process = subprocess.Popen([part.format(port=port) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            pass
        except OSError:
            time.sleep(0.005)
            continue
        return process, port, time.perf_counter() - begin


def resident(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def clients(port):
    config = Config(retries={"total_max_attempts": 1}, read_timeout=600, s3={"addressing_style": "path"})
    return [boto3.client(name, endpoint_url=f"http://127.0.0.1:{port}", config=config, **KEYS) for name in ("logs", "s3")]


def write_events(logs):
    logs.create_log_group(logGroupName="g")
    now = int(time.time() * 1000)
    batch = [{"timestamp": now, "message": f"{i:07d} pump 42 pressure 3.14 bar, temperature 21.5 C, all within limits"} for i in range(BATCH)]
    begin = time.perf_counter()
    for number in range(EVENTS // BATCH):
        if number % 20 == 0:
            logs.create_log_stream(logGroupName="g", logStreamName=f"s{number}")
            stream = f"s{number}"
        logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=batch)
    return time.perf_counter() - begin


def write_objects(s3):
    s3.create_bucket(Bucket="walk")
    for number in range(OBJECTS):
        s3.put_object(Bucket="walk", Key=f"k{number}", Body=b"x" * 1000)


def delete_all(logs, s3):
    logs.delete_log_group(logGroupName="g")
    for first in range(0, OBJECTS, 1000):
        s3.delete_objects(Bucket="walk", Delete={"Objects": [{"Key": f"k{n}"} for n in range(first, first + 1000)], "Quiet": True})
    s3.delete_bucket(Bucket="walk")


def measure(name, command):
    starts = []
    for _ in range(STARTS):
        process, port, seconds = start(command)
        starts.append(seconds)
        process.terminate()
        process.wait()
    process, port, _ = start(command)
    try:
        logs, s3 = clients(port)
        s3.list_buckets()
        logs.describe_log_groups()
        time.sleep(3)
        empty = resident(process)
        seconds = write_events(logs)
        write_objects(s3)
        full = resident(process)
        delete_all(logs, s3)
        time.sleep(REST_SECONDS)
        after = resident(process)
    finally:
        process.terminate()
        process.wait()
    load = os.getloadavg()[0]
    print(f"| {name} | {statistics.median(starts) * 1000:,.0f} ms | {seconds:.1f} s, {EVENTS / seconds:,.0f}/s | {empty:.0f} MB | {full:.0f} MB | {after:.0f} MB, {after / empty:.2f}x | {load:.1f} |", flush=True)


def encode_only():
    """What boto3 itself takes for the same calls, answered by nobody: the floor of any server."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Nothing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            left = int(self.headers["Content-Length"])
            while left > 0:
                left -= len(self.rfile.read(min(left, 1 << 20)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seconds = write_events(clients(server.server_port)[0])
    print(f"| boto3 against a server that does nothing | | {seconds:.1f} s, {EVENTS / seconds:,.0f}/s | | | | {os.getloadavg()[0]:.1f} |", flush=True)


def main():
    print("| server | first answer (median of 5) | 1,000,000 events | empty | full, with 10,000 objects | 90 s after deleting all | load |")
    print("|---|---|---|---|---|---|---|")
    measure("EmulatorHost", ["dotnet", "exec", sys.argv[1], "--port", "{port}"])
    encode_only()
    measure("moto_server", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"])


main()
