package dev.strata.cli.build;

import dev.strata.BuiltImage;
import dev.strata.BuiltIndex;
import dev.strata.ImageBuilder;
import dev.strata.cli.command.CountingProgress;
import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.options.CompressorOption;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.oci.Platform;
import dev.strata.transport.ImageLocation;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a build has made: an image, or one for each of several platforms. */
final class BuildOutcome implements AutoCloseable {
  private final @Nullable BuiltImage image;
  private final @Nullable BuiltIndex index;

  private BuildOutcome(@Nullable BuiltImage image, @Nullable BuiltIndex index) {
    this.image = image;
    this.index = index;
  }

  /** Builds an image, or the images of an index if there are several platforms. */
  static BuildOutcome of(ImageBuilder builder, List<String> platforms) {
    return platforms.size() > 1
        ? new BuildOutcome(null, builder.build(platforms))
        : new BuildOutcome(builder.build(), null);
  }

  /** Returns whether a place can have the images of several platforms. */
  static boolean holdsIndexes(ImageLocation to) {
    return to instanceof ImageLocation.Registry || to instanceof ImageLocation.OciDirectory;
  }

  /** Writes image.json, and the descriptions of several images next to it. */
  void write(String file, OutputFile out) {
    out.writeFully(ByteBuffer.wrap(FileNames.encode(json(file))));
  }

  /**
   * Returns what is suspicious about the images.
   *
   * @param anyPlatform whether the base decides on the platform
   */
  List<String> warnings(boolean anyPlatform) {
    Set<String> warnings = new LinkedHashSet<>();
    for (BuiltImage one : index == null ? List.of(single()) : index.images().values()) {
      String problem = ProgramCheck.problem(one.image(), one.baseLayerCount());
      if (!problem.isEmpty()) {
        warnings.add(problem);
      }
      warnings.addAll(EmptiedFolders.problems(one.image()));
      String arch = one.image().arch();
      if (anyPlatform && !arch.equals(Platform.localArchitecture())) {
        warnings.add(
            "the base image is for "
                + arch
                + ", and so is the image; this machine is "
                + Platform.localArchitecture()
                + " (use --platform)");
      }
    }
    return List.copyOf(warnings);
  }

  /** Returns whether a place gets only one of several images. */
  boolean isReducedFor(ImageLocation to) {
    return index != null && !holdsIndexes(to);
  }

  /** Returns image.json as it is written to a file. */
  String json(String file) {
    return index == null
        ? single().describe(CompressorOption.folderOf(file)).toJson()
        : index.describe(FileNames.path(file)).toJson();
  }

  private BuiltImage single() {
    return Objects.requireNonNull(image);
  }

  /** Returns what to copy to a place: all images, or the one for this machine. */
  CopySource source(ImageLocation to) {
    if (index == null) {
      return new CopySource.Single(single().blobs());
    }
    if (holdsIndexes(to)) {
      return new CopySource.Several(index.blobs());
    }
    for (Map.Entry<Platform, BuiltImage> e : index.images().entrySet()) {
      if (e.getKey().architecture().equals(Platform.localArchitecture())) {
        return new CopySource.Single(e.getValue().blobs());
      }
    }
    throw new IllegalStateException("checked before the build");
  }

  /** Returns the figures of each image by platform; the name is empty for the only one. */
  Map<String, ImageBuild.Result> results(CountingProgress progress, long nanos) {
    Map<String, ImageBuild.Result> results = new LinkedHashMap<>();
    if (index == null) {
      results.put("", result(single(), progress, nanos));
    } else {
      index
          .images()
          .forEach(
              (platform, one) -> results.put(platform.toString(), result(one, progress, nanos)));
    }
    return results;
  }

  private static ImageBuild.Result result(BuiltImage one, CountingProgress progress, long nanos) {
    return new ImageBuild.Result(
        one.image(), one.baseLayerCount(), progress.entries(), progress.bytes(), nanos);
  }

  @Override
  public void close() {
    if (image != null) {
      image.close();
    }
    if (index != null) {
      index.close();
    }
  }
}
