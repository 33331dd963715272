# The same files twice: under their own names, and under those that Nix gives them on macOS, where a
# directory cannot contain names that differ only in case.
{ pkgs, nix2container }:
let
  tree = suffix: ''
    mkdir -p $out/share/Lib $out/share/lib${suffix 1}/deep
    echo upper >$out/share/README
    echo lower >$out/share/readme${suffix 1}
    echo b >$out/share/b${suffix 1}
    echo dot >$out/share/b.
    echo one >$out/share/Lib/one
    echo two >$out/share/lib${suffix 1}/deep/two
    ln -s readme $out/share/link${suffix 2}
  '';
  own = pkgs.runCommand "names" { } (tree (_: ""));
  hacked = pkgs.runCommand "names" { } (tree (n: "~nix~case~hack~${toString n}"));
  layer =
    path: args:
    nix2container.buildLayer (
      {
        copyToRoot = path;
        includeStorePaths = false;
      }
      // args
    );
  both = args: {
    own = layer own (args own);
    hacked = layer hacked (args hacked);
  };
in
{
  caseHack = {
    plain = both (_: { });
    # The rules of perms match the names in the store, those of excludes the names in the image.
    perms = both (path: {
      perms = [
        {
          inherit path;
          regex = "/readme";
          mode = "0600";
        }
      ];
    });
    excludes = both (path: {
      excludes = [ "${path}/share/lib" ];
    });
    nonReproducible = both (_: {
      reproducible = false;
    });
    compressed = both (_: {
      compressor = "zstd";
    });
  };
}
