package dev.strata.cli.options;

import dev.strata.cli.command.Context;
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

  /** Returns whether an image is written to standard output. */
  public static boolean isStandardOutput(ImageLocation place) {
    return place instanceof ImageLocation.OciArchive oci && oci.file().equals("-")
        || place instanceof ImageLocation.DockerArchive docker && docker.file().equals("-");
  }

  /**
   * Refuses to write an archive to a terminal.
   *
   * @throws UsageException if the place is standard output, and that is a terminal
   */
  public static void checkTerminal(ImageLocation place, Context context) {
    if (context.terminal().standardOutput() && isStandardOutput(place)) {
      throw new UsageException(
          "cannot write an archive to a terminal; name a file, or use a pipe such as '| tar t'");
    }
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
