package dev.strata.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyCommandTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private final CommandLineRun strata = new CommandLineRun();

  @BeforeEach
  void build() throws IOException {
    directory = directory.toRealPath();
    sample = new SampleFolders(directory);
    sample.file("a/one", "1");
    sample.file("b/two", "2");
    build("image.json");
    build("witnessed.json", "--witness", sample.path("witness"));
  }

  private void build(String image, String... options) {
    List<String> command =
        new ArrayList<>(List.of("build", "-q", sample.path("a"), sample.path("b")));
    command.addAll(List.of("-o", sample.path(image)));
    command.addAll(List.of(options));
    strata.run(command).succeeds();
  }

  private Outcome verify(String... images) {
    List<String> command = new ArrayList<>(List.of("verify"));
    command.addAll(List.of(images));
    return strata.run(command);
  }

  private static void assertContains(String text, Outcome outcome) {
    assertTrue(outcome.out().contains(text), () -> outcome.out() + outcome.err());
  }

  @Test
  void printsALineForAnImageThatIsTheSame() {
    String name = sample.path("image.json");

    Outcome outcome = verify(name, sample.path("witnessed.json")).succeeds();

    assertTrue(outcome.out().startsWith(name + ": 2 layers, "), outcome.out());
    assertEquals(2, outcome.out().lines().count());
  }

  @Test
  void aPathThatIsMissingIsNamedWithAndWithoutAWitness() throws IOException {
    Files.delete(directory.resolve("a/one"));
    Files.delete(directory.resolve("a"));

    for (String image : new String[] {"image.json", "witnessed.json"}) {
      Outcome outcome = verify(sample.path(image));
      assertEquals(1, outcome.exit());
      assertContains("'" + sample.path("a") + "'", outcome);
      assertContains("1 of 2 blobs not as recorded", outcome);
    }
    assertContains("'" + sample.path("a") + "': missing", verify(sample.path("witnessed.json")));
  }

  @Test
  void fallsBackWhenTheWitnessIsDamagedOrMissing() throws IOException {
    sample.file("a/one", "!");
    sample.file("graph.json", "[{\"path\":\"%s\",\"narSize\":1}]".formatted(sample.path("a")));
    String[] command = {
      "--closure-graph", sample.path("graph.json"), sample.path("witnessed.json")
    };
    assertContains("'" + sample.path("a") + "/one': content", verify(command));

    Files.writeString(directory.resolve("witness"), "strata witness 1\nx");
    Outcome damaged = verify(command);
    assertContains("the witness '" + sample.path("witness") + "' is damaged", damaged);
    assertContains("'" + sample.path("a") + "': NAR size 1 -> ", damaged);

    Files.delete(directory.resolve("witness"));
    assertContains("no such file", verify(command));
    assertEquals(1, verify(command).exit());
  }

  @Test
  void readsEveryBlobOfOtherImages() throws IOException {
    String layout = "oci:" + sample.path("layout") + ":app";
    strata
        .run("copy", "--dest-compress-format", "gzip", sample.path("image.json"), layout)
        .succeeds();
    assertContains(": 2 layers, ", verify(layout).succeeds());

    try (Stream<Path> blobs = Files.list(directory.resolve("layout/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        byte[] content = Files.readAllBytes(blob);
        byte[] damaged = content.clone();
        damaged[content.length / 2] ^= 1;
        Files.write(blob, damaged);
        Outcome outcome = verify(layout);
        assertEquals(1, outcome.exit(), () -> blob + outcome.out() + outcome.err());
        Files.write(blob, content);
      }
    }
    verify(layout).succeeds();
  }

  @Test
  void readsALayersFileAndPrintsJson() throws IOException {
    sample.file("graph.json", "[{\"path\":\"%s\"}]".formatted(sample.path("a")));
    strata
        .run(
            "layers-from-reproducible-storepaths",
            sample.path("layers.json"),
            sample.path("graph.json"))
        .succeeds();
    Outcome same = verify("--json", sample.path("layers.json")).succeeds();
    JsonTree image = image(same);
    assertEquals("same", image.text("result"));
    sample.file("a/one", "other");

    Outcome changed = verify("--json", sample.path("layers.json"));
    assertEquals(1, changed.exit());
    assertEquals("changed", image(changed).text("result"));
    assertEquals(
        "build-again",
        Objects.requireNonNull(image(changed).objects("layers")).getFirst().text("remedy"));
  }

  private static JsonTree image(Outcome outcome) {
    byte[] json = outcome.out().getBytes(StandardCharsets.UTF_8);
    return Objects.requireNonNull(JsonTree.parse("the report", json).objects("images")).getFirst();
  }

  @Test
  void exitsWithTwoWhenTheAnswerCannotBeFound() {
    Outcome missing = verify(sample.path("none.json"));
    assertEquals(2, missing.exit());
    assertTrue(missing.err().contains("no such file"), missing.err());
  }
}
