#!/usr/bin/env bash
# CloudTrail records and digests, FleetTool (NativeAOT) beside Python and aws-cli: benchmarks/run-fleet-trail.sh [ROUNDS]
# Takes Python 3 with awscli (whose rsa signs the digests), and orjson where it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5}
work=${IOTOPS_FLEET_WORK:-$(mktemp -d)}
[[ -n ${IOTOPS_FLEET_WORK:-} ]] || trap 'rm -rf "$work"' EXIT
[[ -d $work/day ]] || python3 benchmarks/peers/make_cloudtrail_day.py "$work/day" 100 >/dev/null
[[ -d $work/large ]] || python3 benchmarks/peers/make_cloudtrail_day.py "$work/large" 1000 >/dev/null
dotnet publish samples/FleetTool -r linux-x64 -c Release -o "$work/tool" -v q --nologo >/dev/null
time=(python3 benchmarks/peers/time_fleet_trail.py "$work/tool/FleetTool")
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
"${time[@]}" "$work/day" "$rounds"
"${time[@]}" "$work/large" "$rounds" digest
"${time[@]}" "$work/day" 1 found
