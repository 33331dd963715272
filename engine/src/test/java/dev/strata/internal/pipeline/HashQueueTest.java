package dev.strata.internal.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HashQueueTest {
  @TempDir private Path temporary;

  private final List<LayerTape> tapes =
      List.of(new LayerTape(1), new LayerTape(1), new LayerTape(2), new LayerTape(1));

  /** Adds a part with a file of a size. */
  private void layOut(int layer, int part, int size) throws IOException {
    Path file = Files.write(temporary.resolve(layer + "-" + part), new byte[size]);
    LayerPath path = new LayerPath(file.toString(), null);
    try (SourceFiles files = SourceFiles.open()) {
      PathScan scan = PathScan.of(path.path(), files);
      tapes
          .get(layer)
          .put(part, TarStream.of(TreeBuilder.build(List.of(path), List.of(scan), files)));
    }
  }

  private static List<Integer> claimAll(HashQueue queue) {
    List<Integer> layers = new ArrayList<>();
    for (int i = queue.claim(); i != Layout.NONE; i = queue.claim()) {
      layers.add(i);
    }
    return layers;
  }

  @Test
  void theLargestLayerIsFirst() throws IOException {
    HashQueue queue = new HashQueue(tapes, Layout.NONE);
    layOut(0, 0, 1_000);
    layOut(1, 0, 30_000);
    layOut(2, 0, 10_000);
    layOut(2, 1, 10_000);
    layOut(3, 0, 5_000);
    queue.open();

    assertFalse(queue.claimEarly());
    assertEquals(List.of(1, 2, 3, 0), claimAll(queue));
    assertEquals(0, queue.unclaimedBytes());
  }

  @Test
  void layersCanBeClaimedWhileOthersAreNotLaidOut() throws IOException {
    HashQueue queue = new HashQueue(tapes, Layout.NONE);
    assertEquals(List.of(), claimAll(queue));
    layOut(0, 0, 1_000);
    layOut(2, 0, 50_000);
    layOut(3, 0, 5_000);

    assertEquals(List.of(3, 0), claimAll(queue));
    assertEquals(Long.MAX_VALUE, queue.unclaimedBytes());

    layOut(1, 0, 10_000);
    layOut(2, 1, 1_000);
    queue.open();

    assertEquals(tapes.get(1).size() + tapes.get(2).size(), queue.unclaimedBytes());
    assertEquals(List.of(2, 1), claimAll(queue));
    assertEquals(0, queue.unclaimedBytes());
  }

  @Test
  void theEarlyLayerIsClaimedOnce() throws IOException {
    HashQueue queue = new HashQueue(tapes, 2);
    assertTrue(queue.claimEarly());
    assertFalse(queue.claimEarly());
    layOut(0, 0, 1_000);
    layOut(1, 0, 2_000);
    layOut(2, 0, 1_000);
    layOut(2, 1, 1_000);
    layOut(3, 0, 3_000);
    queue.open();

    assertEquals(List.of(3, 1, 0), claimAll(queue));
  }
}
