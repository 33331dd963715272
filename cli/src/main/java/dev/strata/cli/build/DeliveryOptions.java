package dev.strata.cli.build;

import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.WriteOptions;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.ImageLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options that say where a built image is copied, with those of {@code copy} for how. */
final class DeliveryOptions {
  /** Only what copies images from registries looks at where they come from. */
  private static final ImageLocation BUILD = new ImageLocation.Nix("");

  private final CommonRegistryOptions registry;
  private final WriteOptions writing;
  private final Argument<List<String>> to;
  private String advice = "";

  DeliveryOptions(Arguments arguments, CommonRegistryOptions registry) {
    this.registry = registry;
    to = arguments.texts("DESTINATION", "Copy the image there, like 'copy'; repeatable", "--to");
    writing = new WriteOptions(arguments);
  }

  boolean isGiven() {
    return to.get() != null;
  }

  private List<String> places() {
    return to.orElse(List.of());
  }

  /** Checks the arguments, before any work is done. */
  void check(List<String> platforms) {
    writing.check();
    for (String place : places()) {
      ImageLocation location;
      try {
        location = ImageLocation.parse(place);
        checkName(location);
      } catch (InvalidInputException e) {
        throw new UsageException("--to: " + e.getMessage());
      }
      if (location instanceof ImageLocation.Nix) {
        throw new UsageException(
            "--to requires a destination, such as docker://localhost:5000/app:1; use -o for"
                + " image.json");
      }
      writing.check(location);
      boolean local = platforms.size() < 2 || BaseOptions.includesLocal(platforms);
      if (!local && !BuildOutcome.holdsIndexes(location)) {
        throw new UsageException(
            "--to: "
                + FileNames.quote(place)
                + " holds the image of this machine's platform only, which --platform does not"
                + " name; use docker:// or oci:");
      }
    }
  }

  /** Checks names that are else looked at when the image has been built. */
  private static void checkName(ImageLocation location) {
    String name = "";
    if (location instanceof ImageLocation.DockerDaemon daemon) {
      name = daemon.name();
    } else if (location instanceof ImageLocation.DockerArchive archive && archive.name() != null) {
      name = archive.name();
    } else if (location instanceof ImageLocation.ContainersStorage storage) {
      name = storage.name().substring(storage.name().indexOf(']') + 1);
    }
    if (!name.isEmpty()) {
      Reference.parse(name);
    }
  }

  /**
   * Checks that no destination is in a folder that is added to the image.
   *
   * @throws UsageException if one is
   */
  void checkPlaces(List<String> added) {
    for (String place : places()) {
      ImageLocation location = ImageLocation.parse(place);
      if (location instanceof ImageLocation.OciDirectory layout) {
        OutputPlace.check(layout.directory(), "--to", added);
        OutputPlace.check(layout.directory() + "/index.json", "--to", added);
      } else if (location instanceof ImageLocation.Directory directory) {
        OutputPlace.check(directory.path(), "--to", added);
        OutputPlace.check(directory.path() + "/manifest.json", "--to", added);
      } else if (location instanceof ImageLocation.OciArchive archive) {
        OutputPlace.check(archive.file(), "--to", added);
      } else if (location instanceof ImageLocation.DockerArchive archive) {
        OutputPlace.check(archive.file(), "--to", added);
      }
    }
  }

  void checkTerminal(Context context) {
    for (String place : places()) {
      Places.checkTerminal(Places.parse(place), context);
    }
  }

  /** Returns whether the image goes to standard output, which then cannot have the summary. */
  boolean isStandardOutput() {
    for (String place : places()) {
      if (Places.isStandardOutput(Places.parse(place))) {
        return true;
      }
    }
    return false;
  }

  boolean writesTo(String name) {
    for (String place : places()) {
      if (ImageLocation.parse(place) instanceof ImageLocation.Registry image
          && image.reference().toString().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns how to go on after a copy has failed; empty before. */
  String advice() {
    return advice;
  }

  /**
   * Copies a built image to each destination. If one fails, the others follow.
   *
   * @param file the image.json file; empty for none
   * @return the digest of the manifest by destination
   * @throws StrataException that of the last destination that failed; others are printed
   */
  Map<String, String> copy(
      Context context, BuildOutcome built, String file, int jobs, boolean silent) {
    Map<String, String> digests = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    StrataException failure = null;
    for (String place : places()) {
      try {
        digests.put(place, copyTo(place, context, built, jobs, silent));
      } catch (StrataException e) {
        if (failure != null) {
          context.err().println("strata: " + failure.getMessage());
        }
        failure = e;
        missing.add(place);
      }
    }
    if (failure != null) {
      advice = advice(file, missing, digests.keySet());
      throw failure;
    }
    return digests;
  }

  private String copyTo(
      String place, Context context, BuildOutcome built, int jobs, boolean silent) {
    ImageLocation location = ImageLocation.parse(place);
    if (built.isReducedFor(location)) {
      context
          .err()
          .println(
              "strata: warning: "
                  + FileNames.quote(place)
                  + " holds one image, and gets that for this machine's platform");
    }
    Interruption.begin();
    try (CopyReport report = silent ? CopyReport.SILENT : CopyReport.text(context)) {
      Descriptor manifest =
          writing.write(
              context,
              writing.settings(context, registry),
              built.source(location),
              BUILD,
              location,
              jobs,
              report);
      writing.writeDigest(manifest);
      report.done(place, manifest);
      return manifest.digest().value();
    }
  }

  private static String advice(String file, List<String> missing, Set<String> done) {
    String copied = done.isEmpty() ? "" : "copied to " + String.join(", ", done) + "; ";
    if (file.isEmpty()) {
      return copied + "what has arrived is not sent again when the same command runs again";
    }
    List<String> commands = new ArrayList<>();
    for (String place : missing) {
      commands.add("'strata copy " + file + " " + place + "'");
    }
    return copied + file + " is complete: continue with " + String.join(" and ", commands);
  }
}
