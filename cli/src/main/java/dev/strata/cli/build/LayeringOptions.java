package dev.strata.cli.build;

import dev.strata.SourceSettings;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.ByteSize;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.Suggestion;
import dev.strata.cli.command.UsageException;
import dev.strata.closure.ClosureGraph;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerSizes;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayeringStrategy;
import dev.strata.layering.SharedLayers;
import dev.strata.layering.SizedClosure;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options that say how paths are assigned to layers. */
final class LayeringOptions {
  static final String POPULARITY = "popularity";
  static final String BY_SIZE = "by-size";
  static final String VOLATILE = "volatile";
  static final String FLEET = "fleet";

  /** The ways that need nothing but the closure. */
  static final List<String> SIMPLE = List.of(POPULARITY, BY_SIZE);

  private static final List<String> NAMES = List.of(POPULARITY, BY_SIZE, VOLATILE, FLEET);

  private final Argument<Integer> maxLayers;
  private final Argument<String> layering;
  private final Argument<Long> minLayerSize;
  private final Argument<List<String>> volatilePatterns;
  private final Argument<String> volatileList;
  private final Argument<String> volatileFrom;
  private final Argument<String> layersFile;

  LayeringOptions(Arguments arguments) {
    maxLayers =
        arguments.value(
            PositiveInteger::read,
            "N",
            "Maximum number of layers of the image (default: 40 for paths)",
            "--max-layers");
    layering =
        arguments
            .value(
                text -> readName(text, NAMES),
                "WAY",
                "popularity (default), by-size, volatile or fleet",
                "--layering")
            .suggest(POPULARITY, BY_SIZE, VOLATILE, FLEET);
    minLayerSize =
        arguments.value(
            ByteSize::read,
            "SIZE",
            "Put smaller layers together, such as 1MiB",
            "--min-layer-size");
    volatilePatterns =
        arguments.texts(
            "PATTERN", "Name of paths that often change, such as app-*; repeatable", "--volatile");
    volatileList =
        arguments.text("FILE", "File with such patterns, one per line", "--volatile-list");
    volatileFrom =
        arguments.text(
            "IMAGE", "Keep the layers of this image that have not changed", "--volatile-from");
    layersFile = arguments.text("FILE", "Layers that 'plan --fleet' has written", "--layers-file");
  }

  /** Reads the name of a way. */
  static String readName(String text, List<String> known) {
    if (!known.contains(text)) {
      throw new UsageException(
          "must be one of "
              + String.join(", ", known)
              + ", got "
              + FileNames.quote(text)
              + Suggestion.of(text, known));
    }
    return text;
  }

  /** Returns the largest number of layers; null if none was given. */
  @Nullable Integer maxLayers() {
    return maxLayers.get();
  }

  /** Returns the limits for a closure without a base image. */
  LayerLimits limits() {
    return new LayerLimits(
        maxLayers.orElse(ClosurePlan.DEFAULT_MAX_LAYERS), minLayerSize.orElse(0L));
  }

  /** Returns the name of the way, which other options can imply. */
  String name() {
    if (layering.get() != null) {
      return layering.required();
    }
    return hasVolatile() ? VOLATILE : layersFile.get() != null ? FLEET : POPULARITY;
  }

  /** Returns whether paths that often change were given by name. */
  boolean hasPatterns() {
    return volatilePatterns.get() != null || volatileList.get() != null;
  }

  private boolean hasVolatile() {
    return hasPatterns() || volatileFrom.get() != null;
  }

  boolean hasLayersFile() {
    return layersFile.get() != null;
  }

  boolean isWayGiven() {
    return layering.get() != null;
  }

  boolean hasEarlierImage() {
    return volatileFrom.get() != null;
  }

  /** Checks the arguments, before any work is done. */
  void check() {
    String way = name();
    if (hasVolatile() && !way.equals(VOLATILE)) {
      throw new UsageException(
          "--volatile, --volatile-list and --volatile-from require --layering volatile");
    }
    if (hasLayersFile() && !way.equals(FLEET)) {
      throw new UsageException("--layers-file requires --layering fleet");
    }
    if (way.equals(VOLATILE) && !hasVolatile()) {
      throw new UsageException(
          "--layering volatile requires --volatile, --volatile-list or --volatile-from");
    }
    if (way.equals(FLEET) && !hasLayersFile()) {
      throw new UsageException("--layering fleet requires --layers-file; see 'plan --fleet'");
    }
    checkVolatile();
  }

  /** Checks the options that say what often changes. */
  void checkVolatile() {
    if (hasPatterns() && hasEarlierImage()) {
      throw new UsageException(
          "--volatile-from cannot be combined with --volatile and --volatile-list");
    }
    String image = volatileFrom.get();
    if (image != null) {
      try {
        ImageLocation.parseSource(image);
      } catch (InvalidInputException e) {
        throw new UsageException("--volatile-from: " + e.getMessage());
      }
    }
  }

  /** Returns the store paths in the layers of the image of --volatile-from. */
  List<List<String>> earlierLayers(
      Context context, SourceSettings access, PlatformChoice platform) {
    return EarlierImage.layers(context, volatileFrom.required(), access, platform);
  }

  /**
   * Returns how the paths of a graph are assigned to layers.
   *
   * @param earlier the store paths in the layers of the image of --volatile-from
   */
  Layering layering(Context context, ClosureGraph graph, List<List<String>> earlier, int jobs) {
    String way = name();
    long minSize = minLayerSize.orElse(0L);
    if (way.equals(POPULARITY) && minSize == 0) {
      return Layering.BY_POPULARITY;
    }
    SizedClosure closure = measured(way.equals(POPULARITY) ? graph : graph.sorted(), jobs);
    return Layering.of(closure, strategy(context, closure, earlier), minSize);
  }

  /** Returns the strategy for a closure whose sizes are known. */
  LayeringStrategy strategy(Context context, SizedClosure closure, List<List<String>> earlier) {
    String way = name();
    if (way.equals(FLEET)) {
      return fleet(context, closure.paths());
    }
    if (way.equals(VOLATILE)) {
      return hasEarlierImage()
          ? LayeringStrategy.keeping(earlier)
          : LayeringStrategy.separating(changing(context, closure));
    }
    return way.equals(BY_SIZE) ? LayeringStrategy.bySize() : LayeringStrategy.popularity();
  }

  /** Returns the strategy of --layers-file, with a warning if it concerns none of some paths. */
  LayeringStrategy fleet(Context context, List<String> paths) {
    String file = layersFile.required();
    List<List<String>> layers = SharedLayers.read(FileNames.path(file));
    Set<String> listed = new HashSet<>();
    layers.forEach(listed::addAll);
    if (Collections.disjoint(listed, paths)) {
      context
          .err()
          .println(
              "strata: warning: "
                  + FileNames.quote(file)
                  + " has no path of this image; make it again after an update: 'plan --fleet'");
    }
    return LayeringStrategy.listed(layers);
  }

  /** Returns the paths of a closure that often change, by name. */
  private Set<String> changing(Context context, SizedClosure closure) {
    return patterns(context, closure.paths()).among(closure.paths());
  }

  /** Returns the names of paths that often change, with a warning for each that no path has. */
  NamePatterns patterns(Context context, List<String> paths) {
    NamePatterns names = patterns();
    for (String name : names.unused(paths)) {
      context
          .err()
          .println(
              "strata: warning: no path has the name "
                  + FileNames.quote(name)
                  + ", which was given as one that often changes");
    }
    return names;
  }

  private NamePatterns patterns() {
    List<String> all = new ArrayList<>(volatilePatterns.orElse(List.of()));
    String file = volatileList.orElse("");
    if (!file.isEmpty()) {
      try {
        for (byte[] line : lines(Files.readAllBytes(FileNames.path(file)))) {
          String text = FileNames.decode(line).strip();
          if (!text.isEmpty() && !text.startsWith("#")) {
            all.add(text);
          }
        }
      } catch (IOException e) {
        throw new StrataException(
            "cannot read " + FileNames.quote(file) + ": " + e.getMessage(), e);
      }
    }
    return new NamePatterns(all);
  }

  private static List<byte[]> lines(byte[] content) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= content.length; i++) {
      if (i == content.length || content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
    return lines;
  }

  /** Returns a closure with all sizes: those of Nix, and else those of the files. */
  static SizedClosure measured(ClosureGraph graph, int jobs) {
    SizedClosure closure = SizedClosure.of(graph);
    List<String> unknown = closure.pathsWithoutSize();
    if (unknown.isEmpty()) {
      return closure;
    }
    for (String path : unknown) {
      if (!Files.exists(FileNames.path(path), LinkOption.NOFOLLOW_LINKS)) {
        throw new InvalidInputException(
            "the size of "
                + FileNames.quote(path)
                + " is unknown: the path is not on this machine, and the closure graph has no"
                + " narSize; use a graph that 'strata closure' or Nix wrote");
      }
    }
    List<Long> sizes =
        LayerSizes.ofPaths(unknown.stream().map(path -> new LayerPath(path, null)).toList(), jobs);
    Map<String, Long> known = new HashMap<>();
    for (int i = 0; i < unknown.size(); i++) {
      known.put(unknown.get(i), sizes.get(i));
    }
    return closure.withSizes(known);
  }
}
