package dev.strata.internal.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.SlabPool;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadAheadTest {
  private static final int SLAB = 4096;
  private static final int WINDOW = 8;

  @TempDir private Path temporary;

  private final SlabPool pool = new SlabPool(SLAB);

  @AfterEach
  void freeSlabs() {
    pool.close();
  }

  /** Returns a layer of one file. */
  private Flight flight(String name, int slabs) throws IOException {
    Path file = temporary.resolve(name);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((long) slabs * SLAB);
    }
    LayerPath path = new LayerPath(file.toString(), null);
    LayerTape tape = new LayerTape(1);
    try (SourceFiles files = SourceFiles.open()) {
      PathScan scan = PathScan.of(path.path(), files);
      tape.put(0, TarStream.of(TreeBuilder.build(List.of(path), List.of(scan), files)));
    }
    return new Flight(tape, pool, WINDOW);
  }

  @Test
  void anotherLayerIsHelpedWhenTheLargestHasNoRoom() throws IOException {
    Flight large = flight("large", 100);
    Flight small = flight("small", 20);
    ReadAhead ahead = new ReadAhead(2, 2, 1_000);
    ahead.started(small);
    ahead.started(large);

    new Crew(1, Progress.NONE)
        .run(worker -> {
          ReadAhead.Helper helper = ahead.new Helper(worker);
          for (int i = 0; i < WINDOW; i++) {
            assertTrue(helper.fill());
          }
          assertEquals(WINDOW, large.ahead());
          assertEquals(0, small.ahead());
          assertTrue(helper.fill());
          assertEquals(1, small.ahead());
        });
  }

  @Test
  void slabsOfAllLayersTogetherAreLimited() throws IOException {
    ReadAhead ahead = new ReadAhead(3, 2, WINDOW + 2);
    List<Flight> flights = List.of(flight("a", 100), flight("b", 90), flight("c", 80));
    flights.forEach(ahead::started);

    new Crew(1, Progress.NONE)
        .run(worker -> {
          ReadAhead.Helper helper = ahead.new Helper(worker);
          for (int i = 0; i < WINDOW + 2; i++) {
            assertTrue(helper.fill());
          }
          assertFalse(helper.fill());
        });

    assertEquals(WINDOW + 2, flights.stream().mapToLong(Flight::ahead).sum());
  }

  @Test
  void onlyALayerThatWouldBeFinishedLastComesBeforeAnother() throws IOException {
    ReadAhead ahead = new ReadAhead(2, 4, 1_000);
    ahead.started(flight("large", 40));
    ahead.started(flight("small", 10));

    new Crew(1, Progress.NONE)
        .run(worker -> {
          ReadAhead.Helper helper = ahead.new Helper(worker);
          // Four workers need longer for all the rest than one for the large layer.
          assertFalse(helper.fillLast(150L * SLAB));
          assertTrue(helper.fillLast(50L * SLAB));
          // The sizes of layers are not known yet.
          assertFalse(helper.fillLast(Long.MAX_VALUE));
        });
  }
}
