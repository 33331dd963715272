#!/bin/sh
# Makes lib/NAME.aot: the classes that a run of Strata loads, saved so that later runs start faster.
# Maven runs it when cli packs its distribution:
#
#   aot-cache.sh DISTRIBUTION NAME TRAINING
#
# TRAINING is build or move (see dev.strata.cli.training.Training). Without a cache a distribution
# works the same, but starts more slowly, so nothing here fails the build: when no cache can be made,
# lib/NAME.aot is an empty file, which the launcher ignores (and which replaces an old cache when one
# distribution is unpacked over another).

home=$1
name=$2
training=$3
cache=$home/lib/$name.aot
log=${home%/*}/$name-aot.log
made_from=${home%/*}/$name-aot.inputs
export STRATA_JAVA="${TOOLCHAIN_JAVA_HOME-}"

inputs=$(
  echo "$training"
  cksum "$home"/lib/*.jar "$home/bin/strata" "$STRATA_JAVA/release" 2>&1
)
if [ -s "$cache" ] && [ "$inputs" = "$(cat "$made_from" 2>/dev/null)" ]; then
  exit 0
fi

rm -f "$cache" "$made_from"
if STRATA_AOT_OUTPUT=$cache "$home/bin/strata" "$training" >"$log" 2>&1 </dev/null && [ -s "$cache" ]; then
  printf '%s\n' "$inputs" >"$made_from"
else
  echo "No AOT cache: the training run '$training' failed; see $log"
  : >"$cache"
fi
rm -f "$cache.config"
exit 0
