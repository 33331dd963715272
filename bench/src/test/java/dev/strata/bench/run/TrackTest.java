package dev.strata.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Contenders;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.Workload;
import dev.strata.bench.workload.Workload.OnDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrackTest {
  private static final String ONE = "sha256:" + "1".repeat(64);
  private static final String TWO = "sha256:" + "2".repeat(64);

  private static final Path GRAPH = Path.of("/graph.json");
  private static final Input INPUT =
      new Input(
          new Workload("w", "", new OnDisk(GRAPH, null), 1), GRAPH, null, List.of(Path.of("/a")));

  private ProcessRunner runner;

  @BeforeEach
  void open() {
    runner = new ProcessRunner();
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private Track track(Contender... contenders) throws IOException {
    return new Track(runner, INPUT, List.of(contenders), null, 1);
  }

  /** A contender that writes a layers.json file with one layer. */
  private static Contender writing(String name, String digest) {
    String json = "[{\"digest\": \"" + digest + "\"}]";
    return new Contender(
        name, true, (_, job) -> List.of("sh", "-c", "echo '" + json + "' >" + job.output()));
  }

  @Test
  void runsEachContenderOncePerRound() throws IOException {
    try (Track track = track(Contenders.shell("a", "true"), Contenders.shell("b", "sleep 0.01"))) {
      track.warmUp();
      track.round();
      track.round();

      assertEquals(2, track.series(0).runs().size());
      assertTrue(track.series(1).runs().getLast().wallNanos() > 10_000_000);
    }
  }

  @Test
  void listsTheStorePathsInAFile() throws IOException {
    try (Track track = track(Contenders.shell("a", "test \"$(cat {paths})\" = /a"))) {
      track.round();

      assertEquals(1, track.series(0).runs().size());
    }
  }

  @Test
  void reportsAFailedContenderAndItsOutput() throws IOException {
    try (Track track = track(Contenders.shell("bad", "echo no luck >&2; exit 5"))) {
      BenchException e = assertThrows(BenchException.class, track::round);

      assertTrue(
          message(e).startsWith("bad failed on the workload w: exit code 5 (no luck)"),
          () -> message(e));
    }
  }

  @Test
  void failsIfLayersDiffer() throws IOException {
    try (Track track = track(writing("one", ONE), writing("two", TWO))) {
      BenchException e = assertThrows(BenchException.class, track::warmUp);

      assertTrue(
          message(e).contains("layer 1 is " + ONE + " from one, " + TWO + " from two"),
          () -> message(e));
    }
  }

  @Test
  void returnsTheDigestsOfEqualLayers() throws IOException {
    try (Track track = track(writing("one", ONE), writing("two", ONE))) {
      track.warmUp();

      assertEquals(List.of(ONE), track.digests());
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
