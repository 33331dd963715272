# An image with spread layers, evaluated as flakes are, without access to the machine. The packages of
# the other tests consist of programs of the machine, so these are files without a program.
{
  outputs =
    { self, strata }:
    let
      system = "x86_64-linux";
      runCommand =
        name: attributes: text:
        derivation (
          removeAttrs attributes [
            "meta"
            "passthru"
          ]
          // {
            inherit name system;
            builder = "/bin/sh";
            args = [
              "-c"
              text
            ];
          }
        )
        // (attributes.passthru or { });
      empty = name: {
        inherit name;
        value = runCommand name { } "echo ${name} >$out";
      };
      platform = {
        inherit system;
        go.GOARCH = "amd64";
        canExecute = _: true;
      };
      pkgs =
        builtins.listToAttrs (
          map empty [
            "bash"
            "hello"
            "jq"
            "nix"
            "readline"
            "sqlite"
          ]
        )
        // {
          inherit runCommand system;
          lib = import "${strata}/fixtures/nix/lib.nix";
          runCommandLocal = runCommand;
          stdenv = {
            buildPlatform = platform;
            hostPlatform = platform;
          };
          writeShellScriptBin = name: runCommand name { };
          writeText = name: runCommand name { };
        };
      inherit
        (import strata {
          inherit pkgs;
          strata = pkgs.hello;
        })
        nix2container
        ;
      image =
        layersFile:
        assert !builtins ? currentSystem;
        nix2container.buildImage {
          name = "spread";
          inherit layersFile;
          spread = true;
          config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
        };
    in
    {
      listed = image [
        [
          pkgs.readline
          pkgs.bash
        ]
        [ pkgs.hello ]
      ];
      # Built while evaluating.
      built = image (runCommand "layers.json" { } "echo '[[\"${pkgs.hello}\"]]' >$out");
    };
}
