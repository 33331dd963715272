# Returns the rewrites that move files of paths to the root.
{ lib }:
let
  # The characters of store paths that are special in a regular expression. A dot matches itself, and is
  # not escaped, so that the rewrites are those of nix2container.
  literal = lib.replaceStrings [ "+" "?" ] [ "\\+" "\\?" ];
in
map (path: {
  inherit path;
  regex = "^${literal "${path}"}";
  repl = "";
})
