#!/usr/bin/env bash
# Starts two remote builders for Nix on this machine: each is an SSH server on a loopback address with a
# store of its own, in which it has the paths of the derivation outputs that its argument lists.
#
#   nix/tests/builders.sh FOLDER
#
# writes FOLDER/ssh_config, prints "ready", and runs until its standard input ends. NIX_SSHOPTS="-F
# FOLDER/ssh_config" then reaches them as ssh://builder1 and ssh://builder2. Their stores are
# FOLDER/builder1/nix and FOLDER/builder2/nix. Run setup-nix.sh first. Needs root and the programs of
# openssh-server.
set -euo pipefail
folder=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
[[ $(id -u) -eq 0 ]] || { echo "builders.sh: must be run as root to mount the stores" >&2; exit 1; }

pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
ssh-keygen -q -t ed25519 -N '' -f "$folder/host"

for number in 1 2; do
  name=builder$number
  machine=$folder/$name
  mkdir -p "$machine/nix/store" "$machine/nix/var/nix"
  # What the commands of the builder run with.
  {
    "$here/setup-nix.sh"
    echo 'export NIX_CONFIG="$NIX_CONFIG'
    echo 'build-users-group ="'
    echo 'eval "$SSH_ORIGINAL_COMMAND"'
  } >"$machine/command"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf 'command="bash %s" ' "$machine/command" >"$machine/keys"
  cat "$folder/key.pub" >>"$machine/keys"
  cat >"$machine/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host
AuthorizedKeysFile $machine/keys
PidFile $machine/pid
PermitRootLogin yes
StrictModes no
UsePAM no
END
  cat >>"$folder/ssh_config" <<END
Host $name
  HostName 127.0.0.1
  Port $port
  User root
  IdentityFile $folder/key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
END
  # The commands of the server see the store of this builder as /nix.
  unshare --mount bash -c 'mount --bind "$1/nix" /nix && exec /usr/sbin/sshd -D -f "$1/sshd_config" -E "$1/log"' \
    bash "$machine" &
  pids+=($!)
done

for name in builder1 builder2; do
  for ((tries = 0; ; tries++)); do
    if ssh -F "$folder/ssh_config" "$name" true </dev/null 2>"$folder/ssh.log"; then
      break
    fi
    ((tries < 100)) || { cat "$folder/ssh.log" "$folder/$name/log" >&2; exit 1; }
    sleep 0.1
  done
done
echo ready
cat >/dev/null
