#!/bin/sh
# Times the metrics collector with 0, 1,000 and 3,000 loopback connections, and with 31 interfaces, beside a bare read of the same files and
# a psutil agent. The interfaces take root (network namespaces). Usage: benchmarks/run-defender.sh [--rounds N] [--python INTERPRETER]
set -eu
cd "$(dirname "$0")/.."
dotnet build benchmarks/IotOps.Benchmarks -c Release -v quiet --nologo
exec python3 benchmarks/defender_collect.py --benchmarks artifacts/bin/IotOps.Benchmarks/release/IotOps.Benchmarks.dll "$@"
