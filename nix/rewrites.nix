# Returns the rewrite that moves the files of a path to a target; "" is the root of the image.
{ lib }:
let
  # The characters of store paths that are special in a regular expression. A dot matches itself, and is
  # not escaped, so that the rewrites are those of nix2container.
  literal = lib.replaceStrings [ "+" "?" ] [ "\\+" "\\?" ];
in
target: path: {
  inherit path;
  regex = "^${literal "${path}"}";
  repl = target;
}
