package dev.strata.bench.results;

import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.stats.Interval;
import dev.strata.internal.json.JsonOutput;
import java.util.List;

/** Writes entries as single lines of JSON; docs/benchmarks.md documents the keys. */
final class EntryWriter {
  static final long SCHEMA = 1;
  static final double PARTS = 1e6;

  private EntryWriter() {}

  static String write(Entry entry) {
    JsonOutput out = JsonOutput.compact().beginObject().field("schema", SCHEMA);
    switch (entry) {
      case RecordedRun r -> run(r, out);
      case Comparison c -> comparison(c, out);
    }
    return out.endObject().toString();
  }

  private static void run(RecordedRun run, JsonOutput out) {
    out.field("kind", "run").field("time", run.time()).field("commit", run.commit());
    machine(run.machine(), out);
    out.name("workloads").beginArray();
    for (Measured m : run.workloads()) {
      out.beginObject().field("name", m.name()).name("digests").beginArray();
      m.digests().forEach(out::string);
      out.endArray();
      figures("strata", m.strata(), out);
      figures("yardstick", m.yardstick(), out);
      out.endObject();
    }
    out.endArray();
  }

  private static void comparison(Comparison c, JsonOutput out) {
    out.field("kind", "comparison")
        .field("time", c.time())
        .field("base", c.base())
        .field("candidate", c.candidate())
        .field("verdict", c.verdict().words())
        .field("tolerancePpm", ppm(c.rules().tolerance()))
        .field("detectPpm", ppm(c.rules().detect()))
        .field("alphaPpm", ppm(c.rules().alpha()));
    machine(c.machine(), out);
    out.name("workloads").beginArray();
    for (Compared w : c.workloads()) {
      out.beginObject().field("name", w.name()).field("verdict", w.verdict().words());
      interval("wallPpm", w.wall(), out);
      interval("cpuPpm", w.cpu(), out);
      interval("peakPpm", w.peak(), out);
      figures("base", w.base(), out);
      figures("candidate", w.candidate(), out);
      out.endObject();
    }
    out.endArray();
  }

  private static void machine(Machine m, JsonOutput out) {
    out.name("machine")
        .beginObject()
        .field("cpu", m.cpu())
        .field("cores", m.cores())
        .field("memoryBytes", m.memoryBytes())
        .field("kernel", m.kernel())
        .field("jvm", m.jvm())
        .endObject();
  }

  private static void figures(String name, Figures f, JsonOutput out) {
    out.name(name).beginObject();
    numbers("wallNanos", f.wallNanos(), out);
    numbers("userNanos", f.userNanos(), out);
    numbers("systemNanos", f.systemNanos(), out);
    numbers("peakBytes", f.peakBytes(), out);
    out.endObject();
  }

  private static void numbers(String name, List<Long> values, JsonOutput out) {
    out.name(name).beginArray();
    values.forEach(out::number);
    out.endArray();
  }

  /** Writes estimate, lower and upper limit in millionths; unknown limits are null. */
  private static void interval(String name, Interval i, JsonOutput out) {
    out.name(name).beginArray().number(ppm(i.estimate()));
    if (i.isFinite()) {
      out.number(ppm(i.low())).number(ppm(i.high()));
    } else {
      out.nullValue().nullValue();
    }
    out.endArray();
  }

  private static long ppm(double value) {
    return Math.round(value * PARTS);
  }
}
