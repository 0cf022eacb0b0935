#!/usr/bin/env python3
"""Logs of many kinds, most of which repeat themselves much: one file a kind.

make_log_kinds.py DIRECTORY [MEGABYTES] [SEED]   the same arguments make the same bytes
"""
import datetime
import json
import os
import random
import sys

START = datetime.datetime(2023, 10, 1)
WORDS = ("connection session device broker topic message queue retry timeout accepted refused closed opened handshake certificate "
         "policy shadow delta job firmware update battery sensor reading published subscribed acknowledged delivered dropped").split()


def iso(ms, digits=3):
    moment = START + datetime.timedelta(milliseconds=ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}"[:digits] + "Z"


def uuid(rng):
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def one_device(rng, ms, n):
    return json.dumps({"thingName": "THING00001", "topic": "iot/telemetry/THING00001/state", "timestamp": 1_696_118_400_000 + ms,
                       "seq": n, "payload": {"mode": "AUTO", "temperature": round(20 + rng.gauss(0, 0.3), 1), "rssi": -60 - rng.randrange(5),
                                             "flags": [], "firmware": "2.14.3", "ok": True}}, separators=(",", ":"))


def heartbeat(rng, ms, n):
    return json.dumps({"timestamp": iso(ms), "level": "INFO", "logger": "agent.heartbeat", "message": "still alive", "uptime": ms // 1000,
                       "thingName": "THING00007", "version": "1.0.4"})


def syslog(rng, ms, n):
    moment = START + datetime.timedelta(milliseconds=ms)
    program = rng.choice(["systemd[1]", "NetworkManager[612]", "kernel", "agent[911]", "agent[911]", "agent[911]", "CRON[%d]" % rng.randrange(1000, 30000)])
    text = rng.choice(["Started Daily apt download activities.", "device (wlan0): state change: activated -> disconnected (reason 'none')",
                       "usb 1-1.%d: new high-speed USB device number %d using xhci_hcd" % (rng.randrange(4), rng.randrange(40)),
                       "published %d messages in %d ms" % (rng.randrange(30), rng.randrange(900)),
                       "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)"])
    return f"{moment:%b %d %H:%M:%S} raspberrypi {program}: {text}"


def csv(rng, ms, n):
    return ",".join(str(v) for v in (iso(ms), "THING00001", n, round(21 + rng.gauss(0, 0.2), 2), round(48 + rng.gauss(0, 0.5), 1),
                                     rng.choice((0, 0, 0, 1)), "AUTO", round(12.6 - n * 1e-6, 2), "OK"))


def csv_flat(rng, ms, n):
    return f"{n},{iso(ms, 0)[:19]}Z,THING00001,{rng.choice((0, 1))},{20 + rng.randrange(3)},RUN,OK,,,0"


FRAMES = [f"\tat com.example.fleet.{rng_a}.{rng_b}({rng_b}.java:{40 + i * 7})" for i, (rng_a, rng_b) in enumerate(
    (a, b) for a in ("ingest", "mqtt", "shadow", "store") for b in ("Dispatcher", "Session", "Handler", "Pipeline", "Worker"))]


def stack(rng, ms, n):
    depth = rng.randrange(4, 18)
    start = rng.randrange(len(FRAMES) - 3)
    lines = [f"{iso(ms)} ERROR [worker-{rng.randrange(8)}] c.e.f.Main - request {uuid(rng)} failed",
             f"java.lang.IllegalStateException: {rng.choice(WORDS)} {rng.choice(WORDS)} {rng.randrange(1000)}"]
    return "\n".join(lines + (FRAMES * 2)[start:start + depth] + [f"\t... {rng.randrange(20)} more"])


def cloudwatch(rng, ms, n):
    request = uuid(rng)
    kind = n % 3
    if kind == 0:
        return f"{iso(ms)} START RequestId: {request} Version: $LATEST"
    if kind == 1:
        return f"{iso(ms)} {iso(ms)}\t{request}\tINFO\tprocessed {rng.randrange(40)} records from shard shardId-00000000000{rng.randrange(4)}"
    return f"{iso(ms)} REPORT RequestId: {request}\tDuration: {rng.random() * 90:.2f} ms\tBilled Duration: {rng.randrange(90)} ms\tMemory Size: 256 MB\tMax Memory Used: {60 + rng.randrange(8)} MB"


def cloudwatch_quiet(rng, ms, n):
    return f"{iso(ms)} {rng.choice(WORDS)} {rng.choice(WORDS)} for device THING{rng.randrange(40):05d} took {rng.randrange(50)} ms"


def iot_logs(rng, ms, n):
    kind = rng.choice(("Publish-In", "Publish-Out", "Connect", "Disconnect", "Subscribe"))
    return json.dumps({"timestamp": iso(ms).replace("T", " ")[:-1], "logLevel": "INFO", "traceId": uuid(rng), "accountId": "123456789012",
                       "status": "Success", "eventType": kind, "protocol": "MQTT", "topicName": "dt/fleet/state", "clientId": f"THING{rng.randrange(9):05d}",
                       "principalId": "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90", "sourceIp": "10.0.0.17", "sourcePort": rng.randrange(1024, 65535)})


def access(rng, ms, n):
    moment = START + datetime.timedelta(milliseconds=ms)
    return (f'10.0.{rng.randrange(4)}.{rng.randrange(255)} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] "GET /v1/things/THING{rng.randrange(400):05d}/shadow HTTP/1.1" '
            f'{rng.choice((200, 200, 200, 304, 404))} {rng.randrange(200, 900)} "-" "aws-sdk-java/2.20.138 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.8"')


def key_value(rng, ms, n):
    return f'time="{iso(ms)}" level=info msg="{rng.choice(WORDS)} {rng.choice(WORDS)}" component=gateway device=THING{rng.randrange(12):05d} count={rng.randrange(100)} duration={rng.random():.3f}s'


def debug(rng, ms, n):
    return f"[{ms / 1000:12.6f}] DEBUG agent.poll: poll loop iteration {n}: nothing to do, sleeping for 250 ms"


def same(rng, ms, n):
    return f"{iso(ms)} WARN  connection to broker lost, trying again"


def hexes(rng, ms, n):
    return f"{iso(ms)} frame {rng.getrandbits(64):016x} {' '.join(rng.choice(('00', 'ff', '7e', '01')) for _ in range(24))} ok"


def multi_line(rng, ms, n):
    return json.dumps({"device": f"THING{rng.randrange(3):05d}", "at": iso(ms), "readings": [{"name": name, "value": round(rng.gauss(10, 1), 1), "unit": "C"}
                                                                                            for name in ("inlet", "outlet", "core", "case")]}, indent=2)


def japanese(rng, ms, n):
    return f"{iso(ms)} 情報 デバイス THING{rng.randrange(20):05d} が{rng.choice(('接続しました', '切断しました', '更新を受信しました'))} 応答 {rng.randrange(300)} ミリ秒"


KINDS = (one_device, heartbeat, syslog, csv, csv_flat, stack, cloudwatch, cloudwatch_quiet, iot_logs, access, key_value, debug, same, hexes,
         multi_line, japanese)


def main():
    directory = sys.argv[1]
    total = int(float(sys.argv[2]) * 1_000_000) if len(sys.argv) > 2 else 8_000_000
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    os.makedirs(directory, exist_ok=True)
    for kind in KINDS:
        rng = random.Random(f"{seed}{kind.__name__}")
        lines, length, ms, n = [], 0, 0, 0
        while length < total:
            line = kind(rng, ms, n)
            lines.append(line)
            length += len(line) + 1
            ms += rng.randrange(600)
            n += 1
        with open(os.path.join(directory, kind.__name__.replace("_", "-") + ".log"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


main()
