#!/usr/bin/env python3
"""A plain evaluator of the four behaviors, to have something to compare with: evaluate_detect.py BODIES

Reads the bodies, holds each report against the behaviors (consecutive datapoints 1), and commits the things' states and the alarms' events to
SQLite in batches of 200, as the worker does: WAL, a sync at each commit. Prints the number of alarms' events.
"""
import base64
import ipaddress
import json
import sqlite3
import sys
import tempfile

import cbor2

NETWORKS = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "192.168.0.0/16")]
PORTS = {22, 443, 8883}


def measure(metrics):
    connections = metrics["tcp_connections"]["established_connections"]
    addresses = {one["remote_addr"].rsplit(":", 1)[0] for one in connections["connections"]}
    yield "ports", {one["port"] for one in metrics["listening_tcp_ports"]["ports"]} <= PORTS
    yield "bytes", metrics["network_stats"]["bytes_out"] < 100000
    yield "peers", all(any(ipaddress.ip_address(one) in network for network in NETWORKS) for one in addresses)
    yield "connections", connections["total"] < 1000


with tempfile.TemporaryDirectory() as directory:
    store = sqlite3.connect(f"{directory}/detect.db", isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE things (thing TEXT PRIMARY KEY, state TEXT)")
    store.execute("CREATE TABLE alarms (id TEXT PRIMARY KEY, json TEXT)")
    events = 0

    def work(batch):
        global events
        store.execute("BEGIN IMMEDIATE")
        for line in batch:
            body = json.loads(line)
            payload = base64.b64decode(body["report"])
            report = json.loads(payload) if payload[:1] == b"{" else cbor2.loads(payload)
            row = store.execute("SELECT state FROM things WHERE thing = ?", (body["thing"],)).fetchone()
            state = json.loads(row[0]) if row else {"last": 0, "alarms": {}}
            if report["header"]["report_id"] <= state["last"]:
                continue
            state["last"] = report["header"]["report_id"]
            for name, normal in measure(report["metrics"]):
                if normal == (name in state["alarms"]):
                    event = "alarm-cleared" if normal else "in-alarm"
                    violation = state["alarms"].pop(name) if normal else f"{body['thing']}/{name}/{state['last']}"
                    if not normal:
                        state["alarms"][name] = violation
                    text = json.dumps({"violationId": violation, "thingName": body["thing"], "violationEventType": event, "behavior": {"name": name}})
                    store.execute("INSERT OR IGNORE INTO alarms VALUES (?, ?)", (f"{violation}:{event}", text))
                    events += 1
            store.execute("INSERT OR REPLACE INTO things VALUES (?, ?)", (body["thing"], json.dumps(state)))
        store.execute("COMMIT")

    batch = []
    for line in open(sys.argv[1], "rb"):
        batch.append(line)
        if len(batch) == 200:
            work(batch)
            batch = []
    if batch:
        work(batch)
    print(events)
