#!/usr/bin/env bash
# Event patterns, FleetTool (NativeAOT) beside a plain Node walk: benchmarks/run-fleet-patterns.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-9}
work=${IOTOPS_FLEET_WORK:-$(mktemp -d)}
[[ -n ${IOTOPS_FLEET_WORK:-} ]] || trap 'rm -rf "$work"' EXIT
[[ -d $work/patterns-day ]] || python3 benchmarks/peers/make_cloudtrail_day.py "$work/patterns-day" 40 >/dev/null
python3 benchmarks/peers/make_event_rules.py "$work/patterns-day" "$work/patterns"
[[ -x $work/tool/FleetTool ]] || dotnet publish samples/FleetTool -r linux-x64 -c Release -o "$work/tool" -v q --nologo >/dev/null
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
python3 benchmarks/peers/time_fleet_patterns.py "$work/tool/FleetTool" "$work/patterns" "$rounds"
