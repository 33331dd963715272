package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCommandTest {
  private static final String HASH = "0123456789abcdfghijklmnpqrsvwxyz";

  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String one = "";
  private String two = "";

  @BeforeEach
  void writeGraphs() throws IOException {
    sample = new SampleFolders(directory);
    one = graph("one.json", "1.0");
    two = graph("two.json", "1.1");
  }

  private String graph(String file, String app) throws IOException {
    return sample.file(
        file,
        "["
            + entry("app-" + app, 5_000, "python-3.12", "cert-1")
            + ","
            + entry("python-3.12", 900_000, "libc-2.40")
            + ","
            + entry("libc-2.40", 200_000)
            + ","
            + entry("cert-1", 10)
            + "]");
  }

  private static String path(String name) {
    return "/nix/store/" + HASH + "-" + name;
  }

  private static String entry(String name, long size, String... references) {
    List<String> quoted = List.of(references).stream().map(r -> "\"" + path(r) + "\"").toList();
    return "{\"path\":\"%s\",\"narHash\":\"sha256:%s\",\"narSize\":%d,\"references\":%s}"
        .formatted(path(name), "0".repeat(64), size, quoted);
  }

  @Test
  void showsTheLayersOfAClosure() {
    assertEquals(
        """
          LAYER    SIZE  PATHS  CONTENTS
              0  200 kB      1  libc-2.40
              1  905 kB      3  python-3.12, app-1.0, and 1 more

        2 layers, 4 paths, 1.11 MB
        """,
        strata("plan", one, "--max-layers", "2").succeeds().out());
    assertEquals(
        """
          LAYER     SIZE  PATHS  CONTENTS
              0  1.10 MB      2  python-3.12, libc-2.40
              1  5.01 kB      2  app-1.0, cert-1

        2 layers, 4 paths, 1.11 MB
        """,
        strata("plan", one, "--max-layers", "2", "--layering", "by-size").succeeds().out());
  }

  @Test
  void printsThePlanAsJson() {
    String json =
        strata("plan", one, "--max-layers", "2", "--min-layer-size", "1kB", "--json")
            .succeeds()
            .out()
            .replaceAll("\\s", "");
    assertEquals(
        "{\"layering\":\"popularity\",\"maxLayers\":2,\"minLayerSize\":1000,\"size\":1105010,"
            + "\"layers\":[{\"layer\":0,\"size\":200000,\"paths\":[\""
            + path("libc-2.40")
            + "\"]},{\"layer\":1,\"size\":905010,\"paths\":[\""
            + path("python-3.12")
            + "\",\""
            + path("cert-1")
            + "\",\""
            + path("app-1.0")
            + "\"]}]}",
        json);
  }

  @Test
  void comparesWhatEachWaySends() {
    String text = strata("plan", "--compare", one, two, "--max-layers", "2").succeeds().out();
    assertEquals(
        """
          STEP  GRAPH        SIZE  CHANGED  POPULARITY  BY-SIZE  VOLATILE
             0  one.json  1.11 MB  1.11 MB     1.11 MB  1.11 MB   1.11 MB
             1  two.json  1.11 MB  5.00 kB      905 kB  5.01 kB   5.01 kB

        Sent after the first image, with at most 2 layers:
          changed     5.00 kB  #
          popularity   905 kB  ########################################
          by-size     5.01 kB  #
          volatile    5.01 kB  #
        """,
        text);
  }

  @Test
  void comparesNamedPathsAndAListOfLayers() throws IOException {
    String file = sample.file("layers.json", "[[\"" + path("libc-2.40") + "\"]]");
    String json =
        strata(
                "plan",
                "--compare",
                "--json",
                one,
                two,
                "--max-layers",
                "3",
                "--volatile",
                "app",
                "--layers-file",
                file)
            .succeeds()
            .out()
            .replaceAll("\\s", "");
    assertTrue(
        json.contains(
            "\"changed\":5000,\"sent\":{\"popularity\":5010,\"by-size\":5010,\"volatile\":5000,"
                + "\"fleet\":5010},\"layers\":{\"popularity\":3,\"by-size\":3,\"volatile\":3,"
                + "\"fleet\":3}"),
        json);
    assertTrue(json.endsWith("\"fleet\":5010}}"), json);
    Outcome typo = strata("plan", "--compare", one, two, "--volatile", "aap").succeeds();
    assertTrue(typo.err().contains("no path has the name 'aap'"), typo.err());
    assertEquals(1, typo.err().lines().count());
    assertEquals(
        "", strata("plan", "--compare", one, two, "--volatile", "app-1.1").succeeds().err());
  }

  @Test
  void drawsAChart() throws Exception {
    String odd = graph("a<b>&\"c\".json", "1.2");
    String svg = sample.path("chart.svg");
    strata("plan", "--compare", one, odd, "-o", svg).succeeds();
    String text = Files.readString(Path.of(svg));
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Path.of(svg).toFile());
    assertTrue(text.contains("a&lt;b&gt;&amp;&quot;c&quot;.json, by-size: 5.00 kB"), text);
  }

  @Test
  void plansTheLayersOfAFleet() throws IOException {
    String worker =
        sample.file(
            "worker.json",
            "["
                + entry("worker-3", 7_000, "libc-2.40", "cert-1")
                + ","
                + entry("libc-2.40", 200_000)
                + ","
                + entry("cert-1", 10)
                + "]");
    String file = sample.path("layers.json");
    String text =
        strata("plan", "--fleet", one, worker, "-o", file, "--max-layers", "2").succeeds().out();
    assertEquals(
        "[[\"" + path("cert-1") + "\",\"" + path("libc-2.40") + "\"]]",
        Files.readString(Path.of(file)).replaceAll("\\s", ""));
    assertTrue(text.contains("  paths       1.11 MB"), text);
    assertTrue(text.contains("  popularity  1.11 MB"), text);
    assertTrue(text.contains("  fleet       1.11 MB"), text);
    assertTrue(text.endsWith("layers.json: 1 shared layer\n"), text);
    String json =
        strata("plan", "--fleet", one, worker, "--max-layers", "2", "--json")
            .succeeds()
            .out()
            .replaceAll("\\s", "");
    assertTrue(json.contains("\"size\":207010,\"layers\":2,\"shared\":200010}"), json);
    assertTrue(json.contains("\"fleet\":1112010}"), json);
  }

  @Test
  void needsTheSizeOfEachPath() throws IOException {
    String graph = sample.file("g.json", "[{\"path\":\"/nowhere/a\",\"references\":[]}]");
    strata("plan", graph).fails("the size of '/nowhere/a' is unknown", "strata closure");
    sample.file("a", "x".repeat(1000));
    String here =
        sample.file("h.json", "[{\"path\":\"" + sample.path("a") + "\",\"references\":[]}]");
    assertTrue(strata("plan", here).succeeds().out().contains("1 path"));
  }

  @Test
  void contradictionsAreBadUsage() {
    strata("plan").isBadUsage(2, "GRAPH");
    strata("plan", one, two).isBadUsage(2, "require --compare or --fleet");
    strata("plan", "--compare", one).isBadUsage(2, "--compare requires two");
    strata("plan", "--fleet", one).isBadUsage(2, "--fleet requires two");
    strata("plan", "--compare", "--fleet", one, two).isBadUsage(2, "cannot be combined");
    strata("plan", "--compare", one, one).isBadUsage(2, "named twice");
    strata("plan", one, "-o", "-").isBadUsage(2, "use -o DIR");
    strata("plan", "--compare", one, two, "--layering", "by-size").isBadUsage(2, "--layering");
    strata("plan", "--fleet", one, two, "--volatile", "x").isBadUsage(2, "--volatile");
    strata("plan", one, "--layering", "volatile").isBadUsage(2, "requires --volatile");
  }
}
