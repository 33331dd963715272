#!/usr/bin/env bash
# Starts two remote builders for Nix: each is an SSH server in a network namespace of its own, with an
# address and a store of its own.
#
#   nix/tests/builders.sh FOLDER
#
# writes FOLDER/ssh_config and FOLDER/run, prints "ready", and runs until its standard input ends.
#
#   FOLDER/run COMMAND [ARGUMENT...]
#
# runs a command on the machine that is connected to both, with the address 10.0.0.1; with
# NIX_SSHOPTS="-F FOLDER/ssh_config" it reaches them as ssh://builder1 and ssh://builder2. Nothing is
# connected to the network of this machine. The stores of the builders are FOLDER/builder1/nix and
# FOLDER/builder2/nix. Run setup-nix.sh first. Needs root and the programs of openssh-server and iproute2.
set -euo pipefail
folder=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
[[ $(id -u) -eq 0 ]] || { echo "builders.sh: must be run as root to create namespaces" >&2; exit 1; }
if [[ -z ${STRATA_BUILDERS-} ]]; then
  STRATA_BUILDERS=1 exec unshare --net "${BASH_SOURCE[0]}" "$folder"
fi

pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
ssh-keygen -q -t ed25519 -N '' -f "$folder/host"
ip link set lo up
ip link add bridge type bridge
ip address add 10.0.0.1/24 dev bridge
ip link set bridge up
cat >"$folder/run" <<END
#!/bin/sh
exec nsenter --net --target $$ -- "\$@"
END
chmod +x "$folder/run"

network=$(readlink /proc/$$/ns/net)
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
  address=10.0.0.1$number
  printf 'command="bash %s" ' "$machine/command" >"$machine/keys"
  cat "$folder/key.pub" >>"$machine/keys"
  cat >"$machine/sshd_config" <<END
ListenAddress $address
HostKey $folder/host
AuthorizedKeysFile $machine/keys
PidFile $machine/pid
PermitRootLogin yes
StrictModes no
UsePAM no
END
  cat >>"$folder/ssh_config" <<END
Host $name
  HostName $address
  User root
  IdentityFile $folder/key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
END
  # The commands of the server see the store of this builder as /nix. It starts once it has a network.
  # shellcheck disable=SC2016
  unshare --net --mount bash -c '
    mount --bind "$1/nix" /nix
    until ip -4 address show dev eth0 2>/dev/null | grep -q inet; do sleep 0.05; done
    exec /usr/sbin/sshd -D -f "$1/sshd_config" -E "$1/log"' bash "$machine" &
  pids+=($!)
  until [[ $(readlink "/proc/$!/ns/net") != "$network" ]]; do sleep 0.05; done
  ip link add "$name" type veth peer name eth0 netns $!
  ip link set "$name" master bridge up
  nsenter --net --target $! sh -ec "
    ip link set lo up
    ip link set eth0 up
    ip address add $address/24 dev eth0"
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
