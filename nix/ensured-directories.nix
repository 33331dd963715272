# Makes what a layer needs to have directories of a given mode and owner: a path with the directories
# and the permission rules for them. Parents that are not asked for are root's, 0755.
{ pkgs }:
directories:
let
  lib = pkgs.lib;
  # The path below the root, without dots and double slashes that would not match a file's name.
  relative =
    directory:
    let
      parts = lib.filter (part: lib.isString part && part != "") (builtins.split "/+" directory.path);
    in
    if builtins.substring 0 1 directory.path != "/" then
      throw "ensureDirs: the path '${directory.path}' does not start at the root: write '/${directory.path}'."
    else if lib.elem "." parts || lib.elem ".." parts || parts == [ ] then
      throw "ensureDirs: the path '${directory.path}' is not the plain name of a directory below /."
    else
      lib.concatStringsSep "/" parts;
  literal = import ./literal.nix { inherit lib; };
  root =
    pkgs.runCommandLocal "ensured-directories"
      {
        directories = lib.concatMapStringsSep "\n" relative directories;
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
  copyToRoot = root;
  perms = [
    {
      path = root;
      regex = ".*";
      mode = "0755";
    }
  ]
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
  ) directories;
}
