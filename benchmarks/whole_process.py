"""Ships a static log file with the device agent and prints a table.

CPU is user + system of the agent's own process, from the kernel's accounting at its end (wait4). The receiver runs
in a process of its own and shares the machine's cores with the agent.
"""

import argparse
import ctypes
import json
import os
import pathlib
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from peers import syslog_ng

LINE_BYTES = 200


AGENTS = [
    "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 Firefox/118.0",
    "aws-sdk-cpp/1.11.178 Linux/5.15.61-v7l armv7l GCC/10.2.1 device-agent/2.4.0",
    "okhttp/4.11.0 fleet-gateway/7.2 (Linux; Android 13; arm64)",
]
PATHS = [
    "/v1/things/thing-%05d/shadow", "/v1/jobs/thing-%05d/next", "/v1/files/%05d.bin", "/health?node=%d", "/v1/telemetry/batch/%d",
]


def write_log(path, lines, seed):
    """An access log in the combined format, 200 bytes a line with its end; the same for the same seed."""
    rng = random.Random(seed)
    with open(path, "w", encoding="ascii", newline="\n") as out:
        for number in range(lines):
            second = number // 50
            text = '10.%d.%d.%d - - [01/Oct/2023:%02d:%02d:%02d +0000] "%s %s HTTP/1.1" %d %d %.3f "%s" trace=%08x' % (
                rng.randrange(4), rng.randrange(16), rng.randrange(256), second // 3600 % 24, second // 60 % 60, second % 60,
                rng.choice(["GET", "GET", "GET", "PUT", "POST"]), rng.choice(PATHS) % rng.randrange(20_000),
                rng.choice([200, 200, 200, 200, 204, 304, 404, 503]), rng.randrange(20_000), rng.random() / 2,
                rng.choice(AGENTS), rng.getrandbits(32))
            out.write(text.ljust(LINE_BYTES - 1)[:LINE_BYTES - 1] + "\n")


class Emulator:
    """EmulatorHost --discard in a process of its own."""

    def __init__(self, dll):
        self.process = subprocess.Popen(
            ["dotnet", dll, "--port", "0", "--discard", "--json"], stdout=subprocess.PIPE, text=True)
        self.environment = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class FirstRead:
    """The moment at which anybody first reads from a file (inotify IN_ACCESS)."""

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(0)
        if libc.inotify_add_watch(self.fd, os.fsencode(path), 0x1) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch", path)

    def wait(self, timeout=10):
        ready, _, _ = select.select([self.fd], [], [], timeout)
        now = time.monotonic()
        os.close(self.fd)
        return now if ready else None


def agent_config(directory, files, flush="5s"):
    entries = ", ".join("{ path: '%s', group: 'bench', stream: '{file}' }" % f for f in files)
    config = directory / "agent.json5"
    config.write_text("{ state: 'state', trace: { path: 'agent.log' }, logs: { flush: '%s', files: [ %s ] } }" % (flush, entries))
    shutil.rmtree(directory / "state", ignore_errors=True)
    return config


def measured(command, environment, first_read=None):
    """Runs a command to its end: seconds, CPU seconds, peak bytes, seconds to the first read, exit code, output."""
    read_fd, write_fd = os.pipe()
    started = time.monotonic()
    pid = os.posix_spawn(command[0], command, environment, file_actions=[
        (os.POSIX_SPAWN_DUP2, write_fd, 1), (os.POSIX_SPAWN_CLOSE, read_fd), (os.POSIX_SPAWN_CLOSE, write_fd)])
    os.close(write_fd)
    first = first_read.wait() if first_read else None
    with os.fdopen(read_fd) as output:
        printed = output.read()
    _, status, usage = os.wait4(pid, 0)
    return {
        "seconds": time.monotonic() - started,
        "cpu": usage.ru_utime + usage.ru_stime,
        "user": usage.ru_utime,
        "peak": usage.ru_maxrss * 1024,
        "first": first - started if first else None,
        "exit": os.waitstatus_to_exitcode(status),
        "output": printed,
    }


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_of(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def ship(agent, emulator, directory, files, lines, quiet=1.0):
    config = agent_config(directory, files)
    environment = {**os.environ, **emulator.environment}
    result = measured(
        [agent, "run", "--config", str(config), "--until-idle", f"{int(quiet * 1000)}ms", "--json"],
        environment, FirstRead(files[0]))
    if result["exit"] != 0:
        sys.exit(f"the agent ended with exit code {result['exit']}: {(directory / 'agent.log').read_text()[-2000:]}")
    counters = json.loads(result["output"])
    if counters["eventsAccepted"] != lines:
        sys.exit(f"{counters['eventsAccepted']} of {lines} lines were accepted")

    # The quiet second at the end is waiting, not work.
    result["busy"] = result["seconds"] - quiet
    result["requests"] = counters["batches"]
    return result


def idle(agent, emulator, directory, file, seconds):
    config = agent_config(directory, [file])
    environment = {**os.environ, **emulator.environment}
    process = subprocess.Popen([agent, "run", "--config", str(config)], env=environment)
    time.sleep(8)
    before = cpu_of(process.pid)
    time.sleep(seconds)
    used = cpu_of(process.pid) - before
    resident = resident_of(process.pid)
    process.send_signal(signal.SIGTERM)
    code = process.wait()
    if code != 0:
        sys.exit(f"the idle agent ended with exit code {code}")
    return 100 * used / seconds, resident


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--agent", required=True)
    parser.add_argument("--emulator", required=True)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--files", default="1,4", help="how many files and streams the lines are spread over, one run each")
    parser.add_argument("--idle", type=int, default=60, help="seconds of the idle measurement; 0 leaves it out")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind; the median by CPU is shown")
    options = parser.parse_args()
    options.agent = os.path.abspath(options.agent)

    emulator = Emulator(options.emulator)
    try:
        with tempfile.TemporaryDirectory(prefix="iotops-bench-") as name:
            run_all(options, emulator, pathlib.Path(name))
    finally:
        emulator.stop()


def run_all(options, emulator, directory):
    print(f"{options.lines:,} lines of {LINE_BYTES} B; {os.cpu_count()} cores shared with the receiver; "
          f"median of {options.repeat}; agent {os.path.getsize(options.agent) / 1e6:.1f} MB on disk\n")
    print("| agent | files | CPU us/line | user us/line | lines/s | peak RSS MB | requests | first byte ms |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for count in [int(c) for c in options.files.split(",")]:
        files = [str(directory / f"app-{count}-{i}.log") for i in range(count)]
        for i, file in enumerate(files):
            write_log(file, options.lines // count, seed=i)
        lines = options.lines // count * count
        ours, peers = [], []
        for _ in range(options.repeat):
            # In turns: what else the machine does meets both alike.
            ours.append(ship(options.agent, emulator, directory, files, lines))
            if syslog_ng.available():
                peers.append(syslog_ng.ship(directory, files, lines))
        row("DeviceAgent (gzip, signed)", count, lines, median(ours))
        if peers:
            row(f"syslog-ng {syslog_ng.version()} (plain, unsigned)", count, lines, median(peers))
            ratios = sorted(a["cpu"] / b["cpu"] for a, b in zip(ours, peers))
            print(f"| ratio of CPU, run by run | {count} | {ratios[len(ratios) // 2]:.2f} | | | | | |", flush=True)
        for file in files:
            os.unlink(file)

    if options.idle:
        quiet = directory / "quiet.log"
        quiet.write_text("one line\n")
        percent, resident = idle(options.agent, emulator, directory, str(quiet), options.idle)
        print(f"\nIdle for {options.idle} s with one file: {percent:.3f} % of one core, {resident / 1e6:.1f} MB resident.")


def median(runs):
    return sorted(runs, key=lambda run: run["cpu"])[len(runs) // 2]


def row(name, files, lines, result):
    first = f"{result['first'] * 1000:.1f}" if result.get("first") else ""
    print(f"| {name} | {files} | {result['cpu'] * 1e6 / lines:.2f} | {result['user'] * 1e6 / lines:.2f} "
          f"| {lines / result['busy']:,.0f} | {result['peak'] / 1e6:.1f} | {result['requests']} | {first} |", flush=True)


if __name__ == "__main__":
    main()
