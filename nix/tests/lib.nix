# The properties of nixpkgs' lib that Strata's Nix code relies on. Evaluates to a list of those that do
# not hold, which should be empty.
#
#   nix-instantiate --eval --strict -E 'import ./nix/tests/lib.nix { }'             # the miniature package set
#   nix-instantiate --eval --strict -E 'import ./nix/tests/lib.nix { inherit (import <nixpkgs> { }) lib; }'
{
  lib ? import ../../fixtures/nix/lib.nix,
}:
let
  expectations = {
    concatMap =
      lib.concatMap
        (x: [
          x
          x
        ])
        [
          1
          2
        ] == [
        1
        1
        2
        2
      ];
    concatMapStringsSep =
      lib.concatMapStringsSep "-" (x: "<${x}>") [
        "a"
        "b"
      ] == "<a>-<b>";
    concatMapStringsSepOfNone = lib.concatMapStringsSep "\n" (x: x) [ ] == "";
    concatStringsSep =
      lib.concatStringsSep "/" [
        "a"
        "b"
      ] == "a/b";
    elem = lib.elem 2 [ 2 ] && !lib.elem 2 [ "2" ];
    escapeShellArgs =
      lib.escapeShellArgs [
        "a b"
        "c'$d"
      ] == "'a b' 'c'\\''$d'";
    filter =
      lib.filter (x: x > 1) [
        2
        1
        3
      ] == [
        2
        3
      ];
    groupBy =
      lib.groupBy (x: x.k) [
        {
          k = "a";
          v = 1;
        }
        { k = "b"; }
        {
          k = "a";
          v = 2;
        }
      ] == {
        a = [
          {
            k = "a";
            v = 1;
          }
          {
            k = "a";
            v = 2;
          }
        ];
        b = [ { k = "b"; } ];
      };
    head =
      lib.head [
        1
        2
      ] == 1;
    init =
      lib.init [
        1
        2
        3
      ] == [
        1
        2
      ];
    initOfOne = lib.init [ 1 ] == [ ];
    isString = lib.isString "" && !lib.isString [ ];
    last =
      lib.last [
        1
        2
      ] == 2;
    length = lib.length [ 0 ] == 1;
    license = lib.licenses.asl20.spdxId == "Apache-2.0";
    makeOverridable =
      (
        (lib.makeOverridable (
          {
            a,
            b ? 2,
          }:
          {
            sum = a + b;
          }
        ) { a = 1; }).override
        { b = 5; }
      ).sum == 6;
    optional = lib.optional true [ 1 ] == [ [ 1 ] ] && lib.optional false 1 == [ ];
    optionalString = lib.optionalString true "a" == "a" && lib.optionalString false "a" == "";
    removePrefix = lib.removePrefix "sha256:" "sha256:ab" == "ab";
    removePrefixOfOther = lib.removePrefix "/nix/store/" "/usr/share" == "/usr/share";
    replaceStrings = lib.replaceStrings [ "." "\\" ] [ "\\." "\\\\" ] "a.b\\" == "a\\.b\\\\";
    sourceTypes = builtins.all (name: lib.sourceTypes ? ${name}) [
      "binaryBytecode"
      "binaryNativeCode"
      "fromSource"
    ];
    toList = lib.toList "a" == [ "a" ] && lib.toList [ "a" ] == [ "a" ];
    toListOfNull = lib.toList null == [ null ];
    toLower = lib.toLower "Registry.Example/Ä9" == "registry.example/Ä9";
    warnIf = lib.warnIf false "not to be read" 3 == 3;
  };
in
builtins.filter (name: !expectations.${name}) (builtins.attrNames expectations)
