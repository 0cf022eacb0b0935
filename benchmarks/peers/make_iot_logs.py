#!/usr/bin/env python3
"""Seeded entries of AWSIotLogsV2 over a day, about one in five an error, with surges: make_iot_logs.py OUT LINES"""
import datetime
import json
import random
import sys
import uuid

out, count = sys.argv[1], int(sys.argv[2])
random.seed(1)
start = datetime.datetime(2026, 1, 1)
reasons = {
    "Connect": ["AUTHORIZATION_FAILURE", "CLIENT_ID_THROTTLED", "TRANSPORT_PROTOCOL_NOT_SUPPORTED"],
    "Publish-In": ["AUTHORIZATION_FAILURE", "PAYLOAD_LIMIT_EXCEEDED", "PUBLISH_THROTTLE_EXCEEDED"],
    "RuleExecution": ["ActionFailed", "RuleExecutionThrottled"],
    "Subscribe": ["AUTHORIZATION_FAILURE", "SUBSCRIBE_THROTTLE"],
    "UpdateThingShadow": ["VersionConflict", "ThrottlingException"],
}


def details(ip):
    number = random.randrange
    return random.choice([
        lambda: f"Failed to assume role arn:aws:iam::123456789012:role/Rule{number(9)} for rule rule{number(8)}",
        lambda: f"Connection from {ip} closed after {number(9999)} ms",
        lambda: f"Authorization denied for topic devices/THING{number(2000):05d}/telemetry",
        lambda: f"The version {number(99)} is less than the stored version {number(99)}",
        lambda: f"Timed out after {number(9999)} ms calling endpoint ep-{number(4)} request {uuid.UUID(int=random.getrandbits(128))}",
    ])()


with open(out, "w") as file:
    for i in range(count):
        kind = random.choice(list(reasons))
        time = start + datetime.timedelta(milliseconds=i * 86_400_000 // count + random.randrange(2000))
        bad = random.random() < (0.2 if i % 100_000 > 5_000 else 0.7)
        ip = f"198.51.100.{random.randrange(1, 255)}"
        entry = {
            "timestamp": time.strftime("%Y-%m-%d %H:%M:%S.") + f"{time.microsecond // 1000:03d}", "logLevel": "ERROR" if bad else "INFO",
            "traceId": str(uuid.UUID(int=random.getrandbits(128), version=4)), "accountId": "123456789012", "status": "Failure" if bad else "Success",
            "eventType": kind, "protocol": "MQTT", "clientId": f"THING{random.randrange(2000):05d}", "principalId": f"{random.getrandbits(256):064x}",
            "sourceIp": ip, "sourcePort": random.randrange(1024, 65535), "topicName": f"devices/THING{random.randrange(2000):05d}/telemetry",
        }
        if kind == "RuleExecution":
            entry["ruleName"] = f"rule{random.randrange(8)}"
        if bad:
            entry["reason"] = random.choice(reasons[kind])
            entry["details"] = details(ip)
        file.write(json.dumps(entry, separators=(",", ":")) + "\n")
