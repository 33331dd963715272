package dev.strata.bench.cores;

import dev.strata.bench.jmh.Stages;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import dev.strata.layering.LayerPath;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the costs of the engine's steps with one thread of this JVM, once its code has been
 * compiled: of several runs, the shortest time of each step counts. Not thread-safe.
 */
final class RateMeter {
  private static final int ROUNDS = 4;

  private final List<LayerPath> paths;
  private final List<PathLoad> loads;
  private final MessageDigest sha256;

  /**
   * Creates a meter.
   *
   * @param paths the paths to measure with
   * @param loads the work in each of them
   */
  RateMeter(List<LayerPath> paths, List<PathLoad> loads) {
    this.paths = List.copyOf(paths);
    this.loads = List.copyOf(loads);
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Measures, without what is not part of a step. */
  Rates measure() {
    double[] scans = new double[paths.size()];
    Arrays.fill(scans, Double.MAX_VALUE);
    List<double[]> fills = new ArrayList<>();
    List<double[]> hashes = new ArrayList<>();
    List<LayerLoad> single = new ArrayList<>();
    for (PathLoad load : loads) {
      LayerLoad layer = new LayerLoad(List.of(load));
      single.add(layer);
      fills.add(filled(layer.slabs()));
      hashes.add(filled(layer.slabs()));
    }
    try (SourceFiles files = SourceFiles.open()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < paths.size(); i++) {
          long before = System.nanoTime();
          TarStream stream = LoadReader.layOut(paths.get(i), 0, files);
          scans[i] = Math.min(scans[i], (double) (System.nanoTime() - before));
          read(stream, fills.get(i), hashes.get(i));
        }
      }
    }
    double[] scan =
        Fit.of(
            scans,
            loads.stream().mapToDouble(PathLoad::directories).toArray(),
            loads.stream().mapToDouble(PathLoad::entries).toArray());
    double[] fill = fitFills(single, fills);
    double hashed = hashes.stream().flatMapToDouble(Arrays::stream).sum();
    double bytes = single.stream().mapToDouble(LayerLoad::bytes).sum();
    return new Rates(scan[0], scan[1], fill[0], fill[1], hashed / bytes, 0, 0);
  }

  private static double[] filled(int size) {
    double[] most = new double[size];
    Arrays.fill(most, Double.MAX_VALUE);
    return most;
  }

  /** Reads and hashes a stream slab by slab, and keeps the shorter times. */
  private void read(TarStream stream, double[] fills, double[] hashes) {
    long[] at = {System.nanoTime()};
    int[] slab = {0};
    Stages.read(
        stream,
        LayerLoad.SLAB_BYTES,
        (bytes, count) -> {
          long read = System.nanoTime();
          sha256.update(bytes.slice(0, count));
          long hashed = System.nanoTime();
          fills[slab[0]] = Math.min(fills[slab[0]], (double) (read - at[0]));
          hashes[slab[0]] = Math.min(hashes[slab[0]], (double) (hashed - read));
          at[0] = System.nanoTime();
          slab[0]++;
        });
  }

  private static double[] fitFills(List<LayerLoad> layers, List<double[]> fills) {
    int count = layers.stream().mapToInt(LayerLoad::slabs).sum();
    double[] times = new double[count];
    double[] opens = new double[count];
    double[] bytes = new double[count];
    int at = 0;
    for (int i = 0; i < layers.size(); i++) {
      for (int slab = 0; slab < layers.get(i).slabs(); slab++) {
        times[at] = fills.get(i)[slab];
        opens[at] = layers.get(i).opens(slab);
        bytes[at++] = layers.get(i).length(slab);
      }
    }
    return Fit.of(times, opens, bytes);
  }
}
