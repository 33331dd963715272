package dev.strata.bench.cores;

import java.util.Locale;

/**
 * The costs of the engine's steps on one core, in nanoseconds. Immutable and thread-safe.
 *
 * @param directory the cost to scan a directory, without its entries
 * @param entry the cost to scan an entry and lay it out
 * @param open the cost to write the header of a file, open it and close it
 * @param readByte the cost to read a byte into a slab
 * @param hashByte the cost to hash a byte
 * @param start the time before the workers start and after they end: start of the JVM, parsing of
 *     the closure graph, output
 * @param background work of other threads, such as compilers, that any core can do
 */
record Rates(
    double directory,
    double entry,
    double open,
    double readByte,
    double hashByte,
    double start,
    double background) {

  /** Returns the cost to scan and lay out a path. */
  double scan(PathLoad path) {
    return path.directories() * directory + path.entries() * entry;
  }

  /** Returns the cost to fill a slab. */
  double fill(LayerLoad layer, int slab) {
    return layer.opens(slab) * open + layer.length(slab) * readByte;
  }

  /** Returns the cost to hash a slab. */
  double hash(LayerLoad layer, int slab) {
    return layer.length(slab) * hashByte;
  }

  /** Returns the same costs with other ones for start-up and background. */
  Rates with(double newStart, double newBackground) {
    return new Rates(directory, entry, open, readByte, hashByte, newStart, newBackground);
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "start %.3f s; other threads %.3f s; scan %.1f µs a directory and %.1f µs an entry; open"
            + " %.1f µs a file; read %.1f GB/s; hash %.2f GB/s",
        start / 1e9,
        background / 1e9,
        directory / 1e3,
        entry / 1e3,
        open / 1e3,
        1 / readByte,
        1 / hashByte);
  }
}
