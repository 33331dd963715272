package dev.strata.closure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import dev.strata.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClosureGraphTest {
  private static final String CYCLE = "cycle";
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

  @TempDir private Path temporary;

  static List<Table.Row> graphs() {
    return Table.load("popularity.tsv");
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void ordersLikeTheReference(Table.Row row) {
    ClosureGraph graph = parse(row.raw(0));
    if (row.raw(1).equals(CYCLE)) {
      assertNamesACycle(graph, Failures.messageOf(graph::byPopularity));
    } else {
      assertEquals(row.raw(1), String.join(",", graph.byPopularity()));
    }
  }

  private static ClosureGraph parse(String text) {
    return new ClosureGraph(Stream.of(text.split(";")).map(ClosureGraphTest::storePath).toList());
  }

  private static StorePath storePath(String text) {
    int arrow = text.indexOf('>');
    String references = text.substring(arrow + 1);
    boolean none = references.isEmpty() && arrow > 0;
    return new StorePath(
        text.substring(0, arrow), none ? List.of() : List.of(references.split(",", -1)));
  }

  /** Every step in the message must be a reference of the graph. */
  private static void assertNamesACycle(ClosureGraph graph, String message) {
    List<String> named = new ArrayList<>();
    Matcher quoted = QUOTED.matcher(message);
    while (quoted.find()) {
      named.add(quoted.group(1));
    }
    assertTrue(named.size() >= 3, message);
    assertEquals(named.getFirst(), named.getLast(), message);
    for (int i = 1; i < named.size(); i++) {
      assertTrue(refers(graph, named.get(i - 1), named.get(i)), message);
    }
  }

  private static boolean refers(ClosureGraph graph, String from, String to) {
    return graph.paths().stream()
        .anyMatch(p -> p.path().equals(from) && p.references().contains(to));
  }

  @Test
  void putsTheLaterOfEquallyPopularPathsFirst() {
    ClosureGraph graph = parse("a>;b>;c>");

    assertEquals(List.of("c", "b", "a"), graph.byPopularity());
  }

  @Test
  void includesPathsThatAreOnlyReferences() {
    assertEquals(List.of("out", "b", "a"), parse("a>out;b>").byPopularity());
  }

  @Test
  void mergesTheReferencesOfADuplicatePath() {
    assertEquals(List.of("y", "x", "a"), parse("a>x;a>y;a>x").byPopularity());
  }

  @Test
  void shortensALongCycle() {
    List<StorePath> ring =
        IntStream.range(0, 30)
            .mapToObj(i -> new StorePath("p" + i, List.of("p" + (i + 1) % 30)))
            .toList();

    Failures.assertFails(
        InvalidInputException.class,
        new ClosureGraph(ring)::byPopularity,
        "has a cycle: ",
        "(22 more)");
  }

  @Test
  void excludesPathsAboveAndBelowFromTheReportedCycle() {
    ClosureGraph graph = parse("top>a;a>b;b>c;c>b;c>leaf;leaf>");

    String message = Failures.messageOf(graph::byPopularity);

    assertNamesACycle(graph, message);
    assertTrue(!message.contains("'top'") && !message.contains("'leaf'"), message);
  }

  @Test
  void ordersADeepGraphWithoutDeepRecursion() {
    int depth = 200_000;
    List<StorePath> chain =
        IntStream.range(0, depth)
            .mapToObj(i -> new StorePath("p" + i, List.of("p" + (i + 1))))
            .toList();

    List<String> order = new ClosureGraph(chain).byPopularity();

    assertEquals(depth + 1, order.size());
    assertEquals("p" + depth, order.getFirst());
    assertEquals("p0", order.getLast());
  }

  @Test
  void readsTheOutputOfNixAndIgnoresOtherKeys() throws IOException {
    Path file =
        file(
            """
            [{"PATH": "/nix/store/a", "references": ["/nix/store/b", null], "narSize": 1e3},
             {"path": "/nix/store/b", "References": null, "valid": true, "x": {"path": "/no"}},
             null]
            """);

    assertEquals(
        List.of(
            new StorePath(
                "/nix/store/a",
                List.of("/nix/store/b", ""),
                NarInfo.recorded("/nix/store/a", "", "1e3")),
            new StorePath("/nix/store/b", List.of()),
            new StorePath("", List.of())),
        ClosureGraph.read(file).paths());
  }

  @Test
  void readsItsOwnOutput() throws IOException {
    ClosureGraph graph = parse("/nix/store/é <&>>/nix/store/b,\u2028;/nix/store/b>");

    assertEquals(graph, ClosureGraph.read(file(graph.toJson())));
  }

  @Test
  void readsTheAttributesOfABuilderSortedAndWithoutIgnoredPaths() throws IOException {
    Path file =
        file(
            """
            {"name": "image.json", "ignoredPaths": ["/nix/store/c-config"], "graph": [
              {"path": "/nix/store/c-config", "references": ["/nix/store/b"]},
              {"path": "/nix/store/b", "references": ["/nix/store/b", "/nix/store/a"]},
              {"path": "/nix/store/a", "references": [], "narSize": 1}]}
            """);

    assertEquals(
        List.of(
            new StorePath("/nix/store/a", List.of(), NarInfo.recorded("/nix/store/a", "", "1")),
            new StorePath("/nix/store/b", List.of("/nix/store/a", "/nix/store/b"))),
        ClosureGraph.read(file).paths());
  }

  @Test
  void readsOnlySomePathsOfTheAttributesOfABuilder() throws IOException {
    Path file =
        file(
            """
            {"onlyPaths": ["/nix/store/b"], "ignoredPaths": [], "graph": [
              {"path": "/nix/store/b", "references": ["/nix/store/a"]},
              {"path": "/nix/store/a", "references": []}]}
            """);
    Path none = file.resolveSibling("none.json");
    Files.writeString(none, Files.readString(file).replace("[\"/nix/store/b\"], \"ig", "[], \"ig"));

    assertEquals(
        List.of(new StorePath("/nix/store/b", List.of())), ClosureGraph.read(file).paths());
    assertEquals(List.of(), ClosureGraph.read(none).paths());
  }

  @Test
  void namesThePathThatRefersToAnIgnoredOne() throws IOException {
    Path file =
        file(
            """
            {"ignoredPaths": ["/nix/store/a"], "graph": [
              {"path": "/nix/store/b", "references": ["/nix/store/a"]},
              {"path": "/nix/store/a", "references": []}]}
            """);

    Failures.assertFails(
        () -> ClosureGraph.read(file),
        "cannot leave out '/nix/store/a': '/nix/store/b' refers to it; keep it");
  }

  @Test
  void readsNullAsEmpty() throws IOException {
    assertEquals(new ClosureGraph(List.of()), ClosureGraph.read(file("null")));
    assertEquals(List.of(), new ClosureGraph(List.of()).byPopularity());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[",
        "[{]",
        "[1]",
        "[\"/nix/store/a\"]",
        "[{\"path\": 1}]",
        "[[]]",
        "[] []",
        "[{\"references\": \"/nix/store/b\"}]",
        "[{\"references\": [1]}]",
        "[{\"path\": \"\\q\"}]"
      })
  void rejectsOtherJsonAndNamesTheFile(String text) throws IOException {
    Path file = file(text);

    Failures.assertFails(() -> ClosureGraph.read(file), file.toString());
  }

  @Test
  void rejectsAMissingFileAndADirectory() {
    Path missing = temporary.resolve("missing.json");

    Failures.assertFails(() -> ClosureGraph.read(missing), missing.toString(), "no such file");
    Failures.assertFails(
        () -> ClosureGraph.read(temporary), temporary.toString(), "is a directory");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(temporary.resolve("graph.json"), text);
  }
}
