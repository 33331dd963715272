#!/bin/sh
# Makes lib/NAME.aot, the classes a run of Strata loads, saved so that the next run starts faster.
# Run by Maven when cli packs its distribution:
#
#   aot-cache.sh DISTRIBUTION NAME COMMAND...
#
# COMMAND is the training run. A distribution is as good without a cache, only slower to start, so
# nothing here fails the build: an empty lib/NAME.aot, which the launcher passes over, takes the
# place of one that could not be made (and of an old one, when a distribution is unpacked over
# another).

home=$1
name=$2
shift 2
cache=$home/lib/$name.aot
log=${home%/*}/$name-aot.log
made_from=${home%/*}/$name-aot.inputs
export STRATA_JAVA="${TOOLCHAIN_JAVA_HOME-}"

inputs=$(
  echo "$*"
  cksum "$home"/lib/*.jar "$home/bin/strata" "$STRATA_JAVA/release" 2>&1
)
if [ -s "$cache" ] && [ "$inputs" = "$(cat "$made_from" 2>/dev/null)" ]; then
  exit 0
fi

rm -f "$cache" "$made_from"
if STRATA_AOT_OUTPUT=$cache "$home/bin/strata" "$@" >"$log" 2>&1 </dev/null && [ -s "$cache" ]; then
  printf '%s\n' "$inputs" >"$made_from"
else
  echo "No AOT cache: 'strata $*' did not give one, see $log"
  : >"$cache"
fi
rm -f "$cache.config"
exit 0
