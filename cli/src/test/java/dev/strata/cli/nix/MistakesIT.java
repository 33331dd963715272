package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that users get for mistakes in the arguments of the Nix functions. */
class MistakesIT {
  private static final int FEWEST = 20;

  @TempDir private Path folder;

  private final Nix nix = Nix.require();

  /** The expected line of each mistake, after {@code error: } or {@code warning: }. */
  private Map<String, String> expected() throws IOException {
    Path json =
        Files.writeString(folder.resolve("lines.json"), nix.evaluate("mistakes.lines").out());
    Map<String, String> lines = new TreeMap<>();
    for (String line : Nix.jq(json, "to_entries[] | \"\\(.key) \\(.value)\"").lines().toList()) {
      int blank = line.indexOf(' ');
      lines.put(line.substring(0, blank), line.substring(blank + 1));
    }
    return lines;
  }

  /** The line that Nix prints: the expected one, or else all that it prints. */
  private String printed(String mistake, String expected) {
    Programs.Result result = nix.instantiate("mistakes." + mistake);
    boolean accepted = expected.startsWith("warning: ");
    boolean there =
        result
            .err()
            .lines()
            .map(line -> line.strip().replaceFirst("^trace: |^evaluation ", ""))
            .anyMatch(expected::equals);
    return there && accepted == (result.exitCode() == 0) ? expected : result.err();
  }

  @Test
  void eachMistakeGetsItsLine() throws IOException {
    Map<String, String> expected = expected();
    assertTrue(expected.size() >= FEWEST, expected::toString);
    Map<String, String> printed = new TreeMap<>();
    expected.forEach((mistake, line) -> printed.put(mistake, printed(mistake, line)));
    assertEquals(expected, printed);
  }

  @Test
  void thePageHasEachLine() throws IOException {
    String page = Files.readString(Nix.root().resolve("docs/nix/mistakes.md"));
    Map<String, String> missing = new TreeMap<>(expected());
    missing.values().removeIf(line -> page.contains("| `" + line + "` |"));
    assertEquals(Map.of(), missing);
  }

  @Test
  void anImageMayReferToItsOwnNameAndTag() {
    assertEquals("case:v1", nix.text("mistakes.selfReferring.imageRefUnsafe"));
    Path image = nix.buildOne("mistakes.selfReferring");
    assertEquals("[\"IMAGE=case:v1\"]", Nix.jq(image, ".\"image-config\".Env"));
    assertTrue(nix.text("mistakes.tagOfItsOwnHash.imageTag").matches("v-[0-9a-z]{32}"));
  }

  @Test
  void whatTheReferenceAcceptsIsAccepted() {
    assertEquals(
        "", nix.instantiate("mistakes.accepted").ok().err().replaceAll("warning: you.*\n", ""));
  }
}
