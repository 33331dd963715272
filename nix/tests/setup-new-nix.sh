#!/usr/bin/env bash
# Prepares the Nix of Debian 13 on a machine with another Debian, for tests that require Nix 2.24 or
# later. It has a store of its own, because it would upgrade the database of an older Nix.
#
#   nix/tests/setup-new-nix.sh [FOLDER]
#
# downloads it to FOLDER (default: /var/lib/strata-tests/nix) unless it is there already, together with
# the libraries that it requires. After that,
#
#   FOLDER/run COMMAND [ARGUMENT...]
#
# runs a command with this Nix on its PATH and with its store as /nix.
set -euo pipefail
folder=${1-/var/lib/strata-tests/nix}
suite=trixie

fail() {
  echo "setup-new-nix.sh: $*" >&2
  exit 1
}

[[ $(id -u) -eq 0 ]] || fail "must be run as root to mount the store"
[[ ! -x $folder/run ]] || exit 0
command -v debootstrap >/dev/null ||
  fail "debootstrap not found; install it with apt-get install debootstrap"

# Resolves the dependencies. The packages are not installed, only unpacked: no program of theirs runs
# except for Nix, with its own libraries.
mkdir -p "$folder"
folder=$(realpath "$folder")
debootstrap --download-only --variant=minbase --include=nix-bin "$suite" "$folder/download" \
  >"$folder/download.log" 2>&1 ||
  fail "cannot download Nix and its libraries of Debian $suite; see $folder/download.log"
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
