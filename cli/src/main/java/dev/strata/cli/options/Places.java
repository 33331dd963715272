package dev.strata.cli.options;

import dev.strata.cli.command.UsageException;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.ImageLocation;

/** The places that arguments name. */
public final class Places {
  private Places() {}

  /**
   * Parses the name of a place to read, or the name of an image.json file.
   *
   * @throws UsageException if it is invalid
   */
  public static ImageLocation source(String name) {
    try {
      return ImageLocation.parseSource(name);
    } catch (InvalidInputException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Parses the name of a place to write.
   *
   * @throws UsageException if it is invalid, or can only be read
   */
  public static ImageLocation destination(String name) {
    ImageLocation place = parse(name);
    if (place instanceof ImageLocation.Nix) {
      throw new UsageException(
          "cannot write images to nix:, which can only be read; choose another transport");
    }
    return place;
  }

  /**
   * Parses the name of a place with its transport.
   *
   * @throws UsageException if it is invalid
   */
  public static ImageLocation parse(String name) {
    try {
      return ImageLocation.parse(name);
    } catch (InvalidInputException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
