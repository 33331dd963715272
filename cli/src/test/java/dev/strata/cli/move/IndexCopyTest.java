package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.image.ImageFile;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images of an index go where. */
final class IndexCopyTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String amd64 = "";
  private String s390x = "";
  private String both = "";

  @BeforeEach
  void makeIndex() throws IOException {
    samples = new SampleFolders(temporary);
    amd64 = build("amd64");
    s390x = build("s390x");
    both = samples.path("both.json");
    strata("index", both, amd64, s390x).succeeds();
  }

  private String build(String arch) throws IOException {
    samples.file(arch + "/file", arch);
    String image = samples.path(arch + ".json");
    strata("build", "-q", "--arch", arch, "--copy-to-root", samples.path(arch), "-o", image)
        .succeeds();
    return image;
  }

  private byte[] manifest(String... place) {
    String[] words = new String[place.length + 1];
    words[0] = "manifest";
    System.arraycopy(place, 0, words, 1, place.length);
    return strata(words).succeeds().bytes();
  }

  /** Copies without any compression, so that digests stay. */
  private static Outcome copy(String... words) {
    List<String> all = new ArrayList<>(List.of("copy", "-q", "--dest-compress-format", "none"));
    all.addAll(List.of(words));
    return strata(all.toArray(String[]::new));
  }

  private String place(String transport) {
    String file = samples.path("out");
    return switch (transport) {
      case "dir" -> "dir:" + file;
      case "docker-archive" -> "docker-archive:" + file + ":app:1";
      default -> transport + ":" + file + ":1";
    };
  }

  private byte[] config(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "inspect";
    all[1] = "--config";
    System.arraycopy(words, 0, all, 2, words.length);
    return strata(all).succeeds().bytes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir", "oci-archive", "docker-archive"})
  void anArchiveOrFolderGetsTheImageOfOnePlatform(String transport) {
    copy("--arch", "s390x", both, place(transport)).succeeds();
    assertArrayEquals(config(s390x), config(place(transport)));
    copy("--arch", "arm64", both, place(transport))
        .fails("no image for linux/arm64. Available: linux/amd64, linux/s390x", "--arch");
  }

  @Test
  void theOptionForAnotherPlatformIsNamedForEachImageOfAList() throws IOException {
    String list = samples.path("list.txt");
    Files.writeString(Path.of(list), both + " " + place("dir") + "\n");
    Outcome outcome = copy("--arch", "arm64", "--list", list);
    assertEquals(1, outcome.exit());
    assertTrue(
        outcome.err().contains("linux/s390x (use --os, --arch and --variant)\n"), outcome.err());
  }

  @Test
  void aLayoutGetsTheWholeIndexUnlessAPlatformIsNamed() {
    copy(both, place("oci")).succeeds();
    assertArrayEquals(manifest("--all", both), manifest("--all", place("oci")));
    copy("--arch", "s390x", both, place("oci")).succeeds();
    assertArrayEquals(manifest(s390x), manifest("--all", place("oci")));
    copy("--arch", "s390x", "--multi-arch", "all", both, place("oci")).succeeds();
    assertArrayEquals(manifest("--all", both), manifest("--all", place("oci")));
    copy("--arch", "s390x", "--multi-arch", "system", both, place("oci")).succeeds();
    assertArrayEquals(manifest(s390x), manifest("--all", place("oci")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-archive", "oci"})
  void allImagesOfAnIndexAreCompressed(String transport) {
    strata("copy", "-q", "--all", both, place(transport)).succeeds();
    for (String arch : List.of("amd64", "s390x")) {
      String json = new String(manifest("--arch", arch, place(transport)), StandardCharsets.UTF_8);
      assertTrue(json.contains("tar+gzip\""), json);
      assertArrayEquals(config("--arch", arch, both), config("--arch", arch, place(transport)));
    }
    strata("copy", "-q", "--all", "--preserve-digests", both, place(transport)).succeeds();
    assertArrayEquals(manifest("--all", both), manifest("--all", place(transport)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir", "oci-archive", "oci"})
  void allImagesGoWhereAnIndexCanBe(String transport) {
    for (String option : List.of("--all", "--multi-arch=all")) {
      copy(option, both, place(transport)).succeeds();
      assertArrayEquals(manifest("--all", both), manifest("--all", place(transport)));
      for (String arch : List.of("amd64", "s390x")) {
        assertArrayEquals(
            manifest("--arch", arch, both), manifest("--arch", arch, place(transport)));
        assertArrayEquals(config("--arch", arch, both), config("--arch", arch, place(transport)));
      }
    }
    String copy = "oci:" + samples.path("copy") + ":2";
    copy("--all", place(transport), copy).succeeds();
    assertArrayEquals(manifest("--all", both), manifest("--all", copy));
  }

  @Test
  void aPlaceForOneImageRefusesAll() {
    strata("copy", "--all", both, place("docker-archive")).fails("holds a single image", "oci:");
    strata("copy", "--all", both, "docker-daemon:app:1").fails("holds a single image");
    strata("copy", "--all", both, "containers-storage:app:1").fails("holds a single image");
    copy("--all", amd64, place("docker-archive")).succeeds();
  }

  @Test
  void keepsTheIndexWithSomeOfItsImages() throws IOException {
    String whole = "oci:" + samples.path("whole") + ":1";
    copy(both, whole).succeeds();
    copy("--multi-arch", "linux/s390x", whole, place("dir")).succeeds();
    assertArrayEquals(manifest("--all", both), index());
    assertArrayEquals(config(s390x), config("--arch", "s390x", place("dir")));
    String missing = strata("manifest", "--digest", amd64).succeeds().out().strip();
    strata("inspect", "--arch", "amd64", place("dir")).fails(missing + " for linux/amd64");
    strata("copy", "--all", place("dir"), place("oci")).fails(missing + " for linux/amd64");
  }

  @Test
  void copiesTheIndexAlone() throws IOException {
    String whole = "oci:" + samples.path("whole") + ":1";
    copy(both, whole).succeeds();
    copy("--multi-arch", "index-only", whole, place("dir")).succeeds();
    assertArrayEquals(manifest("--all", both), index());
    try (Stream<Path> files = Files.list(temporary.resolve("out"))) {
      assertEquals(2, files.count(), "the version and the index");
    }
    copy("--multi-arch", "index-only", both, place("dir")).succeeds();
    assertArrayEquals(manifest("--all", both), index());
  }

  private byte[] index() throws IOException {
    return Files.readAllBytes(temporary.resolve("out/manifest.json"));
  }

  @Test
  void anIndexOfListedPlatformsIsMadeFromFiles() {
    copy("--multi-arch", "linux/s390x", both, place("oci")).succeeds();
    String index = new String(manifest("--all", place("oci")), StandardCharsets.UTF_8);
    assertTrue(index.contains("s390x"), index);
    assertFalse(index.contains("amd64"), index);
    strata("copy", "--multi-arch", "linux/s390x,linux/386", both, place("oci"))
        .fails("no image for linux/386");
  }

  @Test
  void refusesChoicesThatMakeNoSense() {
    strata("copy", "--all", "--multi-arch", "system", both, place("dir"))
        .isBadUsage(2, "--multi-arch");
    strata("copy", "--multi-arch", "everything", both, place("dir")).isBadUsage(2, "--multi-arch");
    strata("copy", "--multi-arch", "linux/", both, place("dir")).isBadUsage(2, "linux/amd64");
  }

  @Test
  void aBaseForSeveralPlatformsGivesTheImageOfTheBuild() throws IOException {
    samples.file("top/more", "more");
    samples.file("config.json", "{}");
    String out = samples.path("on.json");
    strata(
            "build",
            "-q",
            "--from-image",
            both,
            "--arch",
            "s390x",
            "--copy-to-root",
            samples.path("top"),
            "-o",
            out)
        .succeeds();
    assertEquals(2, Image.read(Path.of(out)).layers().size());
    assertEquals(
        Image.read(Path.of(s390x)).layers().getFirst(),
        Image.read(Path.of(out)).layers().getFirst());
    strata(
            "build",
            "-q",
            "--from-image",
            both,
            "--arch",
            "arm64",
            "--copy-to-root",
            samples.path("top"),
            "-o",
            out)
        .fails("no image for linux/arm64");
    samples.file("layers.json", "[]");
    strata(
            "image",
            out,
            "--from-image",
            both,
            "--arch",
            "amd64",
            samples.path("config.json"),
            samples.path("layers.json"))
        .succeeds();
    assertEquals(Image.read(Path.of(amd64)).layers(), Image.read(Path.of(out)).layers());
  }

  @Test
  void aServedIndexCanBeCopiedWholeOrInPart() {
    Reference name = Reference.parse("127.0.0.1/app:1");
    try (RegistryServer server =
        new RegistryServer.Builder(1).add(ImageFile.read(Path.of(both)), name).start()) {
      String source = "docker://" + server.reference(name);
      copy("--all", source, place("oci")).succeeds();
      assertArrayEquals(manifest("--all", both), manifest("--all", place("oci")));
      copy("--arch", "s390x", source, "dir:" + samples.path("one")).succeeds();
      assertArrayEquals(manifest(s390x), manifest("dir:" + samples.path("one")));
    }
  }

  @Test
  void showsOneImageOfAnIndexOfFiles() {
    assertArrayEquals(config(s390x), config("--arch", "s390x", both));
    assertArrayEquals(manifest("--all", both), strata("inspect", "--raw", both).succeeds().bytes());
    String table = strata("inspect", "--arch", "s390x", both).succeeds().out();
    assertTrue(table.contains("linux/s390x"), table);
    strata("inspect", "--arch", "arm64", both).fails("no image for linux/arm64");
    strata("tar", both).fails("index of images");
  }

  @Test
  void anIndexCannotListAnIndex() {
    strata("index", samples.path("more.json"), amd64, "linux/arm64=" + both)
        .fails("both.json", "index of images for several platforms");
  }
}
