package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer has the same number in the output of every command, and for {@code tar --layer}. */
final class LayerNumbersTest {
  /** A number and the start of a digest in a table. */
  private static final Pattern ROW = Pattern.compile("(?m)^[ +-]*(\\d+)  ([0-9a-f]{12}) ");

  /** The same in a sentence, and in JSON. */
  private static final Pattern NAMED = Pattern.compile("layer (\\d+) \\(([0-9a-f]{12})");

  private static final Pattern JSON =
      Pattern.compile("\"layer\": (\\d+),[^}]*?\"digest\": \"sha256:([0-9a-f]{12})");

  @TempDir private Path directory = Path.of("");

  private final Map<String, String> byNumber = new LinkedHashMap<>();
  private SampleFolders samples = new SampleFolders(directory);
  private String image = "";
  private String built = "";

  @BeforeEach
  void build() throws IOException {
    samples = new SampleFolders(directory);
    for (String name : new String[] {"a", "b", "c"}) {
      samples.file(name + "/file", name.repeat(100));
    }
    image = samples.path("image.json");
    String[] paths = {samples.path("a"), samples.path("b"), samples.path("c")};
    built =
        strata("build", paths[0], paths[1], paths[2], "-o", image, "--no-cache").succeeds().out();
    for (int i = 0; i < paths.length; i++) {
      byte[] tar = strata("tar", image, "--layer", Integer.toString(i)).succeeds().bytes();
      byNumber.put(Integer.toString(i), Digest.of(tar).hex().substring(0, 12));
    }
    strata("tar", image, "--layer", "3").isBadUsage(2, "has layers 0 to 2");
  }

  private void assertSameNumbers(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    Map<String, String> shown = new LinkedHashMap<>();
    while (found.find()) {
      shown.put(found.group(1), found.group(2));
    }
    assertEquals(byNumber, shown, text);
  }

  @Test
  void tablesCountLikeTar() {
    assertSameNumbers(ROW, built);
    assertSameNumbers(ROW, strata("inspect", image).succeeds().out());
  }

  @Test
  void verifyCountsLikeTar() throws IOException {
    assertSameNumbers(JSON, strata("verify", "--json", image).succeeds().out());
    for (String name : new String[] {"a", "b", "c"}) {
      samples.file(name + "/file", "changed");
    }
    assertSameNumbers(NAMED, strata("verify", image).out());
  }

  @Test
  void diffCountsLikeTar() throws IOException {
    samples.file("d/file", "other");
    String other = samples.path("other.json");
    strata("build", samples.path("d"), "-o", other, "--no-cache").succeeds();

    String removed = strata("diff", "--no-files", image, other).out();

    assertTrue(removed.contains("+  0  "), removed);
    assertSameNumbers(Pattern.compile("(?m)^ +- +(\\d+)  ([0-9a-f]{12}) "), removed);
  }
}
