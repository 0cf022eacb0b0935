#!/usr/bin/env bash
# A day of logs into one zip, whole processes side by side: benchmarks/run-zip.sh [MEGABYTES] [ROUNDS]
# Interleaved, the median of the rounds. Programs that are not here are left out; Debian: zip pigz p7zip-full python3.
set -euo pipefail
cd "$(dirname "$0")/.."

megabytes=${1:-200} rounds=${2:-5}
work=${IOTOPS_ZIP_WORK:-$(mktemp -d)}
[[ -n ${IOTOPS_ZIP_WORK:-} ]] || trap 'rm -rf "$work"' EXIT
[[ -d $work/corpus ]] || python3 benchmarks/peers/make_corpus.py "$work/corpus" "$megabytes" >/dev/null
[[ -d $work/gz ]] || { cp -r "$work/corpus" "$work/gz" && find "$work/gz" -name '*.log' -exec gzip -6 {} +; }
dotnet build benchmarks/IotOps.Benchmarks -c Release -v q --nologo >/dev/null
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
exec python3 benchmarks/peers/time_zip.py "$work" "$rounds" artifacts/bin/IotOps.Benchmarks/release/IotOps.Benchmarks.dll
