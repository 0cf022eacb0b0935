#!/usr/bin/env bash
# The error timeline, FleetTool (NativeAOT) beside plain Python: benchmarks/run-fleet-timeline.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5}
work=${IOTOPS_FLEET_WORK:-$(mktemp -d)}
[[ -n ${IOTOPS_FLEET_WORK:-} ]] || trap 'rm -rf "$work"' EXIT
for lines in 300000 1000000; do
    [[ -f $work/logs$lines.jsonl ]] || python3 benchmarks/peers/make_iot_logs.py "$work/logs$lines.jsonl" $lines
done
[[ -x $work/tool/FleetTool ]] || dotnet publish samples/FleetTool -r linux-x64 -c Release -o "$work/tool" -v q --nologo >/dev/null
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
python3 benchmarks/peers/time_fleet_timeline.py "$work/tool/FleetTool" "$work/logs300000.jsonl" "$work/logs1000000.jsonl" "$rounds"
