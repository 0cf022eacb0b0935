#!/usr/bin/env python3
"""Detect's rules in plain Python, written from AWS's guide and from src/IotOps.Detect/README.md, not from our code.

A case a line comes in: {"thing", "began", "end", "profiles": [{"from", "profile"}], "messages": [BODY...], "logs": bool, "fleet": {METRIC: [VALUES]}}.
The messages are bodies of the queue as the IoT rules put them there, in any order, some of them twice. A line goes out for each: the alarms as
[[type, behavior, time in ms, value]...]. All times are milliseconds since 1970.
"""

import base64
import ipaddress
import json
import math
import struct
import sys

BUCKET = 300_000
PATIENCE = 60_000

COUNTED = {
    "aws:num-messages-sent": "sent",
    "aws:num-messages-received": "received",
    "aws:num-authorization-failures": "failures",
    "aws:num-connection-attempts": "attempts",
    "aws:num-disconnects": "disconnects",
}
CLOUD = set(COUNTED) | {"aws:message-byte-size", "aws:disconnect-duration", "aws:source-ip-address"}


# --- CBOR (RFC 8949), as far as reports use it -------------------------------------------------------------------------------------------

def cbor(data):
    value, at = _item(data, 0)
    assert at == len(data), "trailing bytes"
    return value


def _item(data, at):
    head = data[at]
    major, info = head >> 5, head & 31
    at += 1
    if info < 24:
        number = info
    elif info < 28:
        size = 1 << (info - 24)
        number = int.from_bytes(data[at:at + size], "big")
        raw = data[at:at + size]
        at += size
    else:
        raise ValueError("indefinite lengths are not written by our devices")
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major == 3:
        return data[at:at + number].decode(), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = _item(data, at)
            items.append(item)
        return items, at
    if major == 5:
        entries = {}
        for _ in range(number):
            key, at = _item(data, at)
            entries[key], at = _item(data, at)
        return entries, at
    if major == 7 and info in (25, 26, 27):
        return struct.unpack({25: ">e", 26: ">f", 27: ">d"}[info], raw)[0], at
    raise ValueError(f"major type {major}")


# --- reports ------------------------------------------------------------------------------------------------------------------------------

def pick(table, *names):
    for name in names:
        if table is not None and name in table:
            return table[name]
    return None


def measure(report, metric):
    """What the report says of a device-side or custom metric; None when it leaves it out. A number, or (kind, items)."""
    metrics = pick(report, "metrics", "met")
    network = pick(metrics, "network_stats", "ns")
    tcp = pick(metrics, "listening_tcp_ports", "tp")
    udp = pick(metrics, "listening_udp_ports", "up")
    established = pick(pick(metrics, "tcp_connections", "tc"), "established_connections", "ec")
    traffic = {
        "aws:all-bytes-in": ("bytes_in", "bi"),
        "aws:all-bytes-out": ("bytes_out", "bo"),
        "aws:all-packets-in": ("packets_in", "pi"),
        "aws:all-packets-out": ("packets_out", "po"),
    }
    if metric in traffic:
        return None if network is None else pick(network, *traffic[metric]) or 0
    if metric == "aws:num-established-tcp-connections":
        return total(established, "connections", "cs")
    if metric == "aws:num-listening-tcp-ports":
        return total(tcp, "ports", "pts")
    if metric == "aws:num-listening-udp-ports":
        return total(udp, "ports", "pts")
    if metric in ("aws:listening-tcp-ports", "aws:listening-udp-ports"):
        block = tcp if metric == "aws:listening-tcp-ports" else udp
        return None if block is None else ("ports", sorted({pick(entry, "port", "pt") for entry in pick(block, "ports", "pts") or []}))
    if metric == "aws:destination-ip-addresses":
        if established is None:
            return None
        return ("cidrs", [address(pick(entry, "remote_addr", "rad")) for entry in pick(established, "connections", "cs") or []])
    custom = pick(pick(report, "custom_metrics", "cmet"), metric)
    if custom is None:
        return None
    (kind, value), = custom[0].items()
    return value if kind == "number" else ({"number_list": "numbers", "string_list": "strings", "ip_list": "cidrs"}[kind], value)


def total(block, *names):
    if block is None:
        return None
    stated = pick(block, "total", "t")
    return len(pick(block, *names) or []) if stated is None else stated


def address(endpoint):
    return endpoint.rsplit(":", 1)[0].strip("[]")


# --- criteria -----------------------------------------------------------------------------------------------------------------------------

def rounded(value):
    """Percentiles rank values rounded to eight significant bits."""
    if value == 0:
        return 0.0
    bits = struct.unpack(">q", struct.pack(">d", abs(value)))[0]
    bits = (bits + (1 << 44)) >> 45 << 45
    return math.copysign(struct.unpack(">d", struct.pack(">q", bits))[0], value)


def percentile(values, statistic):
    ranked = sorted(rounded(value) for value in values)
    rank = math.ceil(float(statistic[1:]) / 100 * len(ranked))
    return ranked[min(max(rank, 1), len(ranked)) - 1]


def limit(value):
    return value["count"] if "count" in value else value["number"]


def fits(criteria, value):
    operator = criteria["comparisonOperator"]
    if operator.startswith(("less", "greater")):
        return not isinstance(value, tuple)
    if not isinstance(value, tuple):
        return False
    wanted = criteria["value"]
    kind = value[0]
    if "cidrs" in wanted:
        return kind == "cidrs"
    if "strings" in wanted:
        return kind == "strings"
    return kind in ("ports", "numbers")


def normal(criteria, value, threshold):
    operator = criteria["comparisonOperator"]
    if operator == "less-than":
        return value < threshold
    if operator == "less-than-equals":
        return value <= threshold
    if operator == "greater-than":
        return value > threshold
    if operator == "greater-than-equals":
        return value >= threshold
    wanted = criteria["value"]
    if "cidrs" in wanted:
        networks = [ipaddress.ip_network(cidr, strict=False) for cidr in wanted["cidrs"]]

        def inside(item):
            one = ipaddress.ip_address(item)
            return any(one in network for network in networks if network.version == one.version)
    else:
        allowed = wanted.get("ports") or wanted.get("numbers") or wanted.get("strings") or []

        def inside(item):
            return item in allowed
    if operator.startswith("not-in"):
        return not any(inside(item) for item in value[1])
    return all(inside(item) for item in value[1])


class Monitor:
    """How the thing stands with one behavior."""

    def __init__(self, behavior, since, fleet):
        self.behavior = behavior
        self.criteria = behavior["criteria"]
        self.since = since
        self.in_alarm = False
        self.streak = 0
        self.elapsed = None
        self.sum = 0
        self.cloud_sum = None
        metric = behavior["metric"]
        statistic = self.criteria.get("statisticalThreshold")
        self.duration = self.criteria.get("durationSeconds", 0) * 1000
        self.threshold = None
        self.can_judge = True
        if statistic:
            values = fleet.get(behavior["name"], [])
            self.can_judge = len(values) >= 100
            self.threshold = percentile(values, statistic["statistic"]) if self.can_judge else None
        elif "count" in self.criteria["value"] or "number" in self.criteria["value"]:
            self.threshold = limit(self.criteria["value"])
        self.metric = metric

    def gather(self, value, since_last):
        """Measurements of reports become datapoints: of windows that follow each other, bytes and packets add up."""
        if self.duration == 0 or isinstance(value, tuple):
            return value
        if since_last is None or self.elapsed is None:
            self.elapsed = 0 if self.elapsed is None else self.elapsed
            return None
        self.elapsed += since_last
        self.sum += value
        if self.elapsed + since_last / 2 < self.duration:
            return None
        datapoint = self.sum if self.metric in ("aws:all-bytes-in", "aws:all-bytes-out", "aws:all-packets-in", "aws:all-packets-out") else value
        self.elapsed, self.sum = 0, 0
        return datapoint

    def judge(self, value, time, alarms):
        if not self.can_judge:
            return
        violation = not normal(self.criteria, value, self.threshold)
        if violation == self.in_alarm:
            self.streak = 0
            return
        self.streak += 1
        needed = self.criteria.get("consecutiveDatapointsToClear" if self.in_alarm else "consecutiveDatapointsToAlarm", 1)
        if self.streak < needed:
            return
        self.streak = 0
        self.in_alarm = not self.in_alarm
        if not self.behavior.get("suppressAlerts"):
            alarms.append(["in-alarm" if self.in_alarm else "alarm-cleared", self.behavior["name"], time, shown(value)])


def shown(value):
    return sorted({str(item) for item in value[1]}) if isinstance(value, tuple) else value


# --- a case -------------------------------------------------------------------------------------------------------------------------------

class Case:
    def __init__(self, case):
        self.case = case
        self.alarms = []
        self.monitors = []
        self.reports = {}
        self.buckets = {}
        self.changes = []
        self.connection = None
        seen = set()
        for body in case["messages"]:
            self.read(body, seen)

    def read(self, body, seen):
        if "report" in body:
            report = body["report"]
            if isinstance(report, str):
                data = base64.b64decode(report)
                report = json.loads(data) if data.lstrip()[:1] == b"{" else cbor(data)
            header = pick(report, "header", "hed")
            self.reports.setdefault(pick(header, "report_id", "rid"), (body["time"], report))
            return
        time = body["time"] if "time" in body else body["timestamp"]
        key = json.dumps(body, sort_keys=True)
        if key in seen:
            return
        seen.add(key)
        if isinstance(time, str):
            time = body["_ms"]
        bucket = self.buckets.setdefault(time // BUCKET, {"sent": 0, "received": 0, "failures": 0, "attempts": 0, "disconnects": 0, "sizes": [], "from": []})
        if "sender" in body or "receiver" in body:
            length = (body["base64"] if body["padding"] < 0 else body["padding"]) * 3 // 4
            if "sender" in body:
                bucket["sent"] += 1
                bucket["sizes"].append(length)
            else:
                bucket["received"] += 1
            return
        kind = body["eventType"]
        if kind in ("connected", "disconnected", "connect_failed"):
            bucket["attempts"] += kind != "disconnected"
            bucket["disconnects"] += kind == "disconnected"
            if not self.case["logs"]:
                bucket["failures"] += body.get("connectFailureReason") == "AUTHORIZATION_FAILED" or body.get("disconnectReason") in ("AUTH_ERROR", "FORBIDDEN_ACCESS")
            if kind != "disconnected" and "ipAddress" in body:
                bucket["from"].append(body["ipAddress"])
            if kind != "connect_failed":
                self.changes.append((body["versionNumber"], kind == "disconnected", time))
            return
        bucket["failures"] += body.get("status") == "Failure" and body.get("reason") == "AUTHORIZATION_FAILURE"
        if "sourceIp" in body:
            bucket["from"].append(body["sourceIp"])

    def run(self):
        """Everything in the order of time: profiles that come, reports that are judged, five minutes that are over for a minute."""
        steps = [(entry["from"], 0, "profile", entry["profile"]) for entry in self.case["profiles"][1:]]
        self.attach(self.case["profiles"][0]["profile"], self.case["began"])
        steps += [(self.reports[report][0], 1, "report", report) for report in sorted(self.reports)]
        first = (self.case["began"] - PATIENCE) // BUCKET
        last = (self.case["end"] - PATIENCE) // BUCKET
        steps += [((index + 1) * BUCKET + PATIENCE, 2, "bucket", index) for index in range(first, last)]
        before = None
        for time, _, kind, what in sorted(steps, key=lambda step: (step[0], step[1])):
            if kind == "profile":
                self.attach(what, time)
            elif kind == "report":
                self.report(what, before)
                before = what
            else:
                self.close(what)
        return sorted(self.alarms, key=lambda alarm: (alarm[2], alarm[1], alarm[0]))

    def attach(self, profile, time):
        """A behavior that is the same stays as it is; the alarm of one that is gone or changed is invalid."""
        before = {json.dumps(monitor.behavior, sort_keys=True): monitor for monitor in self.monitors}
        self.monitors = []
        for behavior in profile["behaviors"]:
            monitor = before.pop(json.dumps(behavior, sort_keys=True), None)
            self.monitors.append(monitor or Monitor(behavior, time, self.case["fleet"]))
        for monitor in before.values():
            if monitor.in_alarm and not monitor.behavior.get("suppressAlerts"):
                self.alarms.append(["alarm-invalidated", monitor.behavior["name"], time, None])

    def report(self, number, before):
        time, report = self.reports[number]
        since_last = None if before is None else max(0, time - self.reports[before][0])
        for monitor in self.monitors:
            if monitor.metric in CLOUD:
                continue
            value = measure(report, monitor.metric)
            if value is None:
                # Time passes for a window although the report says nothing of the metric.
                if monitor.elapsed is not None and since_last is not None:
                    monitor.elapsed += since_last
                continue
            if not fits(monitor.criteria, value):
                continue
            datapoint = monitor.gather(value, since_last)
            if datapoint is not None:
                monitor.judge(datapoint, time, self.alarms)

    def close(self, index):
        end = (index + 1) * BUCKET
        bucket = self.buckets.get(index)
        for version, gone, time in sorted(change for change in self.changes if change[2] // BUCKET == index):
            if self.connection is None or version > self.connection[0] or (version == self.connection[0] and gone and not self.connection[1]):
                self.connection = (version, gone, time)
        for monitor in self.monitors:
            if monitor.metric not in CLOUD or end + PATIENCE <= monitor.since:
                continue
            value = self.cloud(monitor, index, end, bucket)
            if value is not None:
                monitor.judge(value, end, self.alarms)

    def cloud(self, monitor, index, end, bucket):
        metric = monitor.metric
        if metric == "aws:source-ip-address":
            return ("cidrs", bucket["from"]) if bucket and bucket["from"] else None
        if metric == "aws:disconnect-duration":
            if self.connection is None:
                return None
            return (end - self.connection[2]) // 60_000 if self.connection[1] else 0
        if metric == "aws:message-byte-size" and monitor.duration == 0 and "statisticalThreshold" not in monitor.criteria:
            if not bucket or not bucket["sizes"]:
                return None
            return max(bucket["sizes"]) if monitor.criteria["comparisonOperator"].startswith("less") else min(bucket["sizes"])
        window = max(BUCKET, monitor.duration)
        if index * BUCKET % window == 0:
            monitor.cloud_sum = 0
        if monitor.cloud_sum is None:
            return None
        if bucket:
            monitor.cloud_sum += sum(bucket["sizes"]) if metric == "aws:message-byte-size" else bucket[COUNTED[metric]]
        if end % window:
            return None
        value, monitor.cloud_sum = monitor.cloud_sum, None
        return value


def main():
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(Case(json.loads(line)).run()))


if __name__ == "__main__":
    main()
