# Writes the reference graph of a list of paths' closure: a JSON list with path, references, narHash
# and narSize of each, sorted by path.
{ pkgs }:
{
  # The store paths to start from.
  paths,
  # Paths to leave out themselves, not what they refer to. Nothing else in the closure may refer to
  # one of them: the graph would depend on a path that the image does not have.
  ignored ? [ ],
  # Leave out what the paths refer to: a reference alone would bring a path into a layer.
  alone ? false,
}:
pkgs.runCommand "closure-graph.json"
  (
    {
      __structuredAttrs = true;
      exportReferencesGraph.graph = paths;
      ignoredPaths = map toString ignored;
      nativeBuildInputs = [ pkgs.jq ];
      outputChecks.out.disallowedReferences = ignored;
    }
    // (if alone then { onlyPaths = map toString paths; } else { })
  )
  ''
    jq '
      .ignoredPaths as $ignored | .onlyPaths as $only |
      .graph
      | map(select(.path as $path
          | all($ignored[]; . != $path)
          and ($only == null or any($only[]; . == $path))))
      | map(.references |= if $only == null then sort else [] end)
      | sort_by(.path)
    ' "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" >"$out"
  ''
