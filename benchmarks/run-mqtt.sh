#!/usr/bin/env bash
# Publications a second beside a bare socket, on a mosquitto of its own: benchmarks/run-mqtt.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."

port=${IOTOPS_MQTT_PORT:-18839}
directory=$(mktemp -d)
printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nset_tcp_nodelay true\nlog_type none\n' "$port" >"$directory/mosquitto.conf"
dotnet build benchmarks/IotOps.Benchmarks -c Release -v q --nologo
PATH=$PATH:/usr/sbin mosquitto -c "$directory/mosquitto.conf" &
broker=$!
trap 'kill "$broker"; rm -rf "$directory"' EXIT
sleep 1
echo "mosquitto $(PATH=$PATH:/usr/sbin mosquitto -h | head -1); load: $(cut -d' ' -f1-3 /proc/loadavg)"
dotnet artifacts/bin/IotOps.Benchmarks/release/IotOps.Benchmarks.dll mqtt "$port" "${1:-7}"
