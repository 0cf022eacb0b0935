"""Collects with psutil what a Device Defender agent in Python does, once for each line of standard input; prints milliseconds and connections.

The work is that of AWS's own sample agent: a list of sockets for each block, and the interfaces' addresses asked again for each socket.
"""
import socket
import sys
import time

import psutil


def interface_of(address):
    if address in ("0.0.0.0", "::"):
        return address
    for name, addresses in psutil.net_if_addrs().items():
        for each in addresses:
            if each.address == address:
                return name
    return None


def collect():
    traffic = psutil.net_io_counters(pernic=False)
    tcp, udp, connections = [], [], []
    for c in psutil.net_connections(kind="inet"):
        if c.type == socket.SOCK_STREAM and c.status == psutil.CONN_LISTEN:
            tcp.append({"port": c.laddr.port, "interface": interface_of(c.laddr.ip)})
        elif c.type == socket.SOCK_DGRAM:
            udp.append({"port": c.laddr.port, "interface": interface_of(c.laddr.ip)})
    for c in psutil.net_connections(kind="tcp"):
        if c.status == psutil.CONN_ESTABLISHED:
            connections.append({
                "remote_addr": f"{c.raddr.ip}:{c.raddr.port}",
                "local_interface": interface_of(c.laddr.ip),
                "local_port": c.laddr.port,
            })
    return traffic, tcp, udp, connections


for _ in sys.stdin:
    begin = time.perf_counter()
    found = collect()
    print(f"{(time.perf_counter() - begin) * 1000:.3f} {len(found[3])}", flush=True)
