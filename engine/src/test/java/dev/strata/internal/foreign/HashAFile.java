package dev.strata.internal.foreign;

import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import java.util.List;

/** Builds a layer of a file in a new JVM, and prints how the JVM hashes from then on. */
final class HashAFile {
  private HashAFile() {}

  /** Runs the program on a path. */
  public static void main(String[] args) {
    LayerBuilder.create().build(List.of(List.of(new LayerPath(args[0], null))));
    Sha256.settle();
    try (Sha256 hash = Sha256.open()) {
      System.out.print(hash.getClass().getSimpleName());
    }
  }
}
