#!/usr/bin/env bash
# Detection from the body of an SQS message to state committed in SQLite, beside plain Python: benchmarks/run-detect.sh [ROUNDS [THINGS]]
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5}
things=${2:-100000}
# The one that has cbor2: a Python beside Debian's may come first.
python=$(for one in python3 /usr/bin/python3; do "$one" -c 'import cbor2' 2>/dev/null && echo "$one" && break; done) || { echo "needs Python with cbor2 (Debian: python3-cbor2)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rid="linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
dotnet publish benchmarks/IotOps.Benchmarks.Detect -r "$rid" -c Release -v q --nologo >/dev/null
worker=artifacts/publish/IotOps.Benchmarks.Detect/release_$rid/IotOps.Benchmarks.Detect
"$python" benchmarks/peers/make_detect_bodies.py "$work/bodies.jsonl" 1000 40
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
python3 benchmarks/peers/time_detect.py "$work/bodies.jsonl" "$rounds" "$python" "$worker"
"$worker" simulate "$things" 4
