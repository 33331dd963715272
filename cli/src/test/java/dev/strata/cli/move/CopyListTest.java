package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyListTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String image = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    image = samples.path("image.json");
    strata("build", "--copy-to-root", samples.path("site"), "-o", image).succeeds();
  }

  private String list(String... lines) throws IOException {
    Path file = temporary.resolve("list.txt");
    Files.write(file, List.of(lines));
    return file.toString();
  }

  @Test
  void copiesTheImageOfEachLine() throws IOException {
    String folder = samples.path("a folder");
    String layout = samples.path("layout");
    String list =
        list(
            "# images",
            "",
            "  " + image + "  'dir:" + folder + "'  # quoted",
            image + " oci:" + layout + ":a",
            image + " oci:" + layout + ":b");
    Outcome copied = strata("copy", "--list", list).succeeds();
    assertTrue(copied.err().contains("3 of 3 images copied: "), copied.err());
    assertTrue(Files.exists(Path.of(folder, "manifest.json")));
    String digest = strata("manifest", "--digest", "dir:" + folder).succeeds().out();
    assertFalse(digest.isEmpty());
    assertEquals(
        strata("manifest", "oci:" + layout + ":a").succeeds().out(),
        strata("manifest", "oci:" + layout + ":b").succeeds().out());
  }

  @Test
  void namesAllInvalidLinesBeforeAnyWork() throws IOException {
    String folder = "dir:" + samples.path("folder");
    String list =
        list(
            image + " " + folder,
            image,
            image + " 'dir:x",
            image + " dir:x extra",
            image + " nowhere:x",
            image + " docker-archive:-",
            image + " " + folder);
    Outcome failed = strata("copy", "--list", list);
    assertEquals(1, failed.exit());
    for (String problem :
        List.of(
            "line 2: the destination is missing",
            "line 3: a quote is not closed",
            "line 4: there are 3 words",
            "line 5: ",
            "line 6: an archive in a list must be a file",
            "line 7: the destination is that of line 1, too")) {
      assertTrue(failed.err().contains(problem), failed.err());
    }
    assertFalse(Files.exists(Path.of(samples.path("folder"))));
  }

  @Test
  void copiesTheOtherImagesIfOneFails() throws IOException {
    String folder = samples.path("folder");
    String list =
        list(samples.path("missing.json") + " dir:" + folder + "1", image + " dir:" + folder);
    Outcome failed = strata("copy", "--list", list);
    assertEquals(1, failed.exit());
    assertTrue(failed.err().contains("strata: line 1: dir:" + folder + "1: "), failed.err());
    assertTrue(failed.err().contains("1 of 2 images copied"), failed.err());
    assertTrue(failed.err().contains("(line 1); run the command again"), failed.err());
    assertTrue(Files.exists(Path.of(folder, "manifest.json")));
  }

  @Test
  void printsEventsWithTheirLinesAndASummary() throws IOException {
    String folder = samples.path("folder");
    String list =
        list(image + " dir:" + folder, samples.path("missing.json") + " dir:" + folder + "1");
    Outcome run = strata("copy", "--json", "--list", list);
    List<String> events = run.out().lines().toList();
    assertTrue(
        events.stream()
            .anyMatch(e -> e.startsWith("{\"event\":\"done\",\"line\":1,\"destination\":\"dir:")),
        run.out());
    assertTrue(
        events.stream().anyMatch(e -> e.startsWith("{\"event\":\"failed\",\"line\":2,\"type\":\"")),
        run.out());
    assertTrue(
        events
            .getLast()
            .startsWith("{\"event\":\"summary\",\"images\":2,\"copied\":1,\"failed\":1,"),
        run.out());
  }

  @Test
  void refusesOptionsForOneImage() throws IOException {
    String list = list(image + " dir:" + samples.path("folder"));
    for (String[] more :
        new String[][] {{"--digestfile", "f"}, {"--additional-tag", "t"}, {image, "dir:x"}}) {
      String[] args = new String[3 + more.length];
      args[0] = "copy";
      args[1] = "--list";
      args[2] = list;
      System.arraycopy(more, 0, args, 3, more.length);
      assertEquals(2, strata(args).exit());
    }
    assertEquals(2, strata("copy").exit());
  }
}
