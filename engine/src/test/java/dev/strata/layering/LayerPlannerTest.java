package dev.strata.layering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LayerPlannerTest {
  private static final List<String> PATHS = List.of("/a", "/b", "/c", "/d");
  private static final Perm READ_ONLY =
      Perm.of(".*").withMode("0444").withOwner(1, 2).withOwnerNames("u", "g");
  private static final Perm OTHER = Perm.of("bin").withMode("0555");

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "1, /a /b /c /d",
    "2, /a | /b /c /d",
    "3, /a | /b | /c /d",
    "4, /a | /b | /c | /d",
    "5, /a | /b | /c | /d",
    "100, /a | /b | /c | /d",
    "0, /a | /b | /c | /d",
    "-1, /a | /b | /c | /d",
    "-2147483648, /a | /b | /c | /d",
    "2147483647, /a | /b | /c | /d",
  })
  void putsEachOfTheFirstPathsInALayerAndTheOthersInTheLast(int maxLayers, String expected) {
    assertEquals(expected, shown(LayerPlanner.create().withMaxLayers(maxLayers).plan(PATHS)));
  }

  @Test
  void plansOneLayerByDefault() {
    assertEquals("/a /b /c /d", shown(LayerPlanner.create().plan(PATHS)));
  }

  @Test
  void plansNoLayerWithoutPaths() {
    assertEquals(List.of(), LayerPlanner.create().plan(List.of()));
    assertEquals(List.of(), LayerPlanner.create().withIgnored("/a").plan(List.of("/a")));
  }

  private LayerPlanner splitBy(String json) throws IOException {
    Path file = temporary.resolve("split.json");
    Files.writeString(file, json);
    return LayerPlanner.create().withSplitFrom(file);
  }

  @Test
  void followsASplitFileAndPutsUnlistedPathsInALastLayer() throws IOException {
    LayerPlanner planner = splitBy("[[\"/d\", \"/b\"], [], [\"/a\"]]");

    assertEquals("/b /d | /a | /c", shown(planner.plan(PATHS)));
    assertEquals("/d | /a | /c", shown(planner.withIgnored("/b").plan(PATHS)));
    assertEquals("/b /d | /a | /c", shown(planner.withMaxLayers(2).plan(PATHS)));
  }

  @Test
  void rejectsTheSplitOfAnotherClosure() throws IOException {
    LayerPlanner planner = splitBy("[[\"/a\", \"/y\"], [\"/x\"]]");
    Failures.assertFails(
        InvalidInputException.class,
        () -> planner.plan(PATHS),
        "split.json' lists '/x', which is not in the closure");
  }

  @Test
  void rejectsASplitWithADuplicatePathAndNull() throws IOException {
    Path twice = Files.writeString(temporary.resolve("twice.json"), "[[\"/a\"], [\"/a\"]]");
    Failures.assertFails(
        InvalidInputException.class,
        () -> LayerPlanner.create().withSplitFrom(twice),
        "lists '/a' twice, in layers 0 and 1");
    Path none = Files.writeString(temporary.resolve("none.json"), "null");
    Failures.assertFails(
        InvalidInputException.class,
        () -> LayerPlanner.create().withSplitFrom(none),
        "contains null");
  }

  @Test
  void turnsExcludesIntoRewritesToNothing() throws IOException {
    Path tool = Files.createDirectories(temporary.resolve("tool-1.0/share/doc")).resolve("../..");
    String path = tool.normalize().toString();
    Files.writeString(tool.resolve("a+b"), "");
    Path file = temporary.resolve("excludes.json");
    Files.writeString(
        file, "[{\"path\": \"%s\", \"excludes\": [\"share//doc/\", \"a+b\"]}]".formatted(path));
    LayerPlanner inPlace = LayerPlanner.create().withExcludesFrom(file);
    LayerPlanner atRoot = inPlace.withRewrite(path, Rewrite.moving(path, "/"));
    String literal = path.replace(".", "\\.");

    assertEquals(
        new Rewrite("(?s)^" + literal + "/(share/doc|a\\+b)(/.*)?$", ""),
        Objects.requireNonNull(inPlace.plan(List.of(path)).get(0).get(0).options()).rewrite());
    assertEquals(
        new Rewrite("(?s)^" + literal + "(/(share/doc|a\\+b)(/.*)?$)?", ""),
        Objects.requireNonNull(atRoot.plan(List.of(path)).get(0).get(0).options()).rewrite());
    LayerPlanner elsewhere = inPlace.withRewrite(path, Rewrite.moving(path, "/opt"));
    Failures.assertFails(() -> elsewhere.plan(List.of(path)), "cannot exclude files of", "/opt");
  }

  @Test
  void rejectsExcludesOfNothing() throws IOException {
    String path = Files.createDirectory(temporary.resolve("tool")).toString();
    Path file = temporary.resolve("excludes.json");
    String one = "[{\"path\": \"" + path + "\", \"excludes\": [\"%s\"]}]";
    LayerPlanner planner = LayerPlanner.create();

    Files.writeString(file, one.formatted("share/man"));
    LayerPlanner missing = planner.withExcludesFrom(file);
    Failures.assertFails(
        () -> missing.plan(List.of(path)), "tool/share/man': there is no such file");
    Failures.assertFails(() -> missing.plan(List.of("/nix/store/a")), "not in the closure");
    for (String name : List.of("", "/", "..", "share/../../x", ".")) {
      Files.writeString(file, one.formatted(name));
      Failures.assertFails(() -> planner.withExcludesFrom(file), "'" + name + "'", "relative name");
    }
  }

  @Test
  void leavesOutTheIgnoredPathBeforeAssigningLayers() {
    LayerPlanner planner = LayerPlanner.create().withMaxLayers(2).withIgnored("/a");

    assertEquals("/b | /c /d", shown(planner.plan(PATHS)));
  }

  @Test
  void leavesOutPathsOfParentsWithEqualOptions() {
    LayerPlanner planner =
        LayerPlanner.create()
            .withPerm("/b", READ_ONLY)
            .withParentPaths(
                List.of(
                    new LayerPath("/a", null),
                    new LayerPath("/b", new PathOptions(Rewrite.NONE, List.of(READ_ONLY)))));

    assertEquals("/c /d", shown(planner.plan(PATHS)));
  }

  @Test
  void keepsPathsOfParentsWithOtherOptions() {
    LayerPlanner planner =
        LayerPlanner.create()
            .withPerm("/a", READ_ONLY)
            .withPerm("/b", READ_ONLY)
            .withParentPaths(
                List.of(
                    new LayerPath("/a", null),
                    new LayerPath("/b", new PathOptions(Rewrite.NONE, List.of(OTHER))),
                    new LayerPath("/c", new PathOptions(Rewrite.NONE, null)),
                    new LayerPath("/d", new PathOptions(Rewrite.NONE, List.of()))));

    assertEquals("/a /b /c /d", shown(planner.plan(PATHS)));
  }

  @Test
  void distinguishesNoRulesFromAnEmptyListLikeTheReference() {
    LayerPlanner rewritten = LayerPlanner.create().withRewrite("/a", Rewrite.NONE);
    LayerPath without = new LayerPath("/a", new PathOptions(Rewrite.NONE, null));
    LayerPath empty = new LayerPath("/a", new PathOptions(Rewrite.NONE, List.of()));

    assertEquals(List.of(), rewritten.withParentPaths(List.of(without)).plan(List.of("/a")));
    assertEquals("/a", shown(rewritten.withParentPaths(List.of(empty)).plan(List.of("/a"))));
  }

  @Test
  void accumulatesParents() {
    LayerPlanner planner =
        LayerPlanner.create()
            .withParentPaths(List.of(new LayerPath("/a", null)))
            .withParentPaths(List.of(new LayerPath("/c", null)));

    assertEquals("/b /d", shown(planner.plan(PATHS)));
  }

  @Test
  void usesTheLastRewriteOfAPath() {
    LayerPlanner planner =
        LayerPlanner.create()
            .withRewrite("/a", new Rewrite("x", "1"))
            .withRewrite("/b", new Rewrite("x", "2"))
            .withRewrite("/a", new Rewrite("y", "3"));

    assertEquals(new PathOptions(new Rewrite("y", "3"), null), options(planner.plan(PATHS), 0));
    assertEquals(new PathOptions(new Rewrite("x", "2"), null), options(planner.plan(PATHS), 1));
    assertNull(options(planner.plan(PATHS), 2));
  }

  @Test
  void keepsTheOrderAndDuplicatesOfPermissionRules() {
    LayerPlanner planner =
        LayerPlanner.create()
            .withPerm("/a", READ_ONLY)
            .withPerm("/b", OTHER)
            .withPerm("/a", OTHER)
            .withPerm("/a", READ_ONLY);

    assertEquals(
        new PathOptions(Rewrite.NONE, List.of(READ_ONLY, OTHER, READ_ONLY)),
        options(planner.plan(PATHS), 0));
  }

  @Test
  void withMethodsDoNotModifyThePlanner() {
    LayerPlanner plain = LayerPlanner.create();
    LayerPlanner ignoring = plain.withIgnored("/a");
    LayerPlanner ruled = ignoring.withPerm("/b", OTHER);
    ruled.withPerm("/b", READ_ONLY);
    plain.withMaxLayers(4).withRewrite("/a", Rewrite.NONE).withParentPaths(List.of());

    assertEquals("/a /b /c /d", shown(plain.plan(PATHS)));
    assertNull(options(ignoring.plan(PATHS), 0));
    assertEquals(new PathOptions(Rewrite.NONE, List.of(OTHER)), options(ruled.plan(PATHS), 0));
  }

  @Test
  void readsRewrites() throws IOException {
    Path file =
        file(
            """
            [{"path": "/a", "regex": "^/a", "repl": ""}, null,
             {"PATH": "/b", "Regex": "x", "REPL": "$1", "more": 1}, {"path": "/a", "regex": "z"}]
            """);

    List<List<LayerPath>> plan = LayerPlanner.create().withRewritesFrom(file).plan(PATHS);

    assertEquals(new PathOptions(new Rewrite("z", ""), null), options(plan, 0));
    assertEquals(new PathOptions(new Rewrite("x", "$1"), null), options(plan, 1));
    assertNull(options(plan, 2));
  }

  @Test
  void readsPermissionRules() throws IOException {
    Path file =
        file(
            """
            [{"path": "/a", "regex": ".*", "mode": "0444", "uid": 1, "gid": 2, "uname": "u",
              "gname": "g"},
             {"path": "/a", "REGEX": "bin", "Mode": "0555", "uid": null, "more": []}]
            """);

    List<List<LayerPath>> plan = LayerPlanner.create().withPermsFrom(file).plan(PATHS);

    assertEquals(new PathOptions(Rewrite.NONE, List.of(READ_ONLY, OTHER)), options(plan, 0));
    assertNull(options(plan, 1));
  }

  @Test
  void readsNullAsNothing() throws IOException {
    Path file = file("null");

    assertEquals(
        "/a /b /c /d",
        shown(LayerPlanner.create().withPermsFrom(file).withRewritesFrom(file).plan(PATHS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "[{\"path\":[]}]",
        "[{\"regex\":1}]",
        "[{\"uid\":\"1\"}]",
        "[{\"repl\":1}]"
      })
  void rejectsOtherJsonAndNamesTheFile(String text) throws IOException {
    Path file = file(text);
    LayerPlanner planner = LayerPlanner.create();

    if (!text.contains("repl")) {
      Failures.assertFails(() -> planner.withPermsFrom(file), file.toString());
    }
    if (!text.contains("uid")) {
      Failures.assertFails(() -> planner.withRewritesFrom(file), file.toString());
    }
  }

  private static @Nullable PathOptions options(List<List<LayerPath>> plan, int path) {
    return plan.stream().flatMap(List::stream).toList().get(path).options();
  }

  private static String shown(List<List<LayerPath>> plan) {
    return String.join(
        " | ",
        plan.stream()
            .map(layer -> String.join(" ", layer.stream().map(LayerPath::path).toList()))
            .toList());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(temporary.resolve("input.json"), text);
  }
}
