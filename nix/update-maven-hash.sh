#!/usr/bin/env bash
# Computes the hash of the files of Maven Central that the build of Strata requires, as
# maven.buildMavenPackage of nixpkgs does, and writes it to nix/package.nix. Run it after changing a
# pom.xml.
#
#   nix/update-maven-hash.sh [OPTION...] [-- MAVEN-OPTION...]
#
#   --from REPOSITORY   copy the files from a local Maven repository instead of downloading them
#   --keep FOLDER       leave the files in FOLDER, for the argument mavenRepository of fixtures/nix
#   --print             print the hash instead of writing it
#
# Requires Nix, jq and Maven 3.8 or later. MAVEN-OPTION is, for example, -s SETTINGS with a settings.xml
# that configures a mirror of Maven Central.
set -euo pipefail

fail() {
  echo "update-maven-hash.sh: $*" >&2
  exit 1
}

from=
keep=
print=
while [[ $# -gt 0 ]]; do
  case $1 in
    --from) from=$(realpath "${2?--from requires a folder}") && shift 2 ;;
    --keep) mkdir -p "${2?--keep requires a folder}" && keep=$(realpath "$2") && shift 2 ;;
    --print) print=1 && shift ;;
    --) shift && break ;;
    *) fail "unknown argument $1; put options of Maven behind --" ;;
  esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
package=$PWD/nix/package.nix

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[[ -n $keep ]] || keep=$work/kept

# Prints an argument that package.nix passes to buildMavenPackage.
argument() {
  nix-instantiate --eval --json -E "
    (import $package {
      pkgs = import $PWD/fixtures/nix { };
      maven.buildMavenPackage = arguments: arguments;
    }).jars.$1" | jq -r .
}
read -ra parameters <<<"$(argument mvnParameters)"
post_install=$(argument mvnFetchExtraArgs.postInstall)

options=("$@")
if [[ -n $from ]]; then
  cat >"$work/settings.xml" <<END
<settings>
  <mirrors>
    <mirror><id>local</id><mirrorOf>*</mirrorOf><url>file://$from</url></mirror>
  </mirrors>
</settings>
END
  options+=(-s "$work/settings.xml")
fi

# Builds a copy, so that the target directories of the checkout are not modified.
mkdir "$work/source"
tar -c --exclude=target --exclude=.git . | tar -x -C "$work/source"
out=$keep/maven-deps
(cd "$work/source" && mvn "${options[@]}" package -DskipTests "-Dmaven.repo.local=$out/.m2" \
  "${parameters[@]}") >"$work/log" 2>&1 ||
  { tail -40 "$work/log" >&2 && fail "Maven failed; its last lines are above"; }
# Maven before 3.9 adds a library to each plugin. It is not part of the hash, but kept.
old=org/codehaus/plexus/plexus-utils/1.1
if [[ -e $out/.m2/$old/plexus-utils-1.1.jar ]]; then
  mkdir -p "$keep/before-maven-3.9/$old"
  mv "$out/.m2/$old/plexus-utils-1.1.jar" "$keep/before-maven-3.9/$old"
fi

eval "$post_install"

hash=$(nix --extra-experimental-features nix-command hash path "$out")
if [[ -n $print ]]; then
  echo "$hash"
else
  sed -i "s|mvnHash = \"[^\"]*\"|mvnHash = \"$hash\"|" "$package"
  echo "nix/package.nix: mvnHash = \"$hash\""
fi
