"""Answers each line on standard input: "report" with what psutil sees now, as one line of JSON; "churn" opens and closes sockets for ever.

With the argument "namespace" it first makes its own network namespace a small machine: the loopback, a pair of interfaces, known sockets.
"""
import json
import os
import socket
import subprocess
import sys

import psutil


def report():
    established, tcp, udp = [], [], []
    for c in psutil.net_connections(kind="inet"):
        if c.type == socket.SOCK_STREAM and c.status == psutil.CONN_ESTABLISHED:
            established.append([c.raddr.ip, c.raddr.port, c.laddr.ip, c.laddr.port])
        elif c.type == socket.SOCK_STREAM and c.status == psutil.CONN_LISTEN:
            tcp.append([c.laddr.ip, c.laddr.port])
        elif c.type == socket.SOCK_DGRAM and not c.raddr:
            udp.append([c.laddr.ip, c.laddr.port])
    return {
        "established": established,
        "tcp": tcp,
        "udp": udp,
        "addresses": [[a.address.split("%")[0], name] for name, all in psutil.net_if_addrs().items() for a in all if a.family in (socket.AF_INET, socket.AF_INET6)],
        "traffic": {name: [c.bytes_recv, c.bytes_sent, c.packets_recv, c.packets_sent] for name, c in psutil.net_io_counters(pernic=True, nowrap=False).items()},
        "memory": psutil.virtual_memory().percent,
        "disk": psutil.disk_usage("/").percent,
    }


def listener(family, address):
    server = socket.socket(family)
    server.bind((address, 0))
    server.listen(64)
    return server


def machine():
    def ip(*arguments):
        subprocess.run(["ip", *arguments], check=True)

    ip("link", "set", "lo", "up")
    ip("link", "add", "up0", "type", "veth", "peer", "name", "down0")
    ip("addr", "add", "10.77.0.1/24", "dev", "up0")
    ip("addr", "add", "fd00:77::1/64", "dev", "up0", "nodad")
    ip("link", "set", "up0", "up")
    ip("link", "set", "down0", "up")
    kept = []
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "10.77.0.1"), (socket.AF_INET6, "fd00:77::1")):
        server = listener(family, address)
        kept.append(server)
        for _ in range(10):
            client = socket.socket(family)
            client.connect(server.getsockname()[:2])
            kept += [client, server.accept()[0]]
        datagram = socket.socket(family, socket.SOCK_DGRAM)
        datagram.bind((address, 0))
        connected = socket.socket(family, socket.SOCK_DGRAM)
        connected.connect(datagram.getsockname()[:2])
        kept += [datagram, connected]
    kept += [listener(socket.AF_INET, "0.0.0.0"), listener(socket.AF_INET6, "::")]
    return kept


def churn():
    server = listener(socket.AF_INET, "127.0.0.1")
    print(server.getsockname()[1], flush=True)
    while True:
        some = []
        for _ in range(20):
            client = socket.create_connection(server.getsockname())
            some += [client, server.accept()[0], listener(socket.AF_INET, "127.0.0.1"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]
            some[-1].bind(("127.0.0.1", 0))
        for each in some:
            # A reset leaves nothing in TIME_WAIT, so that this can go on for long.
            if each.type == socket.SOCK_STREAM:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            each.close()


sockets = machine() if "namespace" in sys.argv else []
print("ready", os.getpid(), flush=True)
for line in sys.stdin:
    if line.strip() == "report":
        print(json.dumps(report()), flush=True)
    elif line.strip() == "traffic":
        # Over the loopback, and all of it is there when this answers.
        a, b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        a.bind(("127.0.0.1", 0))
        for _ in range(100):
            b.sendto(bytes(1000), a.getsockname())
            a.recv(2000)
        a.close()
        b.close()
        print("done", flush=True)
    elif line.strip() == "churn":
        churn()
