#!/usr/bin/env bash
# Measures the bytes that a base image moves, with and without shallow: when it is pulled, and when an
# image on top of it is copied to a repository of the same registry, to another registry and to Docker.
#
#   unshare -n nix/tests/shallow.sh STRATA [MEBIBYTES]
#
# STRATA is the directory that contains bin/strata. The base has ten layers of random bytes, 1 GiB in
# all by default, and is pushed by Skopeo. Needs root, docker-registry, dockerd and Skopeo. All
# traffic passes through the loopback device of a network namespace, whose counter is read; it
# includes the headers of TCP and HTTP.
set -euo pipefail

PATH=$1/bin:$PATH
size=${2:-1024}
folder=$(mktemp -d)
ip link set lo up

pids=()
stop() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  umount "$folder"/docker/* 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

# Waits until a command succeeds; shows a log if it does not within 60 seconds.
await() {
  local log=$1
  for ((tries = 0; tries < 300; tries++)); do
    if "${@:2}" >"$folder/await" 2>&1; then
      return
    fi
    sleep 0.2
  done
  cat "$log" >&2
  exit 1
}
listens() {
  : >"/dev/tcp/127.0.0.1/$1"
}

registry() {
  printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: "%s"}}\nhttp: {addr: "127.0.0.1:%s"}\n' \
    "$folder/registry-$1" "$1" >"$folder/$1.yml"
  docker-registry serve "$folder/$1.yml" >"$folder/$1.log" 2>&1 &
  pids+=($!)
  await "$folder/$1.log" listens "$1"
}

registry 5001
registry 5002
export DOCKER_HOST=unix://$folder/docker.sock HOME=$folder
dockerd --host "$DOCKER_HOST" --data-root "$folder/docker" --exec-root "$folder/exec" \
  --pidfile "$folder/docker.pid" --bridge none --iptables=false --storage-driver vfs \
  >"$folder/dockerd.log" 2>&1 &
pids+=($!)
await "$folder/dockerd.log" docker version

# The base: layers of one file of random bytes each.
files=()
for i in 0 1 2 3 4 5 6 7 8 9; do
  files+=("$folder/file-$i")
  head -c $((size * 1048576 / 10)) /dev/urandom >"$folder/file-$i"
done
strata build -q --max-layers 10 -o "$folder/parts.json" "${files[@]}"
strata copy -q "$folder/parts.json" "dir:$folder/parts"
base=docker://127.0.0.1:5001/base/os:1
skopeo --insecure-policy copy -q --dest-tls-verify=false "dir:$folder/parts" "$base"
rm -r "$folder/parts" "${files[@]}"

counter() {
  sed -n 's/^ *lo: *\([0-9]*\) .*/\1/p' /proc/self/net/dev
}

# Runs a command and prints the bytes that it moves between programs.
moved() {
  local what=$1 before
  before=$(counter)
  "${@:2}"
  printf '%-40s %14d bytes\n' "$what" $(($(counter) - before))
}

echo hello >"$folder/hello"
for way in whole shallow; do
  # What copies of the other way have noted must not help this one.
  export XDG_CACHE_HOME=$folder/cache-$way
  option=() from=()
  if [ "$way" = shallow ]; then
    option=(--shallow) from=(--layers-from "$base")
  fi
  moved "$way: pull" strata pull -q "${option[@]}" "$base" "$folder/$way"
  printf '%-40s %14d bytes\n' "$way: on disk" "$(du -sb "$folder/$way" | cut -f1)"
  strata image-from-dir "${from[@]}" "$folder/$way-base.json" "$folder/$way"
  image=$folder/$way.json
  strata build -q --copy-to-root "$folder/hello" --from-image "$folder/$way-base.json" -o "$image"
  moved "$way: to the repository of the base" strata copy -q "$image" "docker://127.0.0.1:5001/base/os:$way"
  moved "$way: to another repository" strata copy -q "$image" "docker://127.0.0.1:5001/$way/app:1"
  moved "$way: to another registry" strata copy -q "$image" "docker://127.0.0.1:5002/$way/app:1"
  moved "$way: to another registry, again" strata copy -q "$image" "docker://127.0.0.1:5002/$way/app:1"
  moved "$way: to docker-archive:" strata copy -q "$image" "docker-archive:$folder/$way.tar:app:1"
  rm "$folder/$way.tar"
  moved "$way: to Docker" strata copy -q "$image" "docker-daemon:$way:1"
  docker rmi -f "$way:1" >"$folder/rmi"
done
