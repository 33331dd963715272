package dev.strata.bench.results;

import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import dev.strata.internal.json.JsonInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the entries that {@link EntryWriter} writes; ignores unknown keys. */
final class EntryReader {
  private static final long UNKNOWN = Long.MIN_VALUE;

  private long schema;
  private String kind = "";
  private String time = "";
  private String commit = "";
  private String base = "";
  private String candidate = "";
  private long tolerance;
  private long detect;
  private long alpha;
  private Machine machine = new Machine("unknown", 0, 0, "unknown", "unknown");
  private List<Work> workloads = List.of();

  private EntryReader() {}

  /** A workload of either kind of entry. */
  private static final class Work {
    String name = "";
    String verdict = "";
    List<String> digests = List.of();
    Interval wall = unknown();
    Interval cpu = unknown();
    Interval peak = unknown();
    Figures first = new Figures(List.of(), List.of(), List.of(), List.of());
    Figures second = first;

    static Work read(JsonInput in) {
      Work w = new Work();
      in.object(
          "a workload",
          (key, value) -> {
            switch (key) {
              case "name" -> w.name = value.string("");
              case "verdict" -> w.verdict = value.string("");
              case "digests" -> w.digests = value.strings();
              case "wallppm" -> w.wall = interval(value);
              case "cpuppm" -> w.cpu = interval(value);
              case "peakppm" -> w.peak = interval(value);
              case "strata", "base" -> w.first = figures(value);
              case "yardstick", "candidate" -> w.second = figures(value);
              default -> value.skip();
            }
          });
      return w;
    }
  }

  /**
   * Reads one entry.
   *
   * @param in the input, positioned at the entry
   * @return the entry, or null if it has a newer, unknown schema
   */
  static @Nullable Entry read(JsonInput in) {
    EntryReader r = new EntryReader();
    in.object("a recorded run or comparison", r::take);
    if (r.schema > EntryWriter.SCHEMA) {
      return null;
    }
    return switch (r.kind) {
      case "run" ->
          new RecordedRun(
              r.time,
              r.commit,
              r.machine,
              r.workloads.stream()
                  .map(w -> new Measured(w.name, w.digests, w.first, w.second))
                  .toList());
      case "comparison" ->
          new Comparison(
              r.time,
              r.base,
              r.candidate,
              r.machine,
              new Rules(part(r.tolerance), part(r.detect), part(r.alpha)),
              r.workloads.stream()
                  .map(w ->
                      new Compared(
                          w.name, Verdict.of(w.verdict), w.wall, w.cpu, w.peak, w.first, w.second))
                  .toList());
      default -> null;
    };
  }

  private void take(String key, JsonInput value) {
    switch (key) {
      case "schema" -> schema = value.integer(0);
      case "kind" -> kind = value.string("");
      case "time" -> time = value.string("");
      case "commit" -> commit = value.string("");
      case "base" -> base = value.string("");
      case "candidate" -> candidate = value.string("");
      case "toleranceppm" -> tolerance = value.integer(0);
      case "detectppm" -> detect = value.integer(0);
      case "alphappm" -> alpha = value.integer(0);
      case "machine" -> machine = machine(value);
      case "workloads" -> {
        List<Work> read = value.list("workloads", Work::read);
        workloads = read == null ? List.of() : read;
      }
      default -> value.skip();
    }
  }

  private static Machine machine(JsonInput in) {
    class Fields {
      String cpu = "unknown";
      long cores;
      long memory;
      String kernel = "unknown";
      String jvm = "unknown";
    }
    Fields f = new Fields();
    in.object(
        "a machine",
        (key, value) -> {
          switch (key) {
            case "cpu" -> f.cpu = value.string(f.cpu);
            case "cores" -> f.cores = value.integer(0);
            case "memorybytes" -> f.memory = value.integer(0);
            case "kernel" -> f.kernel = value.string(f.kernel);
            case "jvm" -> f.jvm = value.string(f.jvm);
            default -> value.skip();
          }
        });
    return new Machine(f.cpu, Math.toIntExact(f.cores), f.memory, f.kernel, f.jvm);
  }

  private static Figures figures(JsonInput in) {
    class Fields {
      List<Long> wall = List.of();
      List<Long> user = List.of();
      List<Long> system = List.of();
      List<Long> peak = List.of();
    }
    Fields f = new Fields();
    in.object(
        "figures",
        (key, value) -> {
          switch (key) {
            case "wallnanos" -> f.wall = numbers(value);
            case "usernanos" -> f.user = numbers(value);
            case "systemnanos" -> f.system = numbers(value);
            case "peakbytes" -> f.peak = numbers(value);
            default -> value.skip();
          }
        });
    return new Figures(f.wall, f.user, f.system, f.peak);
  }

  private static List<Long> numbers(JsonInput in) {
    List<Long> read = in.list("integers", v -> v.integer(UNKNOWN));
    return read == null ? List.of() : read;
  }

  private static Interval interval(JsonInput in) {
    List<Long> v = numbers(in);
    if (v.size() != 3) {
      return unknown();
    }
    return new Interval(
        part(v.get(0)),
        v.get(1) == UNKNOWN ? 0 : part(v.get(1)),
        v.get(2) == UNKNOWN ? Double.POSITIVE_INFINITY : part(v.get(2)));
  }

  private static Interval unknown() {
    return new Interval(1, 0, Double.POSITIVE_INFINITY);
  }

  private static double part(long ppm) {
    return ppm / EntryWriter.PARTS;
  }
}
