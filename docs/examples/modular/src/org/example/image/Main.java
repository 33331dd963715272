package org.example.image;

import dev.strata.BuiltImage;
import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import java.nio.file.Path;

/**
 * Builds an image from a closure graph and copies it to a place.
 *
 * <p>Usage: {@code CLOSURE-GRAPH PLACE gzip|zstd}.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    CopyOptions options = CopyOptions.defaults();
    options = args[2].equals("zstd") ? options.zstd() : options.gzip();
    ImageBuilder builder =
        ImageBuilder.fromScratch().addClosure(Path.of(args[0]), 3).entrypoint("/bin/app");
    try (BuiltImage image = builder.build()) {
      System.out.println(image.copyTo(args[1], options).digest());
    }
  }
}
