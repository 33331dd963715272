#!/usr/bin/env bash
# Measures the time to rebuild and push an image after one line of its script has changed.
#
#   nix/tests/rebuild.sh [RUNS]
#
# Requires the programs that the integration tests of the Nix functions use (run setup-nix.sh first),
# python3, and a local Maven repository with the files that the package requires (~/.m2/repository after
# mvn verify). Strata is the Nix package, and the registry is docker-registry on this machine.
set -euo pipefail
runs=${1-5}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
registry=
trap '[ -z "$registry" ] || kill "$registry"; rm -rf "$work"' EXIT
eval "$("$here/setup-nix.sh")"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/registry.yml" <<END
version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage: {filesystem: {rootdirectory: "$work/data"}}
http: {addr: "127.0.0.1:$port"}
END
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
registry=$!

"$here/../update-maven-hash.sh" --from "${MAVEN_REPOSITORY-$HOME/.m2/repository}" \
  --keep "$work/maven" --print >/dev/null

# Sets java.
STRATA_ONLY_FIND_JAVA=1 . "$here/../../cli/src/main/dist/bin/strata"

rebuild_and_push() {
  local script
  script=$(nix-build "$here/rebuild.nix" -A copyToRegistry --no-out-link \
    --argstr registry "127.0.0.1:$port" --arg script "$work/hello.py" \
    --argstr mavenRepository "$work/maven" \
    --argstr javaHome "${java%/bin/java}" 2>"$work/build.log") || { cat "$work/build.log" >&2; exit 1; }
  "$script/bin/copy-to-registry" --dest-tls-verify=false >"$work/push.log" 2>&1 ||
    { cat "$work/push.log" >&2; exit 1; }
}
change() {
  printf 'import sys\nprint("Hello", sys.version_info[0], "%s")\n' "$1" >"$work/hello.py"
}

change "the first, $(date +%s.%N)"
rebuild_and_push
echo "first push: $(du -sb "$work/data" | cut -f1) bytes in the registry"
for ((run = 1; run <= runs; run++)); do
  change "change $run, $(date +%s.%N)"
  before=$(du -sb "$work/data" | cut -f1)
  start=$(date +%s%N)
  rebuild_and_push
  end=$(date +%s%N)
  after=$(du -sb "$work/data" | cut -f1)
  printf 'change %d: %d.%02d s, %d bytes added to the registry\n' "$run" \
    $(((end - start) / 1000000000)) $(((end - start) / 10000000 % 100)) $((after - before))
done
