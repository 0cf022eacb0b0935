#!/bin/sh
# Builds what the measurement needs and runs it: the NativeAOT device agent against EmulatorHost in another process.
# Usage: benchmarks/run-whole-process.sh [--lines N] [--files 1,4] [--idle SECONDS] [--repeat N]
set -eu
cd "$(dirname "$0")/.."
rid="linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
dotnet publish samples/DeviceAgent -r "$rid" -c Release -v quiet --nologo
dotnet build samples/EmulatorHost -c Release -v quiet --nologo
exec python3 benchmarks/whole_process.py \
    --agent "artifacts/publish/DeviceAgent/release_$rid/DeviceAgent" \
    --emulator artifacts/bin/EmulatorHost/release/EmulatorHost.dll "$@"
