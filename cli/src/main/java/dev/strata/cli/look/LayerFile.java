package dev.strata.cli.look;

import dev.strata.cli.command.UsageException;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A layers.json or image.json file.
 *
 * @param name the name of the file for messages
 * @param layers its layers
 */
record LayerFile(String name, List<Layer> layers) {
  /** A longer run of digits is taken for the start of a digest. */
  private static final int MAX_NUMBER_DIGITS = 5;

  private static final String ALGORITHM = "sha256:";

  /** Reads a file of either form: an array is a layers.json file. */
  static LayerFile read(String typed) {
    return new LayerFile(
        FileNames.quote(typed), JsonFiles.readLayersOrImage(FileNames.path(typed)));
  }

  /**
   * Returns a layer.
   *
   * @param choice the number, from 0, or the start of the digest; null for the only layer
   * @throws UsageException if there is no such layer, or several
   */
  Layer choose(@Nullable String choice) {
    if (layers.isEmpty()) {
      throw new UsageException(name + " has no layers");
    }
    if (choice == null) {
      if (layers.size() == 1) {
        return layers.getFirst();
      }
      throw new UsageException("specify --layer: " + range());
    }
    if (choice.length() <= MAX_NUMBER_DIGITS && choice.chars().allMatch(Character::isDigit)) {
      int number = choice.isEmpty() ? layers.size() : Integer.parseInt(choice);
      if (number < layers.size()) {
        return layers.get(number);
      }
      throw new UsageException("no layer " + choice + ": " + range());
    }
    return byDigest(choice.toLowerCase(Locale.ROOT));
  }

  private Layer byDigest(String choice) {
    String start = choice.startsWith(ALGORITHM) ? choice : ALGORITHM + choice;
    List<Layer> found = new ArrayList<>();
    for (Layer layer : layers) {
      boolean known = found.stream().anyMatch(l -> l.digest().equals(layer.digest()));
      if (layer.digest().value().startsWith(start) && !known) {
        found.add(layer);
      }
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new UsageException(
        found.isEmpty()
            ? "no layer has a digest starting with " + start + ": " + range()
            : "several layers have digests starting with " + start + "; specify more digits");
  }

  private String range() {
    return name
        + (layers.size() == 1
            ? " has one layer, number 0"
            : " has layers 0 to " + (layers.size() - 1));
  }
}
