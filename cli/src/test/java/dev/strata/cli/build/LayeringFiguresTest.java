package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.terminal.Sizes;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.LayeringHistory;
import dev.strata.layering.LayeringStrategy;
import dev.strata.layering.SizedClosure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The figures of docs/layering.md. The lists of packages in the resources are what the named
 * packages and all that they depend on are in Debian: the first alternative of each dependency that
 * exists, with the version and the installed size of the main archive's index.
 */
final class LayeringFiguresTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final long APP_SIZE = 20_000;
  private static final int RELEASES = 10;

  @TempDir private Path temporary = Path.of("");

  private static PackageList packages(String name) throws IOException {
    return PackageList.read("packages/" + name + ".gz");
  }

  /** Releases of an application; Debian's security updates are in the sixth and all later ones. */
  private static List<PackageList> application() throws IOException {
    List<PackageList> releases = new ArrayList<>();
    for (int i = 0; i < RELEASES; i++) {
      releases.add(
          packages(i < RELEASES / 2 ? "python-bookworm" : "python-bookworm-security")
              .withApp("1." + i, APP_SIZE));
    }
    return releases;
  }

  /** One security update after the other; packages of one version are updated together. */
  private static List<PackageList> updates() throws IOException {
    PackageList now = packages("python-bookworm");
    PackageList updated = packages("python-bookworm-security");
    List<PackageList> states = new ArrayList<>(List.of(now));
    String before = "";
    for (String name : updated.packages().keySet()) {
      PackageList.Package update = updated.packages().get(name);
      if (!update.equals(now.packages().get(name))) {
        now = now.with(name, update);
        if (update.version().equals(before)) {
          states.removeLast();
        }
        states.add(now);
        before = update.version();
      }
    }
    return states;
  }

  private static List<PackageList> distributions() throws IOException {
    List<PackageList> all = new ArrayList<>();
    for (String name : List.of("bullseye", "bookworm", "trixie", "forky")) {
      all.add(packages("python-" + name));
    }
    return all;
  }

  /** A generated closure, of which one path changes each time. */
  private static List<PackageList> onePathEach() throws IOException {
    PackageList now = packages("generated-m");
    List<String> names = List.copyOf(now.packages().keySet());
    List<PackageList> states = new ArrayList<>(List.of(now));
    Random random = new Random(1);
    for (int i = 1; i <= RELEASES; i++) {
      String name = names.get(random.nextInt(names.size()));
      PackageList.Package old = now.packages().get(name);
      now =
          now.with(
              name,
              new PackageList.Package(old.version() + "." + i, old.size(), old.dependencies()));
      states.add(now);
    }
    return states;
  }

  private static List<SizedClosure> closures(List<PackageList> states, boolean propagating) {
    return states.stream().map(s -> SizedClosure.of(s.graph(propagating))).toList();
  }

  private static long changed(List<SizedClosure> history) {
    Set<String> known = new HashSet<>(history.getFirst().paths());
    long sum = 0;
    for (SizedClosure closure : history) {
      sum += closure.size(closure.paths().stream().filter(known::add).toList());
    }
    return sum;
  }

  private static String row(String name, List<SizedClosure> history, LayerLimits limits) {
    StringBuilder row = new StringBuilder("| " + name);
    row.append(" | ").append(Sizes.bytes(changed(history)));
    List<Function<List<List<String>>, LayeringStrategy>> ways =
        List.of(
            _ -> LayeringStrategy.popularity(),
            _ -> LayeringStrategy.bySize(),
            LayeringStrategy::keeping);
    for (Function<List<List<String>>, LayeringStrategy> way : ways) {
      long sent = LayeringHistory.of(history, limits, way).sentAfterFirst();
      row.append(" | ").append(Sizes.bytes(sent));
    }
    return row + " |";
  }

  private static String named(List<SizedClosure> history, LayerLimits limits, String... names) {
    NamePatterns patterns = new NamePatterns(List.of(names));
    List<String> all = history.stream().flatMap(c -> c.paths().stream()).toList();
    LayeringStrategy separating = LayeringStrategy.separating(patterns.among(all));
    return Sizes.bytes(LayeringHistory.of(history, limits, _ -> separating).sentAfterFirst());
  }

  private static void assertDocumented(String text) throws IOException {
    String page = Files.readString(DOCS.resolve("layering.md"));
    assertTrue(page.contains(text), () -> "missing in docs/layering.md:\n" + text);
  }

  @Test
  void theTableOfHistories() throws IOException {
    List<String> rows = new ArrayList<>();
    LayerLimits limits = new LayerLimits(40, 0);
    for (boolean nix : new boolean[] {true, false}) {
      String kind = nix ? ", as in Nix" : ", as in Debian";
      rows.add(row("application" + kind, closures(application(), nix), limits));
      rows.add(row("security updates" + kind, closures(updates(), nix), limits));
      rows.add(row("Debian 11 to 14" + kind, closures(distributions(), nix), limits));
      rows.add(row("one path of 119" + kind, closures(onePathEach(), nix), limits));
    }
    assertDocumented(String.join("\n", rows) + "\n");
  }

  @Test
  void theTableOfLimits() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int max : new int[] {10, 20, 40, 100}) {
      for (long min : new long[] {0, 1 << 20}) {
        String name = max + " | " + (min == 0 ? "-" : "1 MiB");
        rows.add(
            row(
                "security updates | " + name,
                closures(updates(), true),
                new LayerLimits(max, min)));
      }
    }
    assertDocumented(String.join("\n", rows) + "\n");
  }

  @Test
  void theTableOfNames() throws IOException {
    LayerLimits limits = new LayerLimits(40, 0);
    String[] often = {"app", "python3*", "libpython3*", "libssl3", "openssl", "perl*", "libperl*"};
    List<String> rows = new ArrayList<>();
    rows.add(
        "| application | `app` | " + named(closures(application(), true), limits, "app") + " |");
    rows.add(
        "| application | `app`, Python, OpenSSL, Perl | "
            + named(closures(application(), true), limits, often)
            + " |");
    rows.add(
        "| security updates | Python, OpenSSL, Perl | "
            + named(closures(updates(), true), limits, often)
            + " |");
    assertDocumented(String.join("\n", rows) + "\n");
  }

  private List<String> files(List<PackageList> states, String form) throws IOException {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      Path file = temporary.resolve(form.formatted(i));
      Files.writeString(file, states.get(i).graph(true).toJson());
      files.add(file.toString());
    }
    return files;
  }

  @Test
  void theExampleOfCompareAndItsChart() throws IOException {
    String svg = temporary.resolve("sent.svg").toString();
    List<String> args = new ArrayList<>(List.of("plan", "--compare", "-o", svg));
    args.addAll(files(application(), "1.%d.json"));
    assertDocumented(strata(args.toArray(String[]::new)).succeeds().out());
    assertEquals(
        Files.readString(Path.of(svg)), Files.readString(DOCS.resolve("images/layering.svg")));
  }

  @Test
  void theExampleOfAFleet() throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of("plan", "--fleet", "-o", temporary.resolve("layers.json").toString()));
    for (String name :
        List.of(
            "data", "git", "java", "nginx", "node", "php", "postgres", "python", "redis", "ruby")) {
      Path file = temporary.resolve(name + ".json");
      Files.writeString(file, packages("fleet-" + name).graph(true).toJson());
      args.add(file.toString());
    }
    assertDocumented(
        strata(args.toArray(String[]::new)).succeeds().out().replace(temporary + "/", ""));
  }
}
