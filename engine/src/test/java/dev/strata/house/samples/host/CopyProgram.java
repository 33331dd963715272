package dev.strata.house.samples.host;

import dev.strata.BuiltImage;
import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import dev.strata.io.StrataException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Copies an image of one folder, in a class loader of its own. Takes the folder, a place and a
 * compression, or the place of a base image alone, separated by blanks; returns the digest or the
 * exception.
 */
public final class CopyProgram implements UnaryOperator<String> {
  @Override
  public String apply(String words) {
    String[] word = words.split(" ", -1);
    try {
      if (word.length == 1) {
        ImageBuilder.from(word[0]).build().close();
        return "read";
      }
      CopyOptions options = CopyOptions.defaults();
      options =
          switch (word[2]) {
            case "gzip" -> options.gzip();
            case "zstd" -> options.zstd();
            default -> options.uncompressed();
          };
      try (BuiltImage image = ImageBuilder.fromScratch().add(Path.of(word[0]), "/").build()) {
        return image.copyTo(word[1], options).digest().value();
      }
    } catch (StrataException e) {
      return e.toString();
    }
  }
}
