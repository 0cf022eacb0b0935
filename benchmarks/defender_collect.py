#!/usr/bin/env python3
"""Times collections with known numbers of loopback connections and interfaces, in turns with a psutil agent. See run-defender.sh."""
import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import time

WARM_UP = 40


class Collector:
    """A process that collects once for each line it is given."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def collect(self):
        self.process.stdin.write("collect\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def connect(count):
    """Loopback connections; both ends are established sockets of this process."""
    kept = []
    if count > 0:
        server = socket.create_server(("127.0.0.1", 0), backlog=1024)
        kept.append(server)
        for _ in range(count):
            kept.append(socket.create_connection(server.getsockname()))
            kept.append(server.accept()[0])
    return kept


def add_interfaces(total):
    """Pairs of virtual interfaces beside the loopback, all up and with addresses."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for pair in range((total - 1) // 2):
        subprocess.run(["ip", "link", "add", f"a{pair}", "type", "veth", "peer", "name", f"b{pair}"], check=True)
        for side, host in (("a", 1), ("b", 2)):
            subprocess.run(["ip", "addr", "add", f"10.{pair}.{host}.1/24", "dev", f"{side}{pair}"], check=True)
            subprocess.run(["ip", "link", "set", f"{side}{pair}", "up"], check=True)


def measure(arguments):
    if arguments.interfaces:
        add_interfaces(arguments.interfaces)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    kept = connect(arguments.connections)
    ours = Collector(["dotnet", arguments.benchmarks, "defender-collect"])
    peer = Collector([arguments.python, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers", "defender_psutil.py")])
    first = ours.collect()
    for _ in range(WARM_UP):
        ours.collect()
    rounds, theirs, until = [], [], time.monotonic() + arguments.seconds
    for number in range(arguments.rounds):
        if number < 2 or time.monotonic() < until:
            theirs.append(peer.collect())
        rounds += [ours.collect(), ours.collect()]
    ours.close()
    peer.close()
    collect, bare = (statistics.median(r[i] for r in rounds) for i in (0, 1))
    ratio = statistics.median(r[0] / r[1] for r in rounds)
    psutil = statistics.median(t[0] for t in theirs)
    interfaces = len(socket.if_nameindex())
    print(f"| {arguments.connections:,} | {interfaces} | {bare:.1f} | {collect:.1f} | {ratio:.2f} | {max(r[2] for r in rounds):,.0f} | {first[0]:.0f} | {psutil:,.0f} | {psutil / collect:,.0f} |", flush=True)
    for each in kept:
        each.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--benchmarks", required=True)
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=40, help="of psutil's rounds a case; two at least")
    parser.add_argument("--connections", type=int)
    parser.add_argument("--interfaces", type=int)
    arguments = parser.parse_args()
    if arguments.connections is not None:
        measure(arguments)
        return
    print("| connections | interfaces | bare read, ms | collection, ms | collection : bare read | allocated, B | first, with the JIT, ms | psutil agent, ms | psutil : ours |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    isolate = ["unshare", "-n"] if subprocess.run(["unshare", "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0 else []
    for connections, interfaces in ((0, 1), (1000, 1), (3000, 1), (1000, 31)):
        if isolate or interfaces == 1:
            own = ["--interfaces", str(interfaces)] if isolate else []
            common = ["--benchmarks", arguments.benchmarks, "--python", arguments.python, "--rounds", str(arguments.rounds), "--seconds", str(arguments.seconds)]
            subprocess.run([*isolate, sys.executable, os.path.abspath(__file__), *common, "--connections", str(connections), *own], check=True)
    print(f"load average {os.getloadavg()}")


main()
