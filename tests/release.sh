#!/usr/bin/env bash
# What release.sh makes, tried in a copy with a made-up remote and tag: it refuses without them, and a package names its source and brings its papers.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone -q . "$copy/iotops"
cd "$copy/iotops"
fail() { echo "release: $1"; exit 1; }
refuses() {
    local said
    if said=$(./release.sh IotOps.Slack 2>&1); then fail "it packed although $1"; fi
    [[ $said == *"$2"* ]] || fail "when $1 it said: $said"
}

git remote remove origin
refuses 'there is no remote' "has no remote 'origin'"
git remote add origin https://github.com/example/iotops.git
git tag --list | xargs -r git tag -d >/dev/null
refuses 'there is no tag' "no version's tag is on this commit"
sed -i '0,/^## .*/s//## 9.8.7, 2026-01-31/' CHANGELOG.md
git tag v9.8.7
refuses 'something is not committed' 'not committed'
git -c user.name=release -c user.email=release@example.com commit -qam 'A version that never was'
refuses 'the tag is elsewhere' "no version's tag"
git tag -f v9.8.7 >/dev/null
./release.sh IotOps.Slack >/dev/null || fail 'it did not pack'

package=artifacts/release/IotOps.Slack.9.8.7
nuspec=$(unzip -p $package.nupkg IotOps.Slack.nuspec)
commit=$(git rev-parse HEAD)
for part in '<version>9.8.7</version>' '<projectUrl>https://github.com/example/iotops</projectUrl>' '<icon>icon.png</icon>' '<readme>README.md</readme>' '<copyright>' '<releaseNotes>' \
    'url="https://github.com/example/iotops"' "commit=\"$commit\""; do
    [[ $nuspec == *"$part"* ]] || fail "the package's description lacks $part"
done
listed=$(unzip -Z1 $package.nupkg)
for file in icon.png README.md CHANGELOG.md lib/net10.0/IotOps.Slack.xml; do
    grep -qx "$file" <<<"$listed" || fail "the package lacks $file"
done
unzip -p $package.snupkg lib/net10.0/IotOps.Slack.pdb | grep -aqF "{\"documents\":{\"/_/*\":\"https://raw.githubusercontent.com/example/iotops/$commit/*\"}}" || fail 'the symbols do not name their source'
grep -q '"bomFormat": *"CycloneDX"' $package.cdx.json || fail 'there is no SBOM'
