package dev.strata.cli.build;

import dev.strata.cli.command.Suggestion;
import dev.strata.cli.command.UsageException;
import dev.strata.image.ConfigJson;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.folder.SkopeoDirectorySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The architectures that images can be for, by their Go names. */
final class Architectures {
  /** Those of Linux in Go, and of WebAssembly. */
  private static final List<String> KNOWN =
      List.of(
          "amd64",
          "arm64",
          "386",
          "arm",
          "loong64",
          "mips",
          "mips64",
          "mips64le",
          "mipsle",
          "ppc64",
          "ppc64le",
          "riscv64",
          "s390x",
          "sparc64",
          "wasm");

  private Architectures() {}

  /** Parses an argument. */
  static String read(String text) {
    if (KNOWN.contains(text)) {
      return text;
    }
    String known = knownFor(text);
    String hint = known.isEmpty() ? Suggestion.of(text, KNOWN) : "; did you mean '" + known + "'?";
    throw new UsageException(
        "unknown architecture "
            + FileNames.quote(text)
            + (hint.isEmpty() ? "; use one of " + String.join(", ", KNOWN) : hint));
  }

  /** Returns the Go name of an architecture that others call by another name; empty if unknown. */
  private static String knownFor(String other) {
    return switch (other) {
      case "x86_64", "x86-64", "x64" -> "amd64";
      case "aarch64", "armv8", "arm64v8" -> "arm64";
      case "x86", "i386", "i486", "i586", "i686" -> "386";
      case "armhf", "armel", "armv6", "armv6l", "armv7", "armv7l", "arm32v7" -> "arm";
      case "loongarch64" -> "loong64";
      case "mips64el" -> "mips64le";
      case "mipsel" -> "mipsle";
      case "powerpc64le", "ppc64el" -> "ppc64le";
      case "riscv" -> "riscv64";
      default -> "";
    };
  }

  /**
   * Fails if a base image is for another architecture.
   *
   * @param name the base image, for messages
   */
  static void checkBase(Image base, String name, String wanted) {
    String actual = base.arch().isEmpty() ? ofPulled(base) : base.arch();
    if (!actual.isEmpty() && !actual.equals(wanted)) {
      throw new InvalidInputException(
          "cannot build an image for "
              + wanted
              + " on "
              + FileNames.quote(name)
              + ", which is for "
              + actual
              + "; use --arch "
              + actual
              + " or another base image");
    }
  }

  /** Returns the architecture of a pulled image, whose description lacks it; empty if unknown. */
  private static String ofPulled(Image base) {
    for (Layer layer : base.layers()) {
      Path folder = FileNames.path(layer.file().orElse("")).toAbsolutePath().getParent();
      if (layer.file().isPresent()
          && folder != null
          && Files.exists(folder.resolve("manifest.json"))) {
        try (SkopeoDirectorySource pulled = SkopeoDirectorySource.at(folder)) {
          return pulled.open(PlatformChoice.local()) instanceof CopySource.Single one
              ? ConfigJson.parse(folder.toString(), Manifest.bytes(one.image().config()))
                  .architecture()
              : "";
        } catch (StrataException _) {
          // Whatever is wrong matters only if the layers cannot be read.
          return "";
        }
      }
    }
    return "";
  }
}
