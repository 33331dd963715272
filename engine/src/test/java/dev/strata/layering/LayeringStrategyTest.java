package dev.strata.layering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each strategy, and for any closure. */
final class LayeringStrategyTest {
  private static final int GRAPHS = 60;

  /** A strategy for a closure, since some of them name its paths. */
  private record Way(String name, Function<SizedClosure, LayeringStrategy> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("popularity", _ -> LayeringStrategy.popularity()),
        new Way("by size", _ -> LayeringStrategy.bySize()),
        new Way("separating", c -> LayeringStrategy.separating(every(c, 7))),
        new Way("separating nothing", _ -> LayeringStrategy.separating(List.of("/other"))),
        new Way("separating all", c -> LayeringStrategy.separating(c.paths())),
        new Way("keeping nothing", _ -> LayeringStrategy.keeping(List.of())),
        new Way("keeping", c -> LayeringStrategy.keeping(earlier(c))),
        new Way("listed", c -> LayeringStrategy.listed(earlier(c))),
        new Way("listed for others", _ -> LayeringStrategy.listed(List.of(List.of("/other")))));
  }

  private static List<String> every(SizedClosure closure, int nth) {
    List<String> sorted = new ArrayList<>(new TreeSet<>(closure.paths()));
    return IntStream.range(0, sorted.size())
        .filter(i -> i % nth == 0)
        .mapToObj(sorted::get)
        .toList();
  }

  /** Layers with paths of the closure and with others. */
  private static List<List<String>> earlier(SizedClosure closure) {
    List<List<String>> layers = new ArrayList<>();
    List<String> sorted = new ArrayList<>(new TreeSet<>(closure.paths()));
    for (int from = 0; from + 3 < sorted.size(); from += 5) {
      List<String> layer = new ArrayList<>(sorted.subList(from, from + 3));
      if (from % 2 == 0) {
        layer.add("/gone" + from);
      }
      layers.add(layer);
    }
    return layers;
  }

  private static ClosureGraph random(Random random) {
    int count = random.nextInt(60);
    List<StorePath> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TreeSet<String> references = new TreeSet<>();
      for (int r = random.nextInt(4); r > 0 && i > 0; r--) {
        references.add("/store/p" + random.nextInt(i));
      }
      if (random.nextBoolean()) {
        references.add("/store/p" + i);
      }
      long size = random.nextInt(8) == 0 ? random.nextInt(1_000_000) : random.nextInt(5_000);
      String path = "/store/p" + i;
      paths.add(
          new StorePath(
              path, List.copyOf(references), NarInfo.recorded(path, "", Long.toString(size))));
    }
    return new ClosureGraph(paths);
  }

  private static SizedClosure closure(int seed) {
    return SizedClosure.of(random(new Random(seed)).sorted());
  }

  private static void check(Way way, int seed, LayerLimits limits) {
    SizedClosure closure = closure(seed);
    List<List<String>> layers = way.of.apply(closure).assign(closure, limits);
    String shown = way + ", seed " + seed + ", " + limits + ": " + layers;
    List<String> all = layers.stream().flatMap(List::stream).toList();
    assertEquals(new HashSet<>(closure.paths()), new HashSet<>(all), shown);
    assertEquals(closure.paths().size(), all.size(), shown);
    assertTrue(layers.stream().noneMatch(List::isEmpty), shown);
    assertTrue(limits.maxLayers() <= 0 || layers.size() <= limits.maxLayers(), shown);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyPathIsInOneLayerAndTheLimitIsKept(Way way) {
    for (int seed = 0; seed < GRAPHS; seed++) {
      for (int max : new int[] {-1, 0, 1, 2, 3, 5, 20, 127}) {
        check(way, seed, new LayerLimits(max, 0));
        check(way, seed, new LayerLimits(max, 10_000));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theOrderOfTheGraphDoesNotMatter(Way way) {
    for (int seed = 0; seed < GRAPHS; seed++) {
      List<StorePath> paths = new ArrayList<>(random(new Random(seed)).paths());
      LayerLimits limits = new LayerLimits(8, seed % 2 * 10_000L);
      SizedClosure closure = closure(seed);
      List<List<String>> layers = way.of.apply(closure).assign(closure, limits);
      Collections.shuffle(paths, new Random(seed));
      SizedClosure shuffled = SizedClosure.of(new ClosureGraph(paths).sorted());
      assertEquals(layers, way.of.apply(shuffled).assign(shuffled, limits));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void layersHaveTheLeastSizeUnlessTheyAreOfAList(Way way) {
    if (way.name.startsWith("listed") || way.name.equals("keeping")) {
      return;
    }
    long min = 20_000;
    for (int seed = 0; seed < GRAPHS; seed++) {
      SizedClosure closure = closure(seed);
      List<List<String>> layers = way.of.apply(closure).assign(closure, new LayerLimits(12, min));
      boolean parted = way.name.startsWith("separating");
      // Paths that often change are apart from the others, even if they are small.
      long small = layers.stream().filter(layer -> closure.size(layer) < min).count();
      assertTrue(
          layers.size() <= (parted ? 2 : 1) || small <= (parted ? 1 : 0),
          way + ", seed " + seed + ": " + layers);
    }
  }

  @Test
  void layersAreAboveThoseThatTheyReferTo() {
    for (int seed = 0; seed < GRAPHS; seed++) {
      for (LayeringStrategy strategy :
          List.of(LayeringStrategy.popularity(), LayeringStrategy.bySize())) {
        SizedClosure closure = closure(seed);
        Map<String, Integer> layerOf = new HashMap<>();
        List<List<String>> layers = strategy.assign(closure, new LayerLimits(10, 0));
        for (int i = 0; i < layers.size(); i++) {
          for (String path : layers.get(i)) {
            layerOf.put(path, i);
          }
        }
        for (StorePath path : random(new Random(seed)).paths()) {
          for (String reference : path.references()) {
            assertTrue(
                layerOf.get(reference) <= layerOf.get(path.path()),
                strategy + ", seed " + seed + ": " + path + " in " + layers);
          }
        }
      }
    }
  }

  @Test
  void bySizeGroupsPathsByTheLargeOnesThatReferToThem() {
    for (int seed = 0; seed < GRAPHS; seed++) {
      SizedClosure closure = closure(seed);
      List<String> bySize = new ArrayList<>(new TreeSet<>(closure.paths()));
      bySize.sort((a, b) -> Long.compare(closure.size(List.of(b)), closure.size(List.of(a))));
      Set<Set<String>> expected = Set.of();
      for (int chosen = 0; chosen <= bySize.size(); chosen++) {
        Map<Set<String>, Set<String>> groups = new HashMap<>();
        for (String path : closure.paths()) {
          Set<String> referrers = new HashSet<>(closure.withReferrers(List.of(path)));
          referrers.retainAll(bySize.subList(0, chosen));
          groups.computeIfAbsent(referrers, _ -> new HashSet<>()).add(path);
        }
        if (groups.size() > 9) {
          break;
        }
        expected = new HashSet<>(groups.values());
      }
      Set<Set<String>> found = new HashSet<>();
      LayeringStrategy.bySize()
          .assign(closure, new LayerLimits(9, 0))
          .forEach(layer -> found.add(new HashSet<>(layer)));
      assertEquals(expected, found, "seed " + seed);
    }
  }

  private static SizedClosure closure(String... lines) {
    List<StorePath> paths = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      List<String> references = List.of(words).subList(2, words.length);
      paths.add(new StorePath(words[0], references, NarInfo.recorded(words[0], "", words[1])));
    }
    return SizedClosure.of(new ClosureGraph(paths).sorted());
  }

  private static String shown(List<List<String>> layers) {
    return String.join(" | ", layers.stream().map(layer -> String.join(" ", layer)).toList());
  }

  private static final SizedClosure SAMPLE =
      closure(
          "app 10 python lib cert",
          "python 900 libc zlib ssl",
          "lib 500 libc",
          "ssl 300 libc",
          "libc 200",
          "zlib 20",
          "cert 5");

  @Test
  void popularityIsThatOfThePlanner() {
    for (int max : new int[] {0, 1, 3, 100}) {
      LayerPlanner planner = LayerPlanner.create().withMaxLayers(max);
      assertEquals(
          planner.plan(SAMPLE.paths()), planner.plan(SAMPLE, LayeringStrategy.popularity(), 0));
    }
  }

  @Test
  void bySizeChoosesTheLargestFirst() {
    LayeringStrategy strategy = LayeringStrategy.bySize();
    assertEquals(
        "app cert lib libc python ssl zlib",
        ordered(strategy.assign(SAMPLE, new LayerLimits(1, 0))));
    assertEquals(
        "libc python ssl zlib | app cert lib",
        ordered(strategy.assign(SAMPLE, new LayerLimits(3, 0))));
    assertEquals(
        "libc | lib | python ssl zlib | app cert",
        ordered(strategy.assign(SAMPLE, new LayerLimits(4, 0))));
    assertEquals(
        "libc | ssl | zlib | cert | lib | python | app",
        ordered(strategy.assign(SAMPLE, new LayerLimits(0, 0))));
  }

  @Test
  void smallLayersGoTogether() {
    assertEquals(
        "libc | zlib | ssl | app cert lib python",
        ordered(LayeringStrategy.popularity().assign(SAMPLE, new LayerLimits(4, 0))));
    assertEquals(
        "libc | ssl | python | app cert lib zlib",
        ordered(LayeringStrategy.popularity().assign(SAMPLE, new LayerLimits(0, 100))));
    assertEquals(
        "app cert lib libc python ssl zlib",
        ordered(LayeringStrategy.popularity().assign(SAMPLE, new LayerLimits(0, 10_000))));
  }

  private static String ordered(List<List<String>> layers) {
    return String.join(
        " | ", layers.stream().map(l -> String.join(" ", new TreeSet<>(l))).toList());
  }

  @Test
  void whatRefersToAPathThatOftenChangesIsAboveTheOthers() {
    List<List<String>> layers =
        LayeringStrategy.separating(List.of("ssl")).assign(SAMPLE, new LayerLimits(4, 0));
    assertEquals("lib libc | cert zlib", ordered(layers.subList(0, layers.size() - 2)));
    assertEquals(Set.of("ssl", "python", "app"), paths(layers.subList(2, 4)));
  }

  private static Set<String> paths(List<List<String>> layers) {
    Set<String> all = new HashSet<>();
    layers.forEach(all::addAll);
    return all;
  }

  @Test
  void layersBelowStayTheSameWhenAPathChangesThatOftenDoes() {
    for (int seed = 0; seed < GRAPHS; seed++) {
      SizedClosure before = closure(seed);
      if (before.paths().size() < 10) {
        continue;
      }
      String changing = before.paths().get(before.paths().size() / 2);
      Set<String> renamed = before.withReferrers(List.of(changing));
      List<StorePath> after = new ArrayList<>();
      for (StorePath path : random(new Random(seed)).paths()) {
        after.add(
            new StorePath(
                renamed(path.path(), renamed),
                path.references().stream().map(r -> renamed(r, renamed)).toList(),
                path.nar()));
      }
      SizedClosure then = SizedClosure.of(new ClosureGraph(after).sorted());
      LayerLimits limits = new LayerLimits(6, 0);
      Set<List<String>> same =
          new HashSet<>(LayeringStrategy.separating(List.of(changing)).assign(before, limits));
      same.retainAll(LayeringStrategy.separating(List.of(changing + "-new")).assign(then, limits));
      Set<String> steady = new HashSet<>(before.paths());
      steady.removeAll(renamed);
      assertEquals(steady, paths(List.copyOf(same)), "seed " + seed);
    }
  }

  private static String renamed(String path, Set<String> renamed) {
    return renamed.contains(path) ? path + "-new" : path;
  }

  @Test
  void completeLayersOfAnEarlierImageAreKept() {
    List<List<String>> earlier =
        List.of(
            List.of("libc"), List.of("zlib", "ssl-old", "lib"), List.of("python-old", "app-old"));
    assertEquals(
        "libc | lib zlib | app cert python ssl",
        ordered(LayeringStrategy.keeping(earlier).assign(SAMPLE, new LayerLimits(3, 0))));
  }

  @Test
  void anUnchangedImageKeepsItsLayers() {
    for (int seed = 0; seed < GRAPHS; seed++) {
      SizedClosure closure = closure(seed);
      for (LayerLimits limits : List.of(new LayerLimits(6, 0), new LayerLimits(20, 10_000))) {
        List<List<String>> layers = LayeringStrategy.bySize().assign(closure, limits);
        assertEquals(
            new HashSet<>(layers),
            new HashSet<>(LayeringStrategy.keeping(layers).assign(closure, limits)));
      }
    }
  }

  @Test
  void layersOfAnEarlierImageAreJoinedIfThereAreTooMany() {
    List<List<String>> earlier = SAMPLE.paths().stream().map(List::of).toList();
    assertEquals(
        "python | lib | app cert libc ssl zlib",
        ordered(LayeringStrategy.keeping(earlier).assign(SAMPLE, new LayerLimits(3, 0))));
  }

  @Test
  void listedLayersAreUsedAsFarAsTheirPathsAreThere() {
    List<List<String>> listed = List.of(List.of("libc", "other"), List.of("no"), List.of("python"));
    List<List<String>> layers =
        LayeringStrategy.listed(listed).assign(SAMPLE, new LayerLimits(3, 0));
    assertEquals("libc | python | app cert lib ssl zlib", ordered(layers));
  }

  @Test
  void aSizeThatIsUnknownIsAnErrorOnlyWhereItIsNeeded() {
    SizedClosure closure =
        SizedClosure.of(new ClosureGraph(List.of(new StorePath("/a", List.of("/b")))));
    assertEquals(List.of("/b", "/a"), closure.pathsWithoutSize());
    assertEquals(
        "/b | /a", shown(LayeringStrategy.popularity().assign(closure, new LayerLimits(2, 0))));
    Failures.assertFails(
        InvalidInputException.class,
        () -> LayeringStrategy.bySize().assign(closure, new LayerLimits(2, 0)),
        "is unknown; use a closure graph with narSize");
    assertEquals(
        "/b | /a",
        shown(
            LayeringStrategy.bySize()
                .assign(closure.withSizes(Map.of("/a", 1L, "/b", 2L)), new LayerLimits(2, 0))));
  }

  @Test
  void aHistorySendsTheLayersThatNoEarlierImageHas() {
    SizedClosure other = SAMPLE.without(List.of("app"));
    LayeringHistory history =
        LayeringHistory.of(
            List.of(SAMPLE, other, SAMPLE),
            new LayerLimits(2, 0),
            _ -> LayeringStrategy.popularity());
    assertEquals(
        List.of(1935L, 1725L, 0L),
        history.steps().stream().map(LayeringHistory.Step::sent).toList());
    assertEquals(1725, history.sentAfterFirst());
    assertEquals(3660, history.sent());
  }

  @Test
  void aHistoryGivesAStrategyTheLayersOfTheImageBefore() {
    List<List<List<String>>> seen = new ArrayList<>();
    LayeringHistory.of(
        List.of(SAMPLE, SAMPLE),
        new LayerLimits(1, 0),
        before -> {
          seen.add(before);
          return LayeringStrategy.popularity();
        });
    assertEquals(List.of(List.of(), List.of(SAMPLE.paths())), seen);
  }
}
