#!/usr/bin/env bash
# Builds everything and runs the tests. Ends with one line: N passed, N failed, N skipped.
#
#   ./test.sh                       the steps peers build audit format unit interop pack quickstart: at most 8 minutes on 2 cores
#   ./test.sh all --install-peers   these, aot, templates, browser, databases and soak: at most 20 minutes; what CI runs
#   ./test.sh build unit            only these steps
#
# Peers are programs the wire formats are tested against. Those of Python and Node.js go into artifacts/, at the versions below; Debian's
# packages are installed with --install-peers only, as root. With CI=true a missing peer is a failure; elsewhere its tests are skipped, and
# the list at the end says so.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
results=$PWD/artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
export IOTOPS_PEERS_FILE=$results/peers.txt

debian_peers=(mosquitto mosquitto-clients softhsm2 libengine-pkcs11-openssl faketime unzip p7zip-full libarchive-tools zlib1g-dev gcc iproute2 python3-psutil python3-cbor2 openjdk-17-jdk-headless systemd systemd-journal-remote rclone s3cmd chromium chromium-driver postgresql)
python_peers=('moto[server]==5.2.1' boto3==1.43.11 awscli==1.45.11 cfn-lint==1.51.0 aws-sam-translator==1.110.0)
node_peers=(unzipper@0.12.5 mqtt@5.16.0 @aws-sdk/client-s3@3.1169.0 @aws-sdk/lib-storage@3.1169.0 @aws-sdk/s3-request-presigner@3.1169.0 axe-core@4.14.1)
passed=0 failed=0 skipped=0
everyday=(peers build audit format unit interop pack quickstart)
install_peers=false
declare -a table=() wanted=()
every=("${everyday[@]}" aot templates browser databases soak)
for argument; do
    case $argument in
        --install-peers) install_peers=true ;;
        --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit ;;
        *) wanted+=("$argument") ;;
    esac
done
case "${wanted[*]}" in
    '') wanted=("${everyday[@]}") ;;
    all) wanted=("${every[@]}") ;;
esac
for name in "${wanted[@]}"; do
    [[ " ${every[*]} " == *" $name "* ]] || { echo "test.sh: there is no step '$name'; there are ${every[*]}" >&2; exit 2; }
done

# step NAME COMMAND...: runs it, keeps its time; a step that fails counts as one failed test.
step() {
    local name=$1 begin=$SECONDS
    shift
    if [[ ! " ${wanted[*]} " == *" $name "* ]]; then
        return 0
    fi
    echo "== $name"
    if ! "$@"; then
        echo "== $name FAILED"
        failed=$((failed + 1))
    fi
    table+=("$(printf '%-11s %4d s' "$name" $((SECONDS - begin)))")
}

peers() {
    local missing=() package
    if command -v dpkg-query >/dev/null; then
        for package in "${debian_peers[@]}"; do
            dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
        done
        # A Node.js that is not Debian's brings its own npm, with which Debian's conflicts.
        command -v npm >/dev/null || missing+=(nodejs npm)
        if ((${#missing[@]} > 0)) && $install_peers; then
            apt-get update -qq >/dev/null 2>&1
            for package in "${missing[@]}"; do
                DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null 2>&1 || echo "could not install: $package"
            done
        elif ((${#missing[@]} > 0)); then
            echo "not installed, ./test.sh --install-peers does it as root: ${missing[*]}"
        fi
    fi
    if ! python3 -c 'import boto3, botocore, moto' 2>/dev/null || ! command -v aws >/dev/null || ! command -v cfn-lint >/dev/null; then
        python3 -m venv artifacts/peers >/dev/null 2>&1 \
            && timeout 300 artifacts/peers/bin/pip install -q "${python_peers[@]}" >/dev/null 2>&1 \
            || echo "could not install by pip: ${python_peers[*]}"
        PATH=$PWD/artifacts/peers/bin:$PATH
    fi
    if ! NODE_PATH=$PWD/artifacts/peers/node/node_modules node -e 'require("unzipper"); require("mqtt"); require("@aws-sdk/lib-storage"); require("@aws-sdk/s3-request-presigner"); require("axe-core")' 2>/dev/null; then
        timeout 120 npm install --silent --no-audit --no-fund --prefix artifacts/peers/node "${node_peers[@]}" >/dev/null 2>&1 \
            || echo "could not install by npm: ${node_peers[*]}"
    fi
    export NODE_PATH=$PWD/artifacts/peers/node/node_modules
    # What the tests found they write down themselves; what they lacked fails or skips there.
    return 0
}

# One compiler process for all projects, which halves the time; it goes with the step.
build() {
    local ok=0
    dotnet build IotOps.slnx -c Release -v q -p:UseSharedCompilation=true || ok=1
    dotnet build-server shutdown --vbcscompiler >/dev/null
    return $ok
}

# Known vulnerabilities of dependencies fail the build. Where the package source has no list of them that gate is blind: a package that has
# been vulnerable for years, restored outside the solution, shows whether it sees.
audit() {
    local said
    said=$(dotnet restore tests/canary/Canary.csproj --force 2>&1)
    case $said in
        *NU1903*) passed=$((passed + 1)) ;;
        *error*) echo "$said"; return 1 ;;
        *) echo "skipped: the package source has no list of vulnerabilities, so the build could not be audited"; skipped=$((skipped + 1)) ;;
    esac
}

# The build already fails on style and analyzers; this adds white space, the one thing the compiler does not see.
format() { dotnet format whitespace IotOps.slnx --verify-no-changes --no-restore; }

# execute PROJECT [ARGUMENT...]: runs one test assembly and keeps what it says for report, so that two may run side by side.
execute() {
    local project=$1
    shift
    echo "-- $project"
    dotnet exec "artifacts/bin/$project/release/$project.dll" -noLogo -noColor -result-xml "$results/$project.xml" "$@" >"$results/$project.log" 2>&1
}

# report PROJECT: prints what failed and was skipped; the counts go into the totals. An assembly in which no test ran has failed.
report() {
    local xml=$results/$1.xml log=$results/$1.log before=$((passed + failed + skipped))
    if [[ ! -s $xml ]]; then
        echo "$1 wrote no results:"
        tail -50 "$log"
        return 1
    fi
    grep -vE '^ *(Discover|Start|Finish|===)' "$log" | grep -E -A25 '\[FAIL\]|\[SKIP\]' | head -150
    grep 'Total:' "$log"
    count "$(grep -o '<assembly [^>]*>' "$xml" | head -1)"
    if ((passed + failed + skipped == before)); then
        echo "$1: no test ran"
        return 1
    fi
}

run() {
    execute "$@"
    report "$1"
}

# count LINE: adds the attributes passed, failed, skipped and errors of one assembly element.
count() {
    attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }
    passed=$((passed + $(attribute passed "$1")))
    failed=$((failed + $(attribute failed "$1") + $(attribute errors "$1")))
    skipped=$((skipped + $(attribute skipped "$1")))
}

unit_projects() {
    find tests -name '*.Tests.csproj' -o -name 'IotOps.HouseTests.csproj' | xargs -n1 basename | sed 's/\.csproj$//' | grep -v AotSmoke | sort
}

# Two assemblies at a time, because each waits for a good part of its time; the largest first.
unit() {
    local project ok=0
    export results
    export -f execute
    for project in $(unit_projects); do
        echo "$(stat -c %s "artifacts/bin/$project/release/$project.dll" 2>/dev/null || echo 0) $project"
    done | sort -rn | cut -d' ' -f2 | xargs -P 2 -I{} bash -c 'execute {}'
    for project in $(unit_projects); do
        report "$project" || ok=1
    done
    return $ok
}

# Four classes at a time, because most of them wait for a process of another maker.
interop() { run IotOps.InteropTests -maxThreads 4; }

pack() {
    local project
    rm -rf artifacts/package/release
    dotnet pack IotOps.slnx -c Release --no-build -v q || return 1
    for project in src/*/*.csproj; do
        project=$(basename "$project" .csproj)
        for file in artifacts/package/release/"$project".[0-9]*.{nupkg,snupkg}; do
            [[ -f $file ]] || { echo "not packed: $file"; return 1; }
        done
        [[ $(unzip -l artifacts/package/release/"$project".[0-9]*.nupkg) == *' README.md'* ]] || { echo "$project packs no README.md"; return 1; }
    done
    passed=$((passed + 1))
    if git rev-parse --git-dir >/dev/null 2>&1; then
        tests/release.sh || return 1
        passed=$((passed + 1))
    else
        echo "skipped: without history release.sh cannot be tried"
        skipped=$((skipped + 1))
    fi
}

aot() { run IotOps.AotSmoke.Tests; }

browser() { run IotOps.FleetConsole.BrowserTests; }

databases() { run IotOps.FleetConsole.DatabaseTests; }

templates() { tests/templates.sh && passed=$((passed + 1)); }

soak() {
    local ok=0 soak=artifacts/bin/IotOps.Soak/release/IotOps.Soak.dll
    run_soak() { dotnet $soak "$@" && passed=$((passed + 1)) || ok=1; }
    run_soak logs --kills 5
    run_soak shadow --kills 5
    run_soak messages --kills 5
    run_soak detect --kills 5
    run_soak zip --megabytes 50 --entries 70000
    run_soak slack --rate 200 --for 2s --warm-up 1s
    return $ok
}

quickstart() {
    dotnet run --project samples/Quickstart -c Release --no-build && passed=$((passed + 1)) || return 1
    quickstart_stopped && passed=$((passed + 1))
}

# Stopped in the middle it fails, and leaves neither a folder nor a process.
quickstart_stopped() {
    local temporary pid code=0
    temporary=$(mktemp -d)
    TMPDIR=$temporary dotnet exec artifacts/bin/Quickstart/release/Quickstart.dll >/dev/null 2>&1 &
    pid=$!
    until compgen -G "$temporary/iotops-quickstart-*" >/dev/null || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
    kill -TERM $pid
    wait $pid || code=$?
    [[ $code == 1 ]] || { echo "a stopped Quickstart exits with $code, not 1"; return 1; }
    if compgen -G "$temporary/iotops-quickstart-*" >/dev/null; then echo "a stopped Quickstart leaves $(ls "$temporary")"; return 1; fi
    rm -rf "$temporary"
}

step peers peers
step build build
step audit audit
step format format
step unit unit
step interop interop
step pack pack
step quickstart quickstart
step aot aot
step templates templates
step browser browser
step databases databases
step soak soak

echo
echo "== seconds"
printf '%s\n' "${table[@]}"
echo "== interop peers that ran"
if [[ -s $IOTOPS_PEERS_FILE ]]; then sort -u "$IOTOPS_PEERS_FILE"; else echo "none"; fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
