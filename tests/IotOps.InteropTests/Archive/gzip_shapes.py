"""Gzip files of every shape that zlib makes, and what they hold: gzip_shapes.py DIRECTORY EXPECTED.json"""
import gzip
import hashlib
import io
import json
import os
import random
import sys
import zlib


def contents(dice):
    lines = "".join(f'{{"thingName":"THING{dice.randrange(40):05}","id":"{dice.getrandbits(64):016x}"}}\n' for _ in range(6_000)).encode()
    return {"empty": b"", "byte": b"x", "lines": lines, "zeros": bytes(300_000), "random": dice.randbytes(100_000), "mixed": lines + dice.randbytes(70_000) + lines}


def member(data, level, strategy, memory, window, flush, dice):
    deflate = zlib.compressobj(level, zlib.DEFLATED, 16 + window, memory, strategy)
    parts = []
    at = 0
    while at < len(data):
        size = dice.randrange(1, 50_000)
        parts.append(deflate.compress(data[at:at + size]))
        at += size
        if flush is not None:
            parts.append(deflate.flush(flush))
    return b"".join(parts) + deflate.flush()


def main():
    dice = random.Random(20231001)
    expected = {}

    def put(name, file, plain):
        with open(os.path.join(sys.argv[1], name + ".gz"), "wb") as target:
            target.write(file)
        expected[name] = f"{len(plain)} {hashlib.sha256(plain).hexdigest()}"

    plains = contents(dice)
    for name, plain in plains.items():
        for level in (0, 1, 3, 6, 9):
            for strategy in range(5):
                memory, window = dice.randrange(1, 10), dice.randrange(9, 16)
                flush = dice.choice([None, zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_PARTIAL_FLUSH, zlib.Z_BLOCK])
                put(f"{name}-{level}-{strategy}", member(plain, level, strategy, memory, window, flush, dice), plain)
        named = io.BytesIO()
        with gzip.GzipFile(filename=name + ".log", mode="wb", fileobj=named, mtime=1_696_118_400) as file:
            file.write(plain)
        put(f"{name}-named", named.getvalue(), plain)
    everything = list(plains.values()) * 3
    put("members", b"".join(gzip.compress(plain, dice.randrange(10)) for plain in everything) + bytes(1_000), b"".join(everything))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(expected, file)


main()
