#!/usr/bin/env python3
"""A day of a device fleet's logs: telemetry, commands and lifecycle events as JSON lines, in objects as a delivery stream leaves them.

make_corpus.py DIRECTORY [MEGABYTES] [SEED]   the same arguments make the same bytes
"""
import datetime
import json
import math
import os
import random
import sys

DAY_MS = 86_400_000
MIDNIGHT_MS = 1_696_118_400_000  # 2023-10-01, UTC
SHARES = (("telemetry", 0.80), ("commands", 0.12), ("lifecycle", 0.08))
MEDIAN_OBJECT = 1_200_000


class Fleet:
    """Devices that drift: positions walk, batteries drain, sequence numbers count."""

    def __init__(self, rng):
        self.rng = rng
        self.devices = [self.device(f"THING{number:05d}") for number in range(1, 41)]

    def device(self, name):
        rng = self.rng
        return {
            "name": name, "seq": rng.randrange(10_000), "lat": 35.6 + rng.random() * 0.2, "lon": 139.6 + rng.random() * 0.3,
            "alt": rng.random() * 120, "heading": rng.random() * 360, "battery": 100.0, "temperature": 20 + rng.random() * 8,
        }

    def uuid(self):
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def principal(self):
        return f"{self.rng.getrandbits(256):064x}"

    def telemetry(self, device, ms):
        rng = self.rng
        device["seq"] += 1
        device["lat"] += rng.gauss(0, 2e-5)
        device["lon"] += rng.gauss(0, 2e-5)
        device["alt"] = max(0.0, device["alt"] + rng.gauss(0, 0.4))
        device["heading"] = (device["heading"] + rng.gauss(0, 2)) % 360
        device["battery"] = max(5.0, device["battery"] - rng.random() * 0.002)
        device["temperature"] += rng.gauss(0, 0.05)
        return {
            "thingName": device["name"], "topic": f"iot/telemetry/{device['name']}/state", "messageId": self.uuid(),
            "timestamp": MIDNIGHT_MS + ms, "receivedAt": iso(ms + rng.randrange(20, 400)), "seq": device["seq"],
            "payload": {
                "position": {"lat": round(device["lat"], 7), "lon": round(device["lon"], 7), "alt": round(device["alt"], 2),
                             "heading": round(device["heading"], 1)},
                "imu": {"ax": round(rng.gauss(0, 0.3), 4), "ay": round(rng.gauss(0, 0.3), 4), "az": round(rng.gauss(9.81, 0.05), 4),
                        "gx": round(rng.gauss(0, 0.02), 5), "gy": round(rng.gauss(0, 0.02), 5), "gz": round(rng.gauss(0, 0.02), 5)},
                "battery": {"percent": round(device["battery"], 2), "voltage": round(14.8 + device["battery"] / 50 + rng.gauss(0, 0.02), 3),
                            "current": round(rng.gauss(6, 1.2), 3)},
                "temperature": round(device["temperature"], 2), "rssi": -40 - rng.randrange(50),
                "mode": rng.choice(["AUTO", "AUTO", "AUTO", "HOLD", "MANUAL"]),
                "flags": rng.choice([[], [], [], ["GPS_DEGRADED"], ["LOW_LINK", "RETRY"]]),
            },
        }

    def commands(self, device, ms):
        rng = self.rng
        return {
            "thingName": device["name"], "topic": f"iot/commands/{device['name']}/request", "commandId": self.uuid(),
            "timestamp": MIDNIGHT_MS + ms, "issuedBy": rng.choice(["ops-console", "scheduler", "mobile-app"]), "principal": self.principal(),
            "command": rng.choice(["SET_MODE", "GOTO", "REBOOT", "GET_CONFIG", "OTA_START", "SET_INTERVAL"]),
            "args": {"value": rng.randrange(1000), "lat": round(35.6 + rng.random() * 0.2, 6), "lon": round(139.6 + rng.random() * 0.3, 6)},
            "status": rng.choice(["ACCEPTED", "ACCEPTED", "SUCCEEDED", "FAILED", "TIMED_OUT"]), "latencyMs": int(abs(rng.gauss(180, 90))),
        }

    def lifecycle(self, device, ms):
        rng = self.rng
        event = rng.choice(["connected", "disconnected"])
        record = {
            "clientId": device["name"], "timestamp": MIDNIGHT_MS + ms, "eventType": event, "sessionIdentifier": self.uuid(),
            "principalIdentifier": self.principal(), "ipAddress": ".".join(["10"] + [str(rng.randrange(255)) for _ in range(3)]),
            "versionNumber": rng.randrange(5000),
        }
        if event == "disconnected":
            record["clientInitiatedDisconnect"] = rng.random() < 0.5
            record["disconnectReason"] = rng.choice(
                ["CLIENT_INITIATED_DISCONNECT", "CONNECTION_LOST", "MQTT_KEEP_ALIVE_TIMEOUT", "DUPLICATE_CLIENTID"])
        return record


def iso(ms):
    moment = datetime.datetime(2023, 10, 1) + datetime.timedelta(milliseconds=ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def write_category(fleet, directory, category, total):
    record = getattr(fleet, category)
    left, ms, number = total, 0, 0
    while left > 0:
        size = min(left, max(60_000, int(math.exp(fleet.rng.gauss(math.log(MEDIAN_OBJECT), 0.9)))))
        step = max(1, int(DAY_MS * size / total / (size / 400)))
        lines, length = [], 0
        while length < size:
            ms += fleet.rng.randrange(step * 2 + 1)
            line = json.dumps(record(fleet.rng.choice(fleet.devices), min(ms, DAY_MS - 1_000)), separators=(",", ":"))
            lines.append(line)
            length += len(line) + 1
        hour = os.path.join(directory, category, "2023", "10", "01", f"{min(23, ms // 3_600_000):02d}")
        os.makedirs(hour, exist_ok=True)
        with open(os.path.join(hour, f"{category}-1-2023-10-01-{number:05d}.log"), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        left -= length
        number += 1
    return number


def main():
    directory = sys.argv[1]
    total = int(sys.argv[2]) * 1_000_000 if len(sys.argv) > 2 else 200_000_000
    fleet = Fleet(random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20231001))
    objects = sum(write_category(fleet, directory, category, int(total * share)) for category, share in SHARES)
    print(f"{objects} objects of {total} bytes in all in {directory}")


if __name__ == "__main__":
    main()
