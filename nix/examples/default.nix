# All examples. Those based on a pulled image take additional arguments; see from-image.nix.
{
  pkgs,
  nix2container,
}:
let
  example = file: import file { inherit pkgs nix2container; };
in
{
  basic = example ./basic.nix;
  bash = example ./bash.nix;
  compressed = example ./compressed.nix;
  content-only = example ./content-only.nix;
  copy-to-root = example ./copy-to-root.nix;
  created = example ./created.nix;
  duplicated = example ./duplicated.nix;
  excludes = example ./excludes.nix;
  from-tar = example ./from-tar.nix;
  hello = example ./hello.nix;
  layered = example ./layered.nix;
  layers-file = example ./layers-file.nix;
  metadata = example ./metadata.nix;
  nested = example ./nested.nix;
  nix = example ./nix.nix;
  nix-user = example ./nix-user.nix;
  non-reproducible = example ./non-reproducible.nix;
  openbar = example ./openbar.nix;
  ownership = example ./ownership.nix;
  perms = example ./perms.nix;
  separate-database = example ./separate-database.nix;
  web-server = example ./web-server.nix;

  # Functions of the location and hash of the base image.
  from-image = args: import ./from-image.nix ({ inherit pkgs nix2container; } // args);
  from-image-shallow = args: import ./from-image-shallow.nix ({ inherit pkgs nix2container; } // args);
  from-image-manifest = args: import ./from-image-manifest.nix ({ inherit pkgs nix2container; } // args);
  get-manifest = args: import ./get-manifest.nix ({ inherit nix2container; } // args);
}
