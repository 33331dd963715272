package dev.strata.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageLocationTest {
  @Test
  void parsesTheNamesOfSkopeo() {
    assertEquals(
        new ImageLocation.Registry(Reference.parse("r.org/a:1")),
        ImageLocation.parse("docker://r.org/a:1"));
    assertEquals(new ImageLocation.DockerDaemon("a:1"), ImageLocation.parse("docker-daemon:a:1"));
    assertEquals(
        new ImageLocation.ContainersStorage("a:1"), ImageLocation.parse("containers-storage:a:1"));
    assertEquals(new ImageLocation.OciDirectory("/d", null), ImageLocation.parse("oci:/d"));
    assertEquals(new ImageLocation.OciDirectory("d", "a:1"), ImageLocation.parse("oci:d:a:1"));
    assertEquals(
        new ImageLocation.OciArchive("f.tar", "x"), ImageLocation.parse("oci-archive:f.tar:x"));
    assertEquals(
        new ImageLocation.DockerArchive("-", "a:1"), ImageLocation.parse("docker-archive:-:a:1"));
    assertEquals(new ImageLocation.Directory("a:b"), ImageLocation.parse("dir:a:b"));
    assertEquals(new ImageLocation.Nix("i.json"), ImageLocation.parse("nix:i.json"));
  }

  @Test
  void regardsAPlainFileNameAsAnImageJsonFile() {
    assertEquals(new ImageLocation.Nix("image.json"), ImageLocation.parseSource("image.json"));
    assertEquals(new ImageLocation.Nix("/a:b"), ImageLocation.parseSource("/a:b"));
    assertEquals(new ImageLocation.Nix("i.json"), ImageLocation.parseSource("nix:i.json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image.json",
        "docker:r.org/a",
        "oci:",
        "oci::tag",
        "dir:",
        "ostree:x",
        "nix:"
      })
  void refusesOtherPlaces(String text) {
    Failures.messageOf(() -> ImageLocation.parse(text));
  }
}
