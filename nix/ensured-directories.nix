# Returns what a layer needs to contain directories with given modes and owners. There are two forms:
#
#   { path = "/absolute"; … }              A directory of the image, in a layer above the others, in which
#                                          parents that are not listed belong to root and have mode 0755.
#   { path = <store path>; dir = "…"; … }  A directory of a store path, in the layer of that path; if the
#                                          path has it, it is left as it is.
{ pkgs }:
directories:
let
  lib = pkgs.lib;
  literal = import ./literal.nix { inherit lib; };
  absolute = lib.filter (directory: !(directory ? dir)) directories;
  # The path relative to the root, without empty components, which would not match a file's name.
  relative =
    directory:
    lib.concatStringsSep "/" (
      lib.filter (part: lib.isString part && part != "") (builtins.split "/+" directory.path)
    );
  root =
    pkgs.runCommandLocal "ensured-directories"
      {
        directories = lib.concatMapStringsSep "\n" relative absolute;
        passAsFile = [ "directories" ];
      }
      ''
        mkdir $out
        cd $out
        readarray -t directories <"$directoriesPath"
        mkdir -p -- "''${directories[@]}"
      '';
in
{
  # Those of store paths.
  below = lib.filter (directory: directory ? dir) directories;
  # The path with the others; none if there are none.
  roots = lib.optional (absolute != [ ]) root;
  perms =
    lib.optional (absolute != [ ]) {
      path = root;
      regex = ".*";
      mode = "0755";
    }
    ++ map (
      directory:
      {
        mode = "0755";
      }
      // directory
      // {
        path = root;
        regex = "^${literal "${root}"}/${literal (relative directory)}$";
      }
    ) absolute;
}
