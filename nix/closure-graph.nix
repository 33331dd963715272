# Writes the reference graph of the closure of a list of paths: a JSON array with path, references,
# narHash and narSize of each path, sorted by path.
{ pkgs }:
{
  # The store paths to start from.
  paths,
  # Paths to leave out, but not their dependencies. No other path in the closure may refer to one of
  # them, because the graph would then depend on a path that is not in the image.
  ignored,
}:
pkgs.runCommand "closure-graph.json"
  {
    __structuredAttrs = true;
    exportReferencesGraph.graph = paths;
    ignoredPaths = map toString ignored;
    nativeBuildInputs = [ pkgs.jq ];
    outputChecks.out.disallowedReferences = ignored;
  }
  ''
    jq '
      .ignoredPaths as $ignored
      | .graph
      | map(select(.path as $path | all($ignored[]; . != $path)))
      | map(.references |= sort)
      | sort_by(.path)
    ' "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" >"$out"
  ''
