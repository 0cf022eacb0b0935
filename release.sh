#!/usr/bin/env bash
# Packs a release into artifacts/release: packages, symbols, and an SBOM (CycloneDX) of each package.
#
#   ./release.sh                 all packages
#   ./release.sh IotOps.Slack    only these
#
# What is packed can be traced to its source: it refuses to begin without a remote, without a version's tag on the commit, and with changes that
# are not committed. Nothing is pushed.
set -euo pipefail
cd "$(dirname "$0")"

cyclonedx=6.3.1
refuse() { echo "release.sh: $1" >&2; exit 2; }

git rev-parse --git-dir >/dev/null 2>&1 || refuse "this folder has no history; release from a clone"
remote=$(git remote get-url origin 2>/dev/null) || refuse "the repository has no remote 'origin', so packages could not name their source; add it: git remote add origin URL"
[[ $remote == https://* ]] || refuse "the remote 'origin' is no https address, which the packages show as their website; set it: git remote set-url origin https://..."
tag=$(git tag --points-at HEAD --list 'v[0-9]*' | head -1)
[[ -n $tag ]] || refuse "no version's tag is on this commit; set it: git tag v0.1.0"
[[ -z $(git status --porcelain) ]] || refuse "there are changes that are not committed: git status"
grep -q "^## ${tag#v}\b" CHANGELOG.md || refuse "CHANGELOG.md has no section '## ${tag#v}'"
! grep -q "^## ${tag#v}, unreleased" CHANGELOG.md || refuse "CHANGELOG.md calls ${tag#v} unreleased; write its date there"

export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
url=${remote%.git}
projects=("$@")
if ((${#projects[@]} == 0)); then
    for project in src/*/*.csproj; do projects+=("$(basename "$project" .csproj)"); done
    projects+=(IotOps.Templates IotOps.EmulatorHost IotOps.DeviceAgent)
fi

# folder NAME: where the project of a package is.
folder() {
    case $1 in
        IotOps.Templates) echo templates ;;
        IotOps.EmulatorHost | IotOps.DeviceAgent) echo "samples/${1#IotOps.}" ;;
        *) echo "src/$1" ;;
    esac
}

rm -rf artifacts/release
for project in "${projects[@]}"; do
    compgen -G "$(folder "$project")/*.csproj" >/dev/null || refuse "there is no package '$project'"
    dotnet pack "$(folder "$project")" -c Release -v q -p:RepositoryUrl="$url" -p:PackageProjectUrl="$url" -o artifacts/release
done

dotnet tool install CycloneDX --version "$cyclonedx" --tool-path artifacts/tools >/dev/null 2>&1 || [[ -x artifacts/tools/dotnet-CycloneDX ]] || refuse "CycloneDX $cyclonedx cannot be installed"
for project in "${projects[@]}"; do
    artifacts/tools/dotnet-CycloneDX "$(echo "$(folder "$project")"/*.csproj)" --exclude-dev --disable-package-restore --output-format Json \
        --set-name "$project" --set-version "${tag#v}" -o artifacts/release -fn "$project.${tag#v}.cdx.json" >/dev/null
done
ls artifacts/release
