#!/usr/bin/env bash
# Prepares Nix (Debian's nix-bin) for the integration tests, so that root can build without the daemon,
# without a sandbox and without network access. The script can be run repeatedly.
#
#   nix/tests/setup-nix.sh                  prepares /nix if necessary
#   eval "$(nix/tests/setup-nix.sh)"        also sets the variables that nix-build needs
#
# Existing stores are not modified: the script marks the store that it creates, and the tests only use a
# marked store. To let them use an existing store, create the mark yourself.
set -euo pipefail
mark=/nix/var/strata-tests

fail() {
  echo "setup-nix.sh: $*" >&2
  exit 1
}

command -v nix-build >/dev/null || fail "nix-build not found; install it with apt-get install nix-bin"
[[ $(id -u) -eq 0 ]] || fail "must be run as root to create /nix/store and the build users"
if [[ ! -e $mark ]]; then
  if [[ -n $(ls -A /nix/store 2>/dev/null) ]]; then
    fail "/nix/store is not empty; run 'touch $mark' to allow the tests to add paths"
  fi
  if ! getent group nixbld >/dev/null; then
    groupadd --system nixbld
  fi
  for number in 1 2 3; do
    user=nixbld$number
    if ! getent passwd "$user" >/dev/null; then
      useradd --system --no-create-home --home-dir /var/empty --shell /usr/sbin/nologin \
        --gid nixbld --groups nixbld "$user"
    fi
    case " $(getent group nixbld | cut -d: -f4 | tr , ' ') " in
      *" $user "*) ;;
      *) usermod --append --groups nixbld "$user" ;;
    esac
  done
  mkdir -p /nix/store /nix/var
  chown root:nixbld /nix/store
  chmod 1775 /nix/store
  echo "Created by nix/tests/setup-nix.sh for the integration tests of Strata." >"$mark"
fi

cat <<'END'
export NIX_REMOTE=local
export NIX_CONFIG='sandbox = false
build-users-group = nixbld
substituters =
max-jobs = 2
experimental-features = nix-command flakes'
END
