"""syslog-ng ships the same files, as JSON batches of PutLogEvents' size, to a sink that takes everything.

It neither signs nor compresses (3.38 cannot), so it does less than the agent for each line. Needs syslog-ng-core and
syslog-ng-mod-http.
"""

import os
import shutil
import socketserver
import subprocess
import threading
import time


class Sink(socketserver.ThreadingTCPServer):
    """Reads requests, answers 200 to each, and counts the events in them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), SinkConnection)
        self.events = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class SinkConnection(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                elif line.lower().startswith(b"expect:"):
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = self.rfile.read(length)
            self.server.events += body.count(b'"message":')
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def available():
    return shutil.which("syslog-ng") is not None


def version():
    return subprocess.run(["syslog-ng", "--version"], capture_output=True, text=True).stdout.split("(")[1].split(")")[0]


def ship(directory, files, lines):
    """Runs syslog-ng until the sink has every line; the same figures as for the agent."""
    sink = Sink()
    sources = " ".join(f'file("{f}" flags(no-parse) follow-freq(1) log-iw-size(100000) log-fetch-limit(1000));' for f in files)
    config = directory / "syslog-ng.conf"
    config.write_text(f"""@version: 3.38
options {{ stats-freq(0); threaded(yes); log-msg-size(262144); }};
source s {{ {sources} }};
destination d {{ http(url("http://127.0.0.1:{sink.server_address[1]}/") method("POST")
  headers("Content-Type: application/x-amz-json-1.1")
  body-prefix('{{"logGroupName":"bench","logStreamName":"app","logEvents":[') delimiter(",") body-suffix("]}}")
  body('$(format-json timestamp=int64($R_UNIXTIME) message=$MSG)')
  batch-lines(10000) batch-bytes(1000000) batch-timeout(1000) log-fifo-size(200000)); }};
log {{ source(s); destination(d); flags(flow-control); }};
""")
    for name in ("persist", "ctl", "pid"):
        (directory / name).unlink(missing_ok=True)
    started = time.monotonic()
    pid = os.posix_spawnp("syslog-ng", [
        "syslog-ng", "-F", "-f", str(config), "-R", str(directory / "persist"), "-c", str(directory / "ctl"),
        "-p", str(directory / "pid"), "--no-caps"], os.environ)
    while sink.events < lines:
        time.sleep(0.01)
    busy = time.monotonic() - started
    os.kill(pid, 15)
    _, _, usage = os.wait4(pid, 0)
    sink.shutdown()
    sink.server_close()
    return {"busy": busy, "cpu": usage.ru_utime + usage.ru_stime, "user": usage.ru_utime, "peak": usage.ru_maxrss * 1024, "requests": ""}
