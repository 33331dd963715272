package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code strata report} writes; {@code ReportPageIT} opens it in a browser. */
final class ReportCommandTest {
  private static final Pattern DATA = Pattern.compile("\"?(H4sI[A-Za-z0-9+/=]+)");
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String NEW_APP = "4c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.1";
  private static final String DATA_PATH = "3c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-data";

  @TempDir private Path temporary;
  private SampleFolders samples = new SampleFolders(Path.of(""));
  private String old = "";
  private String image = "";

  @BeforeEach
  void makeImages() throws IOException {
    samples = new SampleFolders(temporary.toRealPath());
    samples.file(APP + "/app", "a");
    samples.file(APP + "/gone", "g");
    samples.file(NEW_APP + "/app", "bb");
    samples.file(NEW_APP + "/copy", "d-one");
    samples.file(DATA_PATH + "/one", "d-one");
    for (int i = 0; i < 300; i++) {
      samples.file(DATA_PATH + "/folder/f" + i, "content " + i);
    }
    old = build("old", APP);
    image = build("new", NEW_APP);
  }

  private String build(String name, String app) throws IOException {
    String graph =
        samples.file(
            name + ".json",
            "[{\"path\":\"%s\",\"references\":[\"%s\"]},{\"path\":\"%s\",\"references\":[]}]"
                .formatted(samples.path(app), samples.path(DATA_PATH), samples.path(DATA_PATH)));
    String file = samples.path(name + "-image.json");
    strata("build", "-q", "--closure-graph", graph, "-o", file).succeeds();
    return file;
  }

  private Outcome report(String... more) {
    List<String> command = new ArrayList<>(List.of("report", image, "--against", old));
    command.addAll(List.of("--closure-graph", samples.path("new.json")));
    command.addAll(List.of(more));
    return strata(command.toArray(String[]::new)).succeeds();
  }

  private static JsonTree data(byte[] page) throws IOException {
    Matcher matcher = DATA.matcher(new String(page, StandardCharsets.UTF_8));
    assertTrue(matcher.find(), "the page has no data");
    try (InputStream in =
        new GZIPInputStream(
            new ByteArrayInputStream(Base64.getDecoder().decode(matcher.group(1))))) {
      return JsonTree.parse("the data", in.readAllBytes());
    }
  }

  @Test
  void theSameImagesGiveTheSameBytesForAnyNumberOfJobs() throws IOException {
    Path file = temporary.resolve("page.html");
    byte[] once = report().bytes();
    for (String jobs : List.of("1", "2", "8")) {
      report("-j", jobs, "-o", file.toString());
      assertArrayEquals(once, Files.readAllBytes(file));
    }
  }

  @Test
  void noPageIsWrittenToATerminal() {
    for (String[] more : List.of(new String[] {}, new String[] {"-o", "-"})) {
      List<String> command = new ArrayList<>(List.of("report", image));
      command.addAll(List.of(more));
      new CommandLineRun()
          .onTerminal()
          .run(command)
          .isBadUsage(2, "cannot write a page to a terminal; use -o FILE");
    }
    assertTrue(strata("report", image, "-o", "-").succeeds().out().startsWith("<!DOCTYPE html>"));
  }

  @Test
  void thePageHasTheFilesDuplicatesAndChanges() throws IOException {
    JsonTree data = data(report().bytes());
    assertEquals(0, data.number("wasted", -1));
    assertEquals(5, data.number("shareable", -1));
    List<String> texts = Objects.requireNonNull(data.texts("texts"));
    for (String text : List.of("app", "gone", "f299", samples.path(NEW_APP))) {
      assertTrue(texts.contains(text), text);
    }
    List<JsonTree> layers = Objects.requireNonNull(data.objects("layers"));
    assertEquals(2, layers.size());
    assertEquals(1, Objects.requireNonNull(data.objects("pathChanges")).size());
  }

  @Test
  void aFailureLeavesThePageThatWasThere() throws IOException {
    Path file = Files.writeString(temporary.resolve("page.html"), "before");
    Files.delete(Path.of(samples.path(NEW_APP), "app"));
    Files.delete(Path.of(samples.path(NEW_APP), "copy"));
    Files.delete(Path.of(samples.path(NEW_APP)));
    strata("report", image, "-o", file.toString())
        .fails("'" + samples.path(NEW_APP) + "': no such file or directory");
    assertEquals("before", Files.readString(file));
    assertFalse(Files.exists(temporary.resolve("other.html")));
  }
}
