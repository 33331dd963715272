package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.blob.Digest;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opens the page of {@code strata report} in Chromium. */
final class ReportPageIT {
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String NEW_APP = "4c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.1";
  private static final String LIBC = "2c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-glibc-2.40";
  private static final String DATA = "3c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-data";
  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>\u202e'\"&amp;";

  @TempDir private static Path temporary;
  private static Path page = Path.of("");

  @BeforeAll
  static void makePage() throws IOException {
    assumeTrue(hasChromium() || Boolean.getBoolean("strata.requireTools"), "chromium is missing");
    SampleFolders samples = new SampleFolders(temporary);
    samples.file(APP + "/bin/app", "a".repeat(50_000));
    samples.file(APP + "/etc/app.conf", "c");
    samples.file(APP + "/gone", "g".repeat(700));
    samples.file(NEW_APP + "/bin/app", "b".repeat(60_000));
    samples.file(NEW_APP + "/etc/app.conf", "c");
    samples.file(NEW_APP + "/" + HOSTILE, "x".repeat(9_000));
    samples.file(LIBC + "/lib/libc.so", "l".repeat(300_000));
    samples.file(LIBC + "/lib/copy.so", "l".repeat(300_000));
    for (int i = 0; i < 500; i++) {
      samples.file(DATA + "/many/file-" + i, "d".repeat(i));
    }
    samples.file("old.json", graph(samples, APP));
    samples.file("new.json", graph(samples, NEW_APP));
    build(samples, "old");
    strata("copy", "-q", samples.path("old-image.json"), "oci:" + samples.path("old") + ":1")
        .succeeds();
    build(samples, "new");
    page = temporary.resolve("image.html");
    strata(
            "report",
            "--closure-graph",
            samples.path("new.json"),
            "--against",
            "oci:" + samples.path("old") + ":1",
            samples.path("new-image.json"),
            "-o",
            page.toString())
        .succeeds();
  }

  private static void build(SampleFolders samples, String name) {
    strata(
            "build",
            "--closure-graph",
            samples.path(name + ".json"),
            "-o",
            samples.path(name + "-image.json"))
        .succeeds();
  }

  private static String graph(SampleFolders samples, String app) {
    return "[{\"path\":\"%s\",\"references\":[\"%s\",\"%s\"]},"
            .formatted(samples.path(app), samples.path(LIBC), samples.path(DATA))
        + "{\"path\":\"%s\",\"references\":[]},{\"path\":\"%s\",\"references\":[]}]"
            .formatted(samples.path(LIBC), samples.path(DATA));
  }

  private static boolean hasChromium() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "chromium")));
  }

  private static Browser browser() throws IOException, InterruptedException {
    return Browser.start(Files.createTempDirectory(temporary, "profile"));
  }

  private static void assertQuiet(Browser browser, Path opened) {
    assertEquals(List.of(), browser.problems());
    assertEquals(
        List.of(opened.toUri().toString()),
        browser.requests().stream().filter(url -> !url.startsWith("data:")).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "390,844,light",
    "390,844,dark",
    "820,1180,light",
    "820,1180,dark",
    "1440,900,light",
    "1440,900,dark"
  })
  void everyViewIsAccessibleAndFitsTheWindow(int width, int height, String scheme)
      throws IOException, InterruptedException {
    String axe;
    try (InputStream in =
        Objects.requireNonNull(ReportPageIT.class.getResourceAsStream("/axe.min.js"))) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try (Browser browser = browser()) {
      browser.show(width, height, scheme);
      browser.open(page);
      browser.run(axe);
      for (String view : List.of("map", "paths", "files", "duplicates", "changes", "push")) {
        browser.evaluate("document.getElementById('tab-" + view + "').click()");
        assertAccessible(browser, view, width);
        if (!view.equals("map") && !view.equals("push")) {
          String row = "document.querySelector('#panel-" + view + " tbody button')";
          browser.evaluate(row + ".click()");
          assertEquals("false", browser.evaluate("document.getElementById('details').hidden"));
          assertAccessible(browser, view + " with details", width);
          browser.press("Escape");
          assertEquals("true", browser.evaluate("document.getElementById('details').hidden"));
          assertEquals("true", browser.evaluate("document.activeElement === " + row), view);
        }
      }
      assertQuiet(browser, page);
    }
  }

  private static void assertAccessible(Browser browser, String view, int width)
      throws InterruptedException {
    assertEquals(
        Integer.toString(width), browser.evaluate("document.documentElement.scrollWidth"), view);
    String violations =
        browser.evaluate(
            """
            axe.run().then((result) => result.violations.map((v) =>
                v.id + ': ' + v.nodes.map((n) => n.target + ' ' + n.failureSummary).join('; ')).join('\\n'))
            """);
    assertEquals("", violations, view);
  }

  @Test
  void theKeyboardLeadsToTheLargestFileAndWhyItIsThere() throws IOException, InterruptedException {
    try (Browser browser = browser()) {
      browser.show(1440, 900, "light");
      browser.open(page);
      String focused = "document.activeElement.id || document.activeElement.innerText";
      press(browser, "Tab");
      assertEquals("Skip to the views", browser.evaluate("document.activeElement.innerText"));
      press(browser, "Enter", "Tab");
      assertEquals("tab-map", browser.evaluate(focused));
      press(browser, "ArrowRight", "ArrowRight");
      assertEquals("tab-files", browser.evaluate(focused));
      press(browser, "Tab", "Tab", "Tab", "Tab");
      // The search, then the heads of the columns.
      while (browser.evaluate("document.activeElement.closest('thead') !== null").equals("true")) {
        press(browser, "Tab");
      }
      assertTrue(browser.evaluate(focused).contains(".so"), browser.evaluate(focused));
      press(browser, "Enter");
      assertEquals("details-title", browser.evaluate(focused));
      assertEquals(
          "app-1.1→glibc-2.40",
          browser.evaluate(
              "document.querySelector('.chains li').innerText.replaceAll(/\\s/g, '')"));
      press(browser, "Escape", "ArrowDown");
      assertTrue(browser.evaluate(focused).contains(".so"), browser.evaluate(focused));
      assertQuiet(browser, page);
    }
  }

  private static void press(Browser browser, String... keys) throws InterruptedException {
    for (String key : keys) {
      browser.press(key);
    }
  }

  @Test
  void namesInTheImageAreTextOnly() throws IOException, InterruptedException {
    try (Browser browser = browser()) {
      browser.show(1440, 900, "light");
      browser.open(page);
      for (String view : List.of("map", "paths", "files", "duplicates", "changes", "push")) {
        browser.evaluate("document.getElementById('tab-" + view + "').click()");
      }
      String files = browser.evaluate("document.getElementById('panel-files').innerText");
      assertTrue(files.contains("script><img src=x onerror=alert(1)>\\u202e'\"&amp;"), files);
      assertEquals("0", browser.evaluate("document.images.length"));
      assertEquals("1", browser.evaluate("document.scripts.length"));
      assertQuiet(browser, page);
    }
  }

  @Test
  void showsWhatDiffersAndWhatIsUploaded() throws IOException, InterruptedException {
    try (Browser browser = browser()) {
      browser.show(1440, 900, "light");
      browser.open(page);
      browser.evaluate("document.getElementById('tab-changes').click()");
      String changes = browser.evaluate("document.getElementById('panel-changes').innerText");
      assertTrue(changes.contains("1.0") && changes.contains("1.1"), changes);
      assertTrue(changes.contains("size 50000 → 60000, content"), changes);
      assertTrue(changes.contains("removed") && changes.contains("added"), changes);
      browser.evaluate("document.getElementById('tab-push').click()");
      String push = browser.evaluate("document.getElementById('panel-push').innerText");
      assertTrue(push.contains("1 of 3 layers"), push);
      browser.evaluate("document.getElementById('tab-duplicates').click()");
      String copies = browser.evaluate("document.getElementById('panel-duplicates').innerText");
      assertTrue(copies.contains("300 kB could be shared"), copies);
    }
  }

  @Test
  void opensManyFilesSoon() throws IOException, InterruptedException {
    String image = "docker-archive:" + archiveOfManyFiles();
    Path many = temporary.resolve("many.html");
    strata("report", image, "-o", many.toString()).succeeds();
    try (Browser browser = browser()) {
      browser.show(1440, 900, "light");
      long millis = browser.open(many);
      assertTrue(millis < 5_000, "loaded in " + millis + " ms");
      browser.evaluate("document.getElementById('tab-files').click()");
      String rows =
          browser.evaluate(
              """
              (() => {
                const table = document.querySelector('#panel-files .table');
                table.scrollTop = table.scrollHeight;
                return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(
                    () => resolve(document.querySelectorAll('#panel-files tbody tr').length))));
              })()
              """);
      assertTrue(Integer.parseInt(rows) < 60, rows + " rows are in the document");
    }
  }

  private static Path archiveOfManyFiles() throws IOException {
    Path layer = temporary.resolve("layer.tar");
    try (OutputStream out = Files.newOutputStream(layer);
        TarArchiveOutputStream entries = new TarArchiveOutputStream(out, "UTF-8")) {
      for (int i = 0; i < 127_000; i++) {
        String name = "nix/store/%032d-package-%d.%d/share/folder-%d/file-%d.txt";
        add(
            entries,
            String.format(Locale.ROOT, name, i / 180, i / 180, i % 7, i / 30, i),
            Integer.toString(i).repeat(i % 40).getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] bytes = Files.readAllBytes(layer);
    String config =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
            + Digest.of(bytes).value()
            + "\"]}}";
    Path archive = temporary.resolve("many.tar");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream entries = new TarArchiveOutputStream(out, "UTF-8")) {
      add(entries, "config.json", config.getBytes(StandardCharsets.UTF_8));
      add(entries, "layer.tar", bytes);
      add(
          entries,
          "manifest.json",
          "[{\"Config\":\"config.json\",\"RepoTags\":[\"many:1\"],\"Layers\":[\"layer.tar\"]}]"
              .getBytes(StandardCharsets.UTF_8));
    }
    return archive;
  }

  private static void add(TarArchiveOutputStream entries, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entries.putArchiveEntry(entry);
    entries.write(content);
    entries.closeArchiveEntry();
  }
}
