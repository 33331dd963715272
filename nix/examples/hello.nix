# A script of our own in a small layer, and what it stands on in another: a change to the script
# sends the small one alone.
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
