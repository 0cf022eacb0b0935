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
dotnet build benchmarks/IotOps.Benchmarks -c Release -v q --nologo >/dev/null
"$python" benchmarks/peers/make_detect_bodies.py "$work/bodies.jsonl" 1000 40
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
python3 benchmarks/peers/time_detect.py "$work/bodies.jsonl" "$rounds" "$python"
dotnet exec artifacts/bin/IotOps.Benchmarks/release/IotOps.Benchmarks.dll detect-simulate "$things" 4
