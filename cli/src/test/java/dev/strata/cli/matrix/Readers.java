package dev.strata.cli.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.PodmanPeer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that read an image from where Strata wrote it, and run it where they can. */
final class Readers {
  private final Peers peers;
  private final String written;
  private final String name;
  private final String place;
  private final boolean zstd;

  /**
   * Creates the readers of an image.
   *
   * @param written the image
   * @param zstd whether it has layers compressed with zstd, which Debian's Docker cannot unpack
   */
  Readers(Peers peers, String written, boolean zstd) {
    this.peers = peers;
    this.written = written;
    this.zstd = zstd;
    String rest = written.substring(written.indexOf(':') + 1);
    name = rest.substring(rest.lastIndexOf(']') + 1).replaceFirst("^//", "");
    place = rest.replaceFirst(":.*", "");
  }

  /** Returns a check for each program that knows the destination. */
  Map<String, Runnable> of(String destination) {
    Map<String, Runnable> readers = new LinkedHashMap<>();
    switch (destination) {
      case "docker://" -> {
        if (!zstd) {
          readers.put("docker pull", this::dockerPulls);
        }
        readers.put("podman pull", () -> podmanPulls(name));
        readers.put("ctr pull", this::ctrPulls);
        readers.put("buildah pull", () -> buildahPulls(name));
      }
      case "docker-daemon:" -> {
        readers.put("docker run", () -> dockerRuns(name));
      }
      case "containers-storage:" -> {
        readers.put("buildah from", this::buildahStarts);
        readers.put("podman run", () -> podmanRuns(name));
      }
      case "oci:" -> {
        readers.put("umoci stat", () -> peers.run("umoci", "stat", "--image", name));
        readers.put("podman pull", () -> podmanPulls(written));
        readers.put("bsdtar", () -> bsdtarLists(place + "/blobs/sha256"));
      }
      case "oci-archive:" -> {
        readers.put("podman load", this::podmanLoads);
        readers.put("ctr import", this::ctrImports);
        readers.put("bsdtar", () -> peers.run("bsdtar", "-tf", place));
      }
      case "dir:" -> {
        readers.put("podman pull", () -> podmanPulls(written));
        readers.put("bsdtar", () -> bsdtarLists(place));
      }
      case "docker-archive:" -> {
        readers.put("docker load", this::dockerLoads);
        readers.put("podman load", this::podmanLoads);
        readers.put("ctr import", this::ctrImports);
        readers.put("buildah pull", () -> buildahPulls(written));
        readers.put("bsdtar", () -> peers.run("bsdtar", "-tf", place));
      }
      default -> throw new IllegalArgumentException(destination);
    }
    return readers;
  }

  private void dockerPulls() {
    peers.docker().docker("pull", "--quiet", name);
    dockerRuns(name);
  }

  private void dockerLoads() {
    String printed = peers.docker().docker("load", "--input", place);
    dockerRuns(group("Loaded image: (.*)", printed));
  }

  /** Runs an image and removes it, so that the next reader has to unpack all layers again. */
  private void dockerRuns(String image) {
    assertEquals(ImageMakers.PRINTS, peers.docker().runImage(image));
    assertTrue(peers.docker().docker("history", image).contains("CREATED"));
    peers.docker().docker("rmi", image);
  }

  private void podmanPulls(String image) {
    podmanRuns(peers.readers().podman("pull", "--quiet", "--tls-verify=false", image).strip());
  }

  private void podmanLoads() {
    String printed = peers.readers().podman("load", "--quiet", "--input", place);
    podmanRuns(group("Loaded image(?:\\(s\\))?: (?:sha256:)?(.*)", printed));
  }

  private void podmanRuns(String image) {
    PodmanPeer podman = peers.readers();
    assertEquals(ImageMakers.PRINTS, podman.runImage(image));
    podman.podman("rmi", "--force", image);
  }

  private void buildahPulls(String image) {
    String id =
        peers.buildah(peers.readers(), "pull", "--quiet", "--tls-verify=false", image).strip();
    peers.buildah(peers.readers(), "rmi", "--force", id);
  }

  private void buildahStarts() {
    String container = peers.buildah(peers.readers(), "from", "--pull-never", name).strip();
    peers.buildah(peers.readers(), "rm", container);
  }

  private void ctrPulls() {
    peers.ctr("images", "pull", "--plain-http", "--snapshotter=native", name);
    ctrRuns(name);
  }

  private void ctrImports() {
    String printed =
        peers.ctr("images", "import", "--snapshotter=native", "--base-name=imported", place);
    ctrRuns(group("unpacking (\\S+)", printed));
  }

  private void ctrRuns(String image) {
    // All containerds of a machine keep the state of their containers in one folder.
    String id = "matrix-" + ProcessHandle.current().pid();
    assertEquals(ImageMakers.PRINTS, peers.ctr("run", "--rm", "--snapshotter=native", image, id));
    peers.ctr("images", "rm", "--sync", image);
  }

  /** Lists the files of a folder that are layers. */
  private void bsdtarLists(String folder) {
    peers.run(
        "sh",
        "-euc",
        "found=0; for f in \"$1\"/*; do case $(head -c 1 \"$f\") in '{') ;; *) [ \"${f##*/}\" ="
            + " version ] || { bsdtar -tf \"$f\" >/dev/null; found=1; } ;; esac; done; [ $found = 1"
            + " ]",
        "sh",
        folder);
  }

  private static String group(String pattern, String text) {
    Matcher m = Pattern.compile(pattern).matcher(text);
    assertTrue(m.find(), text);
    return m.group(1);
  }
}
