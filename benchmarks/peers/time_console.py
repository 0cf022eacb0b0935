"""FleetConsole over SQLite, one process, from files: start, ingest, pages while 1,000 events a second arrive, memory; and roll-ups beside lines alone.

Usage: time_console.py FLEETCONSOLE.dll WORK [EVENTS [SECONDS]]
"""
import http.client
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

TYPES = ["Publish-In", "Connect", "RuleExecution", "UpdateThingShadow", "Subscribe", "Disconnect"]


def line(at, i):
    kind = i % 40
    thing = f"THING{i * 7919 % 1000:05d}"
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}"
    return (f'{{"timestamp":"{stamp}","logLevel":"ERROR","traceId":"{i:08x}-0000-4000-8000-{i:012x}","accountId":"123456789012","status":"Failure",'
            f'"eventType":"{TYPES[kind % 6]}","protocol":"MQTT","topicName":"telemetry/{thing}/battery","clientId":"{thing}",'
            f'"principalId":"{i * 7919 % 1000:064x}","sourceIp":"203.0.113.{i % 250}","reason":"REASON_{kind}","details":"kind {kind} failed after {i % 977} ms at {thing}"}}\n')


def feed(db):
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=30) as c:
        return c.execute("SELECT COALESCE(SUM(events), 0), COALESCE(MAX(newest), 0) FROM feeds").fetchone()


def start(dll, work, data, folder):
    begin = time.monotonic()
    process = subprocess.Popen(["dotnet", dll, "--listen", "http://127.0.0.1:0", "--data", data, "--from", folder, "--json"],
                               stdout=subprocess.PIPE, stderr=open(os.path.join(work, "console.log"), "ab"), text=True)
    port = int(json.loads(process.stdout.readline())["address"].rsplit(":", 1)[1])
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    c.request("GET", "/")
    status = c.getresponse().status
    return process, port, time.monotonic() - begin, status


def peak(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(row.split()[1]) for row in f if row.startswith("VmHWM")) / 1024


def cpu(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    dll, work = sys.argv[1], sys.argv[2]
    events = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 30
    folder, data = os.path.join(work, "logs"), os.path.join(work, "data")
    os.makedirs(folder)
    os.makedirs(os.path.join(work, "none"))
    starts = []
    for i in range(5):
        process, _, took, status = start(dll, work, os.path.join(work, f"start{i}"), os.path.join(work, "none"))
        starts.append(took)
        process.terminate()
        process.wait()
    print(f"start to the first answer ({status}), empty store: median {statistics.median(starts):.2f} s, {min(starts):.2f} to {max(starts):.2f} s")

    now = time.time()
    with open(os.path.join(folder, "past.jsonl"), "w") as f:
        for i in range(events):
            f.write(line(now - 86_400 + i * 86_300 / events, i))

    process, port, _, _ = start(dll, work, data, folder)
    db = os.path.join(data, "console.db")
    begin, used = time.monotonic(), cpu(process.pid)
    while feed(db)[0] < events:
        time.sleep(0.2)
    took, used = time.monotonic() - begin, cpu(process.pid) - used
    print(f"ingest from a file: {events} events in {took:.1f} s, {events / took:,.0f} a second, {events / used:,.0f} a second of processor time; {os.path.getsize(db) / 1e6:.0f} MB file; peak {peak(process.pid):.0f} MB")

    stop = threading.Event()
    behind = []

    def write():
        i = events
        with open(os.path.join(folder, "live.jsonl"), "a", buffering=1 << 16) as f:
            while not stop.is_set():
                at = time.time()
                for k in range(100):
                    f.write(line(at + k / 1000, i))
                    i += 1
                f.flush()
                time.sleep(max(0, 0.1 - (time.time() - at)))

    def watch():
        while not stop.is_set():
            behind.append(time.time() - feed(db)[1] / 1000)
            time.sleep(0.5)

    page = f"http://127.0.0.1:{port}/"
    http_first = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    http_first.request("GET", "/")
    body = http_first.getresponse().read().decode()
    print(f"first page: {len(body)} bytes at {page}")
    stamp = lambda t: time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(t))
    urls = []
    for hours in (1, 3, 6, 12, 24):
        for extra in ("", "&type=Connect", "&compare=hour", "&compare=week"):
            end = now - random.Random(len(urls)).randint(0, 4) * 900
            urls.append(f"/?from={stamp(end - hours * 3600)}&to={stamp(end)}{extra}")

    local = threading.local()

    def ask(url, due):
        time.sleep(max(0, due - time.monotonic()))
        begin = time.monotonic()
        if not hasattr(local, "c"):
            local.c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        local.c.request("GET", url)
        r = local.c.getresponse()
        r.read()
        return r.status, time.monotonic() - begin

    threads = [threading.Thread(target=write), threading.Thread(target=watch)]
    for t in threads:
        t.start()
    time.sleep(3)
    with ThreadPoolExecutor(16) as pool:
        for phase, length in (("warm-up", 10), ("measured", seconds)):
            used = cpu(process.pid)
            first = time.monotonic() + 0.2
            answers = list(pool.map(lambda n: ask(urls[n % len(urls)], first + n / 50), range(50 * length)))
    stop.set()
    for t in threads:
        t.join()
    times = sorted(t for s, t in answers if s == 200)
    bad = sorted({s for s, _ in answers if s != 200})
    if times:
        q = lambda p: 1000 * times[min(len(times) - 1, int(p * len(times)))]
        print(f"pages: {len(times)} of {len(answers)} answered 200 (others: {bad}), 50 a second over {len(urls)} ranges and filters: p50 {q(.5):.0f} ms, p95 {q(.95):.0f} ms, p99 {q(.99):.0f} ms; {1000 * (cpu(process.pid) - used) / len(answers):.1f} ms of processor time a page, feeds included")
    late = behind[6:] or behind
    print(f"newest event in the store behind the clock: median {statistics.median(late):.1f} s, worst {max(late):.1f} s; events {feed(db)[0]}; peak {peak(process.pid):.0f} MB")
    process.terminate()
    process.wait()

    c = sqlite3.connect(db)
    since, until = int((now - 86_400) * 1000), int(now * 1000)
    with_rollups, without = [], []
    for _ in range(5):
        b = time.monotonic()
        c.execute("SELECT start, type, errors FROM type_counts WHERE size = 5 AND segment = 0 AND start >= ? AND start < ?", (since, until)).fetchall()
        with_rollups.append(time.monotonic() - b)
        b = time.monotonic()
        c.execute("SELECT l.time / 300000, t.type, COUNT(*) FROM lines l INDEXED BY lines_template JOIN templates t ON t.id = l.template WHERE l.template = t.id AND l.time >= ? AND l.time < ? GROUP BY 1, 2", (since, until)).fetchall()
        without.append(time.monotonic() - b)
    a, b = statistics.median(with_rollups), statistics.median(without)
    print(f"a day by 5 minutes and type: {1000 * a:.1f} ms from roll-ups, {1000 * b:.0f} ms from the covering index of lines: {b / a:.0f} times")


main()
