package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.strata.blob.Digest;
import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer of the base that is damaged after the first build shows whether it is read again. */
final class BaseCacheTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String base = "";
  private String file = "";
  private Path json = directory;

  @BeforeEach
  void makeBase() throws IOException {
    sample = new SampleFolders(directory);
    file = sample.file("src/file", "text").toString();
    json = directory.resolve("image.json");
    sample.file(
        "root/etc/passwd", "root:x:0:0::/root:/bin/sh\nada:x:1000:100::/home/ada:/bin/sh\n");
    sample.file("root/etc/group", "root:x:0:\nusers:x:100:\n");
    Path tmp = Files.createDirectories(directory.resolve("root/tmp"));
    Files.setAttribute(tmp, "unix:mode", 01777);
    Files.createDirectories(directory.resolve("root/usr/lib/\u00e4"));
    Files.createSymbolicLink(directory.resolve("root/lib"), Path.of("usr/lib"));
    base = "oci:" + directory.resolve("base");
    strata("build", "-q", "--add", directory.resolve("root") + ":/", "--to", base).succeeds();
  }

  private Outcome build(String... more) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "--from", base, "-o", "" + json));
    args.addAll(List.of(more));
    return new CommandLineRun()
        .with("XDG_CACHE_HOME", sample.path("home"))
        .run(args.toArray(String[]::new));
  }

  private String image(String... more) throws IOException {
    build(more).succeeds();
    return Files.readString(json);
  }

  private Path layer() {
    Digest digest = Image.read(json).layers().getFirst().digest();
    return directory.resolve("base/blobs/sha256").resolve(digest.hex());
  }

  private void damageBase() throws IOException {
    Path layer = layer();
    Files.write(layer, new byte[(int) Files.size(layer)]);
  }

  @ParameterizedTest
  @ValueSource(strings = {":/tmp/new/file", ":/lib/file", ":/opt/file:owner=ada"})
  void aSecondBuildDoesNotReadTheBaseAgain(String target) throws IOException {
    String first = image("--add", file + target);
    damageBase();
    assertEquals(first, image("--add", file + target));
  }

  @Test
  void usersAreAddedToABaseThatIsKnown() throws IOException {
    image("--add", file + ":/tmp/file");
    String expected = image("--no-cache", "--add-user", "eve:1001:1001:/home/eve");
    damageBase();
    assertEquals(expected, image("--add-user", "eve:1001:1001:/home/eve"));
  }

  @Test
  void aUserThatTheBaseHasIsStillRefused() throws IOException {
    image("--add", file + ":/tmp/file");
    damageBase();
    build("--add-user", "ada:1001:1001:/home/ada").fails("'ada'");
  }

  @Test
  void noCacheReadsTheBase() throws IOException {
    image("--add", file + ":/tmp/file");
    damageBase();
    build("--no-cache", "--add", file + ":/tmp/file").fails("does not have the digest");
  }

  @Test
  void noCacheRemembersNothing() throws IOException {
    image("--no-cache", "--add", file + ":/tmp/file");
    assertFalse(Files.exists(directory.resolve("home")));
  }
}
