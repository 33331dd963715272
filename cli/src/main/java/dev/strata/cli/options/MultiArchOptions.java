package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import java.util.ArrayList;
import java.util.List;

/** Options that say which images of an index to copy. */
public final class MultiArchOptions {
  private final PlatformOptions platform;
  private final Argument<Boolean> all;
  private final Argument<String> multiArch;

  public MultiArchOptions(Arguments arguments) {
    platform = new PlatformOptions(arguments);
    all = arguments.flag("Copy all images of an index", "-a", "--all");
    multiArch =
        arguments
            .text(
                "CHOICE",
                "Images of an index: system, all, index-only or OS/ARCH[/VARIANT],...",
                "--multi-arch")
            .suggest("system", "all", "index-only");
  }

  /** Returns which images to copy between two places. */
  public PlatformChoice choice(ImageLocation from, ImageLocation to) {
    String which = multiArch.get();
    if (all.isSet()) {
      if (which != null && !which.equals("all")) {
        throw new UsageException("--all and --multi-arch cannot be combined");
      }
      return PlatformChoice.all();
    }
    if (which == null) {
      return isIndexKept(from, to) ? PlatformChoice.all() : platform.choice();
    }
    return switch (which) {
      case "system" -> platform.choice();
      case "all" -> PlatformChoice.all();
      case "index-only" -> PlatformChoice.indexOnly();
      default -> PlatformChoice.only(platforms(which));
    };
  }

  /**
   * Returns whether an index of image.json files is copied as an index by default: someone has put
   * it together to be stored as one.
   */
  private boolean isIndexKept(ImageLocation from, ImageLocation to) {
    boolean holdsIndexes =
        to instanceof ImageLocation.Registry || to instanceof ImageLocation.OciDirectory;
    return from instanceof ImageLocation.Nix && holdsIndexes && !platform.isGiven();
  }

  private static List<Platform> platforms(String which) {
    List<Platform> platforms = new ArrayList<>();
    for (String each : which.split(",", -1)) {
      if (each.indexOf('/') < 0) {
        throw new UsageException(
            "--multi-arch: must be system, all, index-only or platforms such as"
                + " linux/amd64,linux/arm64, got '"
                + which
                + "'");
      }
      try {
        platforms.add(Platform.parse(each));
      } catch (InvalidInputException e) {
        throw new UsageException("--multi-arch: " + e.getMessage());
      }
    }
    return platforms;
  }
}
