# Returns what a layer needs to contain directories with given modes and owners: a path with the
# directories, and permission rules for them. Parents that are not listed belong to root and have mode
# 0755.
{ pkgs }:
directories:
let
  lib = pkgs.lib;
  # The path relative to the root, without empty components, which would not match a file's name.
  relative =
    directory:
    let
      parts = lib.filter (part: lib.isString part && part != "") (builtins.split "/+" directory.path);
    in
    if builtins.substring 0 1 directory.path != "/" then
      throw "ensureDirs: '${directory.path}' is not an absolute path; use '/${directory.path}'"
    else if lib.elem "." parts || lib.elem ".." parts || parts == [ ] then
      throw "ensureDirs: '${directory.path}' must be a directory below / and must not contain '.' or '..'"
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
