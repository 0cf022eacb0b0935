#!/usr/bin/env bash
# Makes a project of each template, with the packages that were packed before (artifacts/package/release), and builds them as their user would. The
# tests of one run, the web host of another answers, and the tools start.
set -euo pipefail
cd "$(dirname "$0")/.."

packed=$PWD/artifacts/package/release
work=$(mktemp -d)
host=
trap '[[ -z $host ]] || kill "$host" 2>/dev/null; rm -rf "$work"' EXIT
fail() { echo "templates: $1"; exit 1; }
file() { find "$packed" -name "$1.[0-9]*.nupkg" | head -1; }
version() { basename "$(file "$1")" .nupkg | sed "s/^$1\\.//"; }

[[ -n $(file IotOps.Templates) ]] || fail 'nothing is packed: ./test.sh build pack templates'

# Our own packages come from the folder, and go where no other build looks for them; all others are where the machine has them already.
cat >"$work/nuget.config" <<CONFIG
<configuration>
  <config><add key="globalPackagesFolder" value="$work/packages" /></config>
  <fallbackPackageFolders><add key="machine" value="${NUGET_PACKAGES:-$HOME/.nuget/packages}" /></fallbackPackageFolders>
  <packageSources><add key="packed" value="$packed" /></packageSources>
  <packageSourceMapping>
    <packageSource key="packed"><package pattern="IotOps.*" /></packageSource>
    <packageSource key="nuget.org"><package pattern="*" /></packageSource>
  </packageSourceMapping>
</configuration>
CONFIG
cd "$work"
new() { dotnet new "$@" --debug:custom-hive "$work/hive" >/dev/null || fail "dotnet new $*"; }
new install "$(file IotOps.Templates)"

new iotops-agent -o PumpAgent --thing pump1
grep -q '"ClientId": "pump1"' PumpAgent/appsettings.json || fail 'the agent is not called pump1'
dotnet build PumpAgent -c Release -v q --nologo -warnaserror || fail 'the agent does not build'

new iotops-slack-export -o LogExport --bucket my-logs
dotnet build LogExport -c Release -v q --nologo -warnaserror || fail 'the log export does not build'
(
    cd LogExport
    export SlackExport__SigningSecrets__0=8f742231b10e8888abcd99yyyzzz85a5 ASPNETCORE_URLS=http://127.0.0.1:0
    exec dotnet exec bin/Release/net10.0/LogExport.dll
) >export.log 2>&1 &
host=$!
address=
for _ in {1..300}; do
    address=$(sed -n 's/.*Now listening on: //p' export.log)
    [[ -z $address ]] || break
    kill -0 "$host" 2>/dev/null || { cat export.log; fail 'the log export does not start'; }
    sleep 0.1
done
[[ $(curl -s "$address/health") == ok ]] || fail 'the log export does not answer'
[[ $(curl -s -o /dev/null -w '%{http_code}' -d 'text=x' "$address/slack/iot-log") == 401 ]] || fail 'a command without a signature is not refused'
kill "$host"
wait "$host" || fail 'the log export does not end cleanly'
host=

new iotops-tests -o PumpTests
dotnet build PumpTests -c Release -v q --nologo -warnaserror || fail 'the tests do not build'
dotnet exec PumpTests/bin/Release/net10.0/PumpTests.dll -noLogo -noColor || fail 'the tests of the template fail'

for tool in EmulatorHost:iotops-emulator DeviceAgent:iotops-agent; do
    name=IotOps.${tool%:*}
    dotnet tool install "$name" --version "$(version "$name")" --tool-path "$work/tools" --configfile "$work/nuget.config" >/dev/null || fail "$name cannot be installed"
    "$work/tools/${tool#*:}" --help >/dev/null || fail "$name does not start"
done
