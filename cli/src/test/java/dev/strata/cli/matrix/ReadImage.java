package dev.strata.cli.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An image as Skopeo and umoci see it: Skopeo checks every digest, umoci unpacks the layers.
 *
 * @param config the configuration, byte for byte
 * @param files the unpacked files
 */
record ReadImage(String config, List<String> files) {
  /** Reads an image with Skopeo and umoci. */
  static ReadImage of(Peers peers, String reference, boolean zstd) throws IOException {
    return of(peers, reference, zstd, List.of());
  }

  /** Reads an image with Skopeo and umoci; further options choose a platform. */
  static ReadImage of(Peers peers, String reference, boolean zstd, List<String> options)
      throws IOException {
    List<String> inspect = new ArrayList<>(options);
    inspect.addAll(List.of("inspect", "--config", "--raw", "--tls-verify=false"));
    inspect.addAll(List.of("--daemon-host=" + peers.docker().host(), reference));
    String config = peers.skopeo(inspect.toArray(String[]::new));
    Path folder = peers.newFolder("read");
    String layout = folder.resolve("layout") + ":1";
    String source = reference;
    if (zstd) {
      // Debian's umoci does not know zstd, so Skopeo unpacks it first.
      source = "dir:" + folder.resolve("plain");
      copy(peers, options, reference, source, "--dest-decompress");
    }
    copy(peers, options, source, "oci:" + layout);
    Path bundle = folder.resolve("bundle");
    peers.run("umoci", "unpack", "--image", layout, bundle.toString());
    List<String> files = FileTree.list(bundle.resolve("rootfs"));
    peers.run("rm", "-r", folder.toString());
    return new ReadImage(config, files);
  }

  private static void copy(
      Peers peers, List<String> options, String source, String target, String... more) {
    List<String> command = new ArrayList<>(options);
    command.addAll(
        List.of(
            "copy", "-q", "--src-tls-verify=false", "--src-daemon-host=" + peers.docker().host()));
    command.addAll(List.of(more));
    command.addAll(List.of(source, target));
    peers.skopeo(command.toArray(String[]::new));
  }
}
