#!/usr/bin/env python3
"""Process start to first answer of LogExport as a Lambda function, programs in turns: lambda_start.py ROUNDS PROGRAM..."""
import hashlib
import hmac
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CONFIG = """{ bucket: 'dev-iot-logs', jobQueue: 'slack', jobDefinition: 'export', categories: { command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/' } },
  slack: { authorization: { app: 'A1', workspaces: [{ team: 'T1', grants: [{ users: ['*'], environments: ['*'], categories: ['*'] }] }] } } }"""


def event():
    """A signed command, which writes to S3 twice and submits to AWS Batch once."""
    body = urllib.parse.urlencode({
        "command": "/iot-log", "text": "THING00001 command 2023/10/01", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "api_app_id": "A1",
        "response_url": "https://hooks.slack.com/commands/T1/1/a"})
    at = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return json.dumps({"version": "2.0", "rawPath": "/slack/iot-log", "requestContext": {"http": {"method": "POST"}}, "isBase64Encoded": False, "body": body,
                       "headers": {"x-slack-request-timestamp": at, "x-slack-signature": f"v0={mac}"}}).encode()


class Stage(http.server.BaseHTTPRequestHandler):
    """Lambda's runtime API, an S3 that takes everything and has nothing, and an AWS Batch that takes every job."""
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # one packet an answer
    disable_nagle_algorithm = True
    answered = threading.Event()
    handed_out = False
    answer = b""

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if not self.path.endswith("/invocation/next"):
            self.reply(404)
        elif Stage.handed_out:
            time.sleep(60)  # until the process is killed
        else:
            Stage.handed_out = True
            self.reply(200, event(), [("Lambda-Runtime-Aws-Request-Id", "1"), ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 30000))])

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/submitjob":
            self.reply(200, b'{"jobId":"job-1","jobName":"x"}', [("Content-Type", "application/json")])
        else:
            Stage.answer = body
            Stage.answered.set()
            self.reply(202)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a killed process leaves its connection


def start(program, port, config):
    Stage.answered.clear()
    Stage.handed_out = False
    address = f"127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": address, "AWS_ENDPOINT_URL": f"http://{address}", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "SLACK_SIGNING_SECRET": SECRET, "LOGEXPORT_CONFIG": config}
    began = time.monotonic()
    process = subprocess.Popen([program], env=environment, stderr=subprocess.DEVNULL)
    answered = Stage.answered.wait(60)
    took = time.monotonic() - began
    process.kill()
    _, _, usage = os.wait4(process.pid, 0)
    if not answered or b"Generating log file..." not in Stage.answer:
        sys.exit(f"{program} did not answer: {Stage.answer!r}")
    return took * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1000


def main():
    rounds, programs = int(sys.argv[1]), sys.argv[2:]
    server = Server(("127.0.0.1", 0), Stage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    runs = {program: [] for program in programs}
    with tempfile.NamedTemporaryFile("w", suffix=".json5") as config:
        config.write(CONFIG)
        config.flush()
        for _ in range(rounds):
            for program in programs:
                runs[program].append(start(program, server.server_address[1], config.name))
    for program in programs:
        took, cpu, peak = (statistics.median(values) for values in zip(*runs[program]))
        print(f"{program}: {took:.0f} ms to the first answer (min {min(r[0] for r in runs[program]):.0f}), {cpu:.0f} ms CPU, peak working set {peak:.0f} MB")


main()
