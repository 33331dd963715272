#!/usr/bin/env bash
# Regenerates nix/maven-lock.json, which contains the path and hash of every file that Maven needs to
# build Strata. Run it after changing a pom.xml.
#
#   nix/update-maven-lock.sh [SETTINGS]
#
# SETTINGS is a Maven settings.xml, such as one that configures a mirror of Maven Central.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

repository=$(mktemp -d)
work=$(mktemp -d)
trap 'rm -rf "$repository" "$work"' EXIT
# Builds a copy, so that the target directories of the checkout are not modified.
tar -c --exclude=target --exclude=.git . | tar -x -C "$work"
settings=()
if [[ $# -gt 0 ]]; then
  settings=(-s "$(realpath "$1")")
fi
(cd "$work" && mvn -B -q "${settings[@]}" -Dmaven.repo.local="$repository" -pl cli -am \
  -Dmaven.test.skip=true -Dformat=none -Dwarnings=-nowarn package)

cd "$repository"
find . -type f \( -name '*.jar' -o -name '*.pom' \) -printf '%P\n' | LC_ALL=C sort |
  while read -r path; do
    printf '%s sha256-%s\n' "$path" "$(openssl dgst -sha256 -binary "$path" | base64)"
  done |
  jq -Rn '[inputs | split(" ") | {path: .[0], hash: .[1]}]' >"$OLDPWD/nix/maven-lock.json"
echo "$(jq length "$OLDPWD/nix/maven-lock.json") files"
