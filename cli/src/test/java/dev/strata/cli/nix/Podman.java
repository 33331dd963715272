package dev.strata.cli.nix;

import dev.strata.testing.PodmanPeer;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Podman for images that Nix builds. */
final class Podman implements AutoCloseable {
  private final PodmanPeer peer;

  private Podman(PodmanPeer peer) {
    this.peer = peer;
  }

  /** Creates a storage, or skips the test where Podman is missing. */
  static Podman start() throws IOException {
    return new Podman(PodmanPeer.start());
  }

  /** Loads an image by its copyToPodman script. */
  void load(Nix nix, String image) {
    String script = nix.buildOne(image + ".copyToPodman").resolve("bin/copy-to-podman").toString();
    peer.run(List.of(script)).ok();
  }

  /** Returns the name of an image in Podman. */
  static String name(Nix nix, String image) {
    return "docker.io/library/" + nix.text(image + ".imageRefUnsafe");
  }

  /** Loads an image, runs it without network and returns its output. */
  String run(Nix nix, String image, String... arguments) {
    load(nix, image);
    return peer.runImage(name(nix, image), arguments);
  }

  /** Runs a script of an image with the given PATH and this storage. */
  Programs.Result runScript(Path script, String path, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "PATH=" + path));
    command.add(script.toString());
    command.addAll(List.of(arguments));
    return peer.run(command);
  }

  /** Runs Podman. */
  Programs.Result podman(String... arguments) {
    return peer.tryPodman(arguments);
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
