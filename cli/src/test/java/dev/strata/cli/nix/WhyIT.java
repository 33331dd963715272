package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reasons that Strata gives for the paths of an image agree with Nix's own answers. */
class WhyIT {
  private static final Pattern STORE_PATH = Pattern.compile("/nix/store/[0-9a-z]{32}-[^\\s]+");

  private final Nix nix = Nix.require();

  @Test
  void chainsAndLossesAgreeWithNix(@TempDir Path folder) throws IOException {
    List<Path> built = nix.build("strata", "examples.nix");
    String strata = built.get(0).resolve("bin/strata").toString();
    String image = built.get(1).toString();
    Set<String> paths =
        new TreeSet<>(Arrays.asList(Nix.jq(built.get(1), ".layers[].paths[].path").split("\n")));
    Map<String, Set<String>> references = new HashMap<>();
    for (String path : paths) {
      Set<String> targets = new TreeSet<>(query("--references", path));
      targets.remove(path);
      references.put(path, targets);
    }
    Set<String> roots = new HashSet<>();
    for (String path : paths) {
      Path report = folder.resolve("why.json");
      Files.writeString(
          report,
          Nix.nix(Map.of(), strata, "why", "--json", "--limit", "100000", image, path).ok().out());
      String[] shortest = Nix.jq(report, ".chains[0].paths[]").split("\n");
      roots.add(shortest[0]);
      assertEquals(whyDepends(shortest[0], path), shortest.length, path);
      assertTrue(Nix.jq(report, ".moreChains").equals("false"), path);
      for (String chain : Nix.jq(report, ".chains[].paths | join(\" \")").split("\n")) {
        String[] links = chain.split(" ");
        for (int i = 1; i < links.length; i++) {
          assertTrue(references.get(links[i - 1]).contains(links[i]), chain);
        }
        assertEquals(path, links[links.length - 1]);
      }
    }
    for (String path : paths) {
      Path report = folder.resolve("why.json");
      Files.writeString(report, Nix.nix(Map.of(), strata, "why", "--json", image, path).ok().out());
      Set<String> lost = new TreeSet<>(paths);
      lost.removeAll(reachable(references, roots, path));
      assertEquals(
          lost, new TreeSet<>(Arrays.asList(Nix.jq(report, ".lost[].path").split("\n"))), path);
    }
  }

  private static List<String> query(String what, String path) {
    return Nix.nix(Map.of(), "nix-store", "--query", what, path).ok().out().lines().toList();
  }

  /** The number of paths in the chain that {@code nix why-depends} shows. */
  private static int whyDepends(String root, String path) {
    if (root.equals(path)) {
      return 1;
    }
    String text =
        Nix.nix(
                Map.of(),
                "nix",
                "--extra-experimental-features",
                "nix-command",
                "why-depends",
                root,
                path)
            .ok()
            .out();
    return (int)
        STORE_PATH
            .matcher(text.replaceAll("\u001b\\[[0-9;]*m", ""))
            .results()
            .map(MatchResult::group)
            .distinct()
            .count();
  }

  private static Set<String> reachable(
      Map<String, Set<String>> references, Set<String> roots, String without) {
    Set<String> seen = new HashSet<>();
    ArrayDeque<String> queue = new ArrayDeque<>(roots);
    while (!queue.isEmpty()) {
      String path = queue.remove();
      if (!path.equals(without) && seen.add(path)) {
        queue.addAll(references.getOrDefault(path, Set.of()));
      }
    }
    return seen;
  }
}
