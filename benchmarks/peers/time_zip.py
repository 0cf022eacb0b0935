#!/usr/bin/env python3
"""Times what makes one zip of a directory, interleaved, by the clock and by CPU: time_zip.py WORK ROUNDS Benchmarks.dll"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

PYTHON_ZIP = """
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
    for parent, _, files in os.walk(sys.argv[1]):
        for file in files:
            archive.write(os.path.join(parent, file))
"""


def cases(work, dll):
    corpus, gz, out = (os.path.join(work, name) for name in ("corpus", "gz", "out.zip"))
    ours = ["dotnet", dll, "zip"]
    archive = ["dotnet", dll, "zip-archive"]
    yield "ZipArchive Optimal", archive + [corpus, out, "--level", "Optimal"], corpus
    yield "ZipArchive Fastest", archive + [corpus, out, "--level", "Fastest"], corpus
    for profile in ("Fast", "Balanced", "Smallest"):
        for threads in (1, 2):
            yield f"IotOps {profile}, {threads} thread(s)", ours + [corpus, out, "--profile", profile, "--threads", str(threads)], corpus
    yield "gunzip + ZipArchive Optimal", archive + [gz, out, "--level", "Optimal", "--gunzip"], corpus
    yield "IotOps gzip splice", ours + [gz, out, "--splice", "--threads", "1"], corpus
    if shutil.which("zip"):
        yield "zip -6", ["zip", "-qr6", out, corpus], corpus
    if shutil.which("7z"):
        yield "7z -tzip -mx1", ["7z", "a", "-bd", "-tzip", "-mx1", out, corpus], corpus
    if shutil.which("pigz"):
        yield "pigz -6 (gzip, not zip)", ["sh", "-c", f"find '{corpus}' -type f | sort | xargs cat | pigz -6 -p2 > '{out}'"], corpus
    yield "python zipfile 6", [sys.executable, "-c", PYTHON_ZIP, corpus, out], corpus


def size(directory):
    return sum(os.path.getsize(os.path.join(parent, file)) for parent, _, files in os.walk(directory) for file in files)


def run(command, out):
    if os.path.exists(out):
        os.remove(out)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, os.path.getsize(out)


def main():
    work, rounds, dll = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    out = os.path.join(work, "out.zip")
    table = list(cases(work, dll))
    wanted = os.environ.get("IOTOPS_ZIP_CASES")
    table = [case for case in table if not wanted or any(part in case[0] for part in wanted.split(","))]
    times = {name: [] for name, _, _ in table}
    for _ in range(rounds):
        for name, command, _ in table:
            times[name].append(run(command, out))
    reference = None
    print("| | MB/s | CPU s | ratio | beside ZipArchive Optimal |\n|---|---|---|---|---|")
    for name, _, plain in table:
        seconds = statistics.median(took for took, _, _ in times[name])
        cpu = statistics.median(used for _, used, _ in times[name])
        reference = reference or seconds
        length = size(plain)
        print(f"| {name} | {length / 1e6 / seconds:.0f} | {cpu:.2f} | {length / times[name][0][2]:.2f} | {reference / seconds:.2f} |")
    os.remove(out)


main()
