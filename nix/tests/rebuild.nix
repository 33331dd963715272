# The subject of rebuild.sh: an application whose script changes often, and a Python that does not.
{
  # The script.
  script,
  # The address of a registry.
  registry,
  mavenRepository ? null,
  javaHome ? null,
}:
let
  pkgs = import ../../fixtures/nix { inherit mavenRepository javaHome; };
  inherit (import ../.. { inherit pkgs; }) nix2container;

  # This machine's Python and its library as a package.
  python = pkgs.runCommand "python" { } ''
    mkdir -p $out/bin $out/lib
    PATH=$PATH:/usr/bin
    version=$(python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    cp -r /usr/lib/$version $out/lib
    rm -rf $out/lib/$version/test
    cp /usr/bin/$version $out/bin/python3
    chmod -R u+w $out
    for library in $(ldd $out/bin/python3 | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'); do
      [ -e ${pkgs.glibc}/lib/''${library##*/} ] || cp -L $library $out/lib
    done
    patchelf --set-interpreter ${pkgs.glibc}/lib/ld-linux-* --set-rpath $out/lib:${pkgs.glibc}/lib $out/bin/python3
  '';
  application = pkgs.runCommand "application" { } "cp ${script} $out";
in
nix2container.buildImage {
  name = "${registry}/application";
  tag = "latest";
  config.Entrypoint = [
    "${python}/bin/python3"
    "${application}"
  ];
  layers = [ (nix2container.buildLayer { deps = [ python ]; }) ];
}
