#!/usr/bin/env bash
# FleetConsole over SQLite: start, ingest, pages while 1,000 events a second arrive, memory, roll-ups: benchmarks/run-console.sh [EVENTS [SECONDS]]
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build samples/FleetConsole -c Release -v q --nologo >/dev/null
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
python3 benchmarks/peers/time_console.py artifacts/bin/FleetConsole/release/FleetConsole.dll "$work" "${1:-1000000}" "${2:-30}"
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"
