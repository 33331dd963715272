# A script in a small layer and its dependencies in another. After a change to the script, only the
# small layer is sent.
{ pkgs, nix2container }:
let
  talk = pkgs.writeScript "talk" ''
    #!${pkgs.runtimeShell}
    ${pkgs.hello}/bin/hello
    echo "Goodbye."
  '';
in
nix2container.buildImage {
  name = "hello";
  config.Entrypoint = [ talk ];
  layers = [
    (nix2container.buildLayer {
      deps = [
        pkgs.bash
        pkgs.hello
      ];
    })
  ];
}
