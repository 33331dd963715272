#!/usr/bin/env bash
# Makes a machine's Nix (Debian's nix-bin) ready to build as root without its daemon, without a
# sandbox and without a network, for the integration tests. Run it again as often as you like.
#
#   nix/tests/setup-nix.sh                  prepares /nix, once
#   eval "$(nix/tests/setup-nix.sh)"        and sets the variables that nix-build then needs
#
# A store that somebody else uses is left alone: the script marks the one it made, and the tests run
# on a marked store only. To let them use a store there is, make the mark yourself.
set -euo pipefail
mark=/nix/var/strata-tests

fail() {
  echo "setup-nix.sh: $*" >&2
  exit 1
}

command -v nix-build >/dev/null || fail "nix-build is missing: apt-get install nix-bin"
[[ $(id -u) -eq 0 ]] || fail "run this as root: it makes /nix/store and the build users"
if [[ ! -e $mark ]]; then
  if [[ -n $(ls -A /nix/store 2>/dev/null) ]]; then
    fail "/nix/store has somebody's paths: touch $mark if the tests may add theirs"
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
  echo "Made by nix/tests/setup-nix.sh of Strata, for its integration tests." >"$mark"
fi

cat <<'END'
export NIX_REMOTE=local
export NIX_CONFIG='sandbox = false
build-users-group = nixbld
substituters =
max-jobs = 2
experimental-features = nix-command flakes'
END
