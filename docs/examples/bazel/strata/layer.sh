#!/bin/sh
# Describes a layer: layer.sh STRATA PLAN OUTPUT FILE...
# Copies the files first, because they are symbolic links in Bazel's sandbox.
set -eu
here=$PWD
strata=$here/$1 plan=$here/$2 output=$here/$3
shift 3
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
for file; do
  mkdir -p "$stage/$(dirname "$file")"
  cp -L "$file" "$stage/$file"
done
cd "$stage"
"$strata" layer "$plan" -o "$output" --no-cache
