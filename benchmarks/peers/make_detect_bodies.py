#!/usr/bin/env python3
"""Bodies of SQS messages as the reports' rule makes them, one a line: make_detect_bodies.py FILE THINGS REPORTS

Each report has 100 established connections, listening ports and traffic; things take turns, half of them report in CBOR, half in JSON.
"""
import base64
import json
import random
import sys

import cbor2

path, things, reports = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(20261201)
networks = ["10.1.2", "10.9.8", "192.168.7", "203.0.113"]
peers = [[f"{random.choice(networks[:3])}.{random.randrange(1, 255)}:{random.randrange(1024, 65536)}" for _ in range(100)] for _ in range(things)]
with open(path, "w", encoding="ascii") as out:
    for number in range(reports):
        for thing in range(things):
            connections = list(peers[thing])
            if random.random() < 0.02:
                connections[random.randrange(100)] = f"203.0.113.{random.randrange(1, 255)}:443"
            ports = [22, 443, 8883] + ([31337] if random.random() < 0.02 else [])
            report = {
                "header": {"report_id": 1750000000 + 300 * number, "version": "1.0"},
                "metrics": {
                    "network_stats": {
                        "bytes_in": random.randrange(100000), "bytes_out": random.randrange(102000),
                        "packets_in": random.randrange(1000), "packets_out": random.randrange(1000),
                    },
                    "tcp_connections": {"established_connections": {
                        "connections": [{"remote_addr": one, "local_interface": "eth0", "local_port": 1024 + i} for i, one in enumerate(connections)],
                        "total": 100,
                    }},
                    "listening_tcp_ports": {"ports": [{"port": port, "interface": "eth0"} for port in ports], "total": len(ports)},
                },
            }
            payload = cbor2.dumps(report) if thing % 2 else json.dumps(report, separators=(",", ":")).encode()
            body = {"report": base64.b64encode(payload).decode(), "thing": f"thing-{thing}", "time": 1000 * (1750000000 + 300 * number)}
            out.write(json.dumps(body, separators=(",", ":")) + "\n")
