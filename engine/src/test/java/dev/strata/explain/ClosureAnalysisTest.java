package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.io.NotFoundException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ClosureAnalysisTest {
  private static final int ALL = 1_000_000;

  private static ClosureGraph graph(Map<String, List<String>> references) {
    return new ClosureGraph(
        references.entrySet().stream().map(e -> new StorePath(e.getKey(), e.getValue())).toList());
  }

  @Test
  void aPathIsThereBecauseOfEachChainFromARoot() {
    ClosureAnalysis closure =
        ClosureAnalysis.of(
            graph(
                Map.of(
                    "app", List.of("python", "glibc", "app"),
                    "python", List.of("glibc", "openssl"),
                    "openssl", List.of("glibc"))),
            List.of());
    assertEquals(List.of("app"), closure.roots());
    assertEquals(
        List.of(
            List.of("app", "glibc"),
            List.of("app", "python", "glibc"),
            List.of("app", "python", "openssl", "glibc")),
        closure.chains("glibc", 10));
    assertEquals(List.of(List.of("app", "glibc")), closure.chains("glibc", 1));
    assertEquals(List.of("openssl", "python"), closure.lostWithout("python"));
    assertEquals(closure.paths(), closure.lostWithout("app"));
  }

  @Test
  void aWantedPathStaysWithoutThePathsThatReferToIt() {
    ClosureAnalysis closure =
        ClosureAnalysis.of(
            graph(Map.of("app", List.of("bash"), "bash", List.of("glibc"))),
            List.of("bash", "not in the closure"));
    assertEquals(List.of("app", "bash"), closure.roots());
    assertEquals(List.of(List.of("bash"), List.of("app", "bash")), closure.chains("bash", 10));
    assertEquals(List.of("app"), closure.lostWithout("app"));
  }

  @Test
  void aCircleThatNothingLeadsIntoHasARoot() {
    ClosureAnalysis closure =
        ClosureAnalysis.of(
            graph(Map.of("b", List.of("c"), "c", List.of("b"), "a", List.of())), List.of());
    assertEquals(List.of("a", "b"), closure.roots());
    assertEquals(List.of(List.of("b", "c")), closure.chains("c", 10));
    assertEquals(List.of("b", "c"), closure.lostWithout("b"));
  }

  @Test
  void aPathThatIsNotInTheClosureIsReported() {
    ClosureAnalysis closure = ClosureAnalysis.of(graph(Map.of("a", List.of())), List.of());
    assertTrue(
        assertThrows(NotFoundException.class, () -> closure.chains("b", 1))
            .getMessage()
            .contains("'b'"));
    assertThrows(NotFoundException.class, () -> closure.lostWithout("b"));
  }

  @Test
  void aFewChainsAreFoundAmongVeryMany() {
    Map<String, List<String>> references = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      references.put(
          "%03d a".formatted(i), List.of("%03d a".formatted(i + 1), "%03d b".formatted(i + 1)));
      references.put(
          "%03d b".formatted(i), List.of("%03d a".formatted(i + 1), "%03d b".formatted(i + 1)));
    }
    ClosureAnalysis closure = ClosureAnalysis.of(graph(references), List.of());
    List<List<String>> chains = closure.chains("200 a", 5);
    assertEquals(5, new HashSet<>(chains).size());
    chains.forEach(chain -> assertEquals(201, chain.size()));
  }

  @Test
  void answersAreThoseOfAnExhaustiveSearchOnRandomGraphs() {
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      Map<String, List<String>> references = randomGraph(random);
      List<String> wanted =
          references.keySet().stream().sorted().filter(_ -> random.nextInt(6) == 0).toList();
      ClosureAnalysis closure = ClosureAnalysis.of(graph(references), wanted);
      List<String> roots = closure.roots();
      for (String path : closure.paths()) {
        Set<String> kept = reachable(references, roots, path);
        List<String> lost = closure.paths().stream().filter(p -> !kept.contains(p)).toList();
        assertEquals(lost, closure.lostWithout(path), "seed " + seed + ", " + path);
        assertChains(references, roots, closure.chains(path, ALL), path, seed);
      }
    }
  }

  private static Map<String, List<String>> randomGraph(Random random) {
    int size = 1 + random.nextInt(9);
    boolean circles = random.nextInt(4) == 0;
    Map<String, List<String>> references = new HashMap<>();
    for (int i = 0; i < size; i++) {
      List<String> targets = new ArrayList<>();
      for (int j = circles ? 0 : i; j < size; j++) {
        if (random.nextInt(size) < 2) {
          targets.add("p" + j);
        }
      }
      references.put("p" + i, targets);
    }
    return references;
  }

  private static Set<String> reachable(
      Map<String, List<String>> references, List<String> roots, String without) {
    Set<String> seen = new HashSet<>();
    ArrayDeque<String> queue = new ArrayDeque<>(roots);
    while (!queue.isEmpty()) {
      String path = queue.remove();
      if (!path.equals(without) && seen.add(path)) {
        queue.addAll(references.get(path));
      }
    }
    return seen;
  }

  private static void assertChains(
      Map<String, List<String>> references,
      List<String> roots,
      List<List<String>> found,
      String path,
      int seed) {
    List<List<String>> expected = new ArrayList<>();
    roots.forEach(root -> extend(references, List.of(root), path, expected));
    assertEquals(new HashSet<>(expected), new HashSet<>(found), "seed " + seed);
    assertEquals(expected.size(), found.size(), "seed " + seed);
    List<Integer> lengths = found.stream().map(List::size).toList();
    assertEquals(lengths.stream().sorted(Comparator.naturalOrder()).toList(), lengths);
  }

  private static void extend(
      Map<String, List<String>> references,
      List<String> chain,
      String path,
      List<List<String>> found) {
    String last = chain.getLast();
    if (last.equals(path)) {
      found.add(chain);
      return;
    }
    for (String next : new TreeSet<>(references.get(last))) {
      if (!chain.contains(next)) {
        List<String> longer = new ArrayList<>(chain);
        longer.add(next);
        extend(references, longer, path, found);
      }
    }
  }
}
