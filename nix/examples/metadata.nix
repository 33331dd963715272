# A layer with metadata in the image's history.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "metadata";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
  layers = [
    (nix2container.buildLayer {
      deps = [ pkgs.hello ];
      metadata = {
        created_by = "the greetings team";
        author = "A. Uthor";
        comment = "all that hello needs";
      };
    })
  ];
}
