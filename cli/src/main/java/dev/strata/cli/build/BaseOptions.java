package dev.strata.cli.build;

import dev.strata.ImageBuilder;
import dev.strata.SourceSettings;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Options for the base image and the platforms. */
final class BaseOptions {
  private final CommonRegistryOptions registry;
  private final SourceOptions access;
  private final Argument<String> from;
  private final Argument<String> fromImage;
  private final Argument<Boolean> noInherit;
  private final Argument<List<String>> platform;
  private final Argument<String> arch;

  BaseOptions(Arguments arguments, CommonRegistryOptions registry) {
    this.registry = registry;
    from = arguments.text("IMAGE", "Base image, from any place that 'copy' reads", "--from");
    noInherit = arguments.flag("Drop the settings of the base image", "--no-inherit");
    platform =
        arguments.texts(
            "OS/ARCH[/VARIANT]", "Platform; several give an index of all", "--platform");
    fromImage = arguments.text("FILE", "Base image.json, without its settings", "--from-image");
    arch =
        arguments.value(
            Architectures::read, "ARCH", "Architecture (default: this machine's)", "--arch");
    access = new SourceOptions(arguments);
  }

  boolean isGiven() {
    return from.get() != null;
  }

  /** Checks the arguments, before any work is done. */
  void check() {
    String base = from.get();
    if (base != null && fromImage.get() != null) {
      throw new UsageException("--from and --from-image cannot be combined");
    }
    if (noInherit.isSet() && base == null) {
      throw new UsageException("--no-inherit requires --from");
    }
    if (arch.get() != null && platform.get() != null) {
      throw new UsageException("--arch and --platform cannot be combined");
    }
    if (base != null) {
      try {
        ImageLocation.parseSource(base);
      } catch (InvalidInputException e) {
        throw new UsageException("--from: " + e.getMessage());
      }
    }
    Set<Platform> named = new HashSet<>();
    for (String name : platforms()) {
      try {
        ImageBuilder.fromScratch().platform(name);
      } catch (InvalidInputException e) {
        throw new UsageException(
            (arch.get() == null ? "--platform: " : "--arch: ") + e.getMessage());
      }
      Architectures.read(Platform.parse(name).architecture());
      if (!named.add(Platform.parse(name))) {
        throw new UsageException("--platform: " + name + " is named twice");
      }
    }
  }

  /** Returns the platforms: none for that of the base or of this machine. */
  List<String> platforms() {
    List<String> all = new ArrayList<>();
    for (String value : platform.orElse(List.of())) {
      all.addAll(List.of(value.split(",", -1)));
    }
    String architecture = arch.get();
    if (architecture != null) {
      all.add("linux/" + architecture);
    }
    return all;
  }

  /** Starts with the base image, for one platform if only one is wanted. */
  ImageBuilder start(Context context, int jobs, Transfer.Listener listener) {
    String base = from.get();
    String file = fromImage.orElse("");
    ImageBuilder builder;
    if (base != null) {
      builder = ImageBuilder.from(base, access.settings(context, registry, jobs, listener));
      builder = noInherit.isSet() ? builder.withoutBaseSettings() : builder;
    } else if (!file.isEmpty()) {
      Architectures.checkBase(
          Image.read(FileNames.path(file), choice()),
          file,
          arch.orElse(Platform.localArchitecture()));
      builder =
          ImageBuilder.from("nix:" + file, access.settings(context, registry, jobs, listener))
              .withoutBaseSettings();
    } else {
      builder = ImageBuilder.fromScratch();
    }
    List<String> wanted = platforms();
    return wanted.size() == 1 ? builder.platform(wanted.getFirst()) : builder;
  }

  /** Returns how to read another image: with the settings for the base. */
  SourceSettings access(Context context, int jobs, Transfer.Listener listener) {
    return access.settings(context, registry, jobs, listener);
  }

  /** Returns which image of an index to use: that of the first platform. */
  PlatformChoice choice() {
    List<String> wanted = platforms();
    return wanted.isEmpty()
        ? PlatformChoice.local()
        : PlatformChoice.one(Platform.parse(wanted.getFirst()));
  }

  /** Returns whether an index holds the platform of this machine. */
  static boolean includesLocal(List<String> platforms) {
    return platforms.stream()
        .anyMatch(p -> Platform.parse(p).architecture().equals(Platform.localArchitecture()));
  }
}
