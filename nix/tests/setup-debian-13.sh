#!/usr/bin/env bash
# Unpacks programs of Debian 13 on a machine with another Debian: Nix, for tests that require Nix 2.24 or
# later, and Podman, for tests that require Podman 5. Nix has a store of its own, because it would
# upgrade the database of an older Nix.
#
#   nix/tests/setup-debian-13.sh [FOLDER]
#
# downloads them to FOLDER (default: /var/lib/strata-tests/debian-13) unless they are there already,
# together with the libraries that they require. After that,
#
#   FOLDER/run COMMAND [ARGUMENT...]
#
# runs a command with this Nix on its PATH and with its store as /nix, and FOLDER/debian is a root
# folder for chroot, which has Podman and the programs that it runs.
set -euo pipefail
folder=${1-/var/lib/strata-tests/debian-13}
suite=trixie

fail() {
  echo "setup-debian-13.sh: $*" >&2
  exit 1
}

[[ $(id -u) -eq 0 ]] || fail "must be run as root to mount the store"
[[ ! -x $folder/run ]] || exit 0
command -v debootstrap >/dev/null ||
  fail "debootstrap not found; install it with apt-get install debootstrap"

# Resolves the dependencies. The packages are only unpacked, and none of their scripts runs: Nix and
# Podman work without.
mkdir -p "$folder"
folder=$(realpath "$folder")
debootstrap --download-only --variant=minbase --include=nix-bin,podman,crun "$suite" "$folder/download" \
  >"$folder/download.log" 2>&1 ||
  fail "cannot download Nix and Podman of Debian $suite; see $folder/download.log"
for package in "$folder"/download/var/cache/apt/archives/*.deb; do
  dpkg-deb --extract "$package" "$folder/debian"
done
rm -r "$folder/download"

mkdir -p /nix "$folder/bin" "$folder/cache" "$folder/nix/store" "$folder/nix/var/nix"
debian=$folder/debian
loader=$(echo "$debian"/usr/lib/*/ld-linux-*.so.*)
[[ -x $loader ]] || fail "$debian has no dynamic loader"
for program in "$debian"/usr/bin/nix*; do
  name=${program##*/}
  cat >"$folder/bin/$name" <<END
#!/bin/sh
exec $loader --library-path ${loader%/*} --argv0 $name $debian/usr/bin/nix "\$@"
END
  chmod +x "$folder/bin/$name"
done

cat >"$folder/run" <<END
#!/bin/sh
if [ "\${STRATA_NEW_NIX-}" != $folder ]; then
  STRATA_NEW_NIX=$folder exec unshare --mount "\$0" "\$@"
fi
mount --bind $folder/nix /nix
export PATH="$folder/bin:\$PATH" XDG_CACHE_HOME=$folder/cache NIX_REMOTE=local
# Without build users: the Nix of the machine kills the processes of those that it uses.
export NIX_CONFIG='sandbox = false
build-users-group =
build-hook =
substituters =
flake-registry =
max-jobs = 2
experimental-features = nix-command flakes'
exec "\$@"
END
chmod +x "$folder/run"
