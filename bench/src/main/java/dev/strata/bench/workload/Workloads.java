package dev.strata.bench.workload;

import dev.strata.bench.workload.Workload.Generated;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.SizeDistribution;
import dev.strata.fixtures.TreeShape;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalogue of workloads. Stateless and thread-safe. */
public final class Workloads {
  /** One path with one file, so that start-up and shutdown are measured. */
  private static final ClosureProfile TRIVIAL =
      new ClosureProfile(
          "TRIVIAL",
          1,
          1,
          3,
          1_000,
          new TreeShape(2, 100, 0, 0, 0, 0, 0),
          new SizeDistribution(1_000, 100, 0, Long.MAX_VALUE),
          0);

  private static final List<Workload> ALL =
      List.of(
          generated("trivial", "one path of three entries: start-up", "TRIVIAL", 1),
          generated("s-1", "50 paths, 0.15 GB, one layer", "S", 1),
          generated("m-1", "119 paths, 0.74 GB, one layer", "M", 1),
          generated("m-40", "119 paths, 0.74 GB, 40 layers", "M", 40),
          generated("l-1", "702 paths, 5.05 GB, one layer", "L", 1),
          generated("l-100", "702 paths, 5.05 GB, 100 layers, most bytes in the last", "L", 100),
          generated("l-702", "702 paths, 5.05 GB, a layer for each path", "L", 702),
          generated("many-small", "42,107 small files, one layer", "MANY_SMALL", 1),
          new Workload(
              "many-small-perms",
              "42,107 small files under 41 permission rules",
              new Generated("MANY_SMALL", true),
              1));

  private Workloads() {}

  private static Workload generated(
      String name, String description, String profile, int maxLayers) {
    return new Workload(name, description, new Generated(profile, false), maxLayers);
  }

  /**
   * Returns all workloads of the catalogue.
   *
   * @return the workloads, smallest first
   */
  public static List<Workload> all() {
    return ALL;
  }

  /**
   * Finds a workload.
   *
   * @param name its name, regardless of case
   * @return the workload
   * @throws IllegalArgumentException if it does not exist; the message lists those that do
   */
  public static Workload named(String name) {
    for (Workload w : ALL) {
      if (w.name().equals(name.toLowerCase(Locale.ROOT))) {
        return w;
      }
    }
    throw new IllegalArgumentException(
        "unknown workload '"
            + name
            + "'; available: "
            + ALL.stream().map(Workload::name).collect(Collectors.joining(", ")));
  }

  static ClosureProfile profile(String name) {
    return name.equals(TRIVIAL.name()) ? TRIVIAL : ClosureProfile.named(name);
  }
}
