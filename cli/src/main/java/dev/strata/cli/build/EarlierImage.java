package dev.strata.cli.build;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.cli.command.Context;
import dev.strata.cli.options.CopyReport;
import dev.strata.closure.StorePathName;
import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageContents;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the store paths in the layers of an image that was built before. */
final class EarlierImage {
  private EarlierImage() {}

  /**
   * Returns the store paths of each layer that has some. An image.json file lists them; the layers
   * of any other image are read.
   *
   * @param name the image
   * @return the store paths; none, with a warning, if there is no such image yet
   */
  static List<List<String>> layers(
      Context context, String name, SourceSettings access, PlatformChoice platform) {
    try {
      return layers(name, access, platform);
    } catch (NotFoundException e) {
      context
          .err()
          .println(
              "strata: warning: there is no earlier image, so layers are planned by size: "
                  + e.getMessage());
      return List.of();
    }
  }

  private static List<List<String>> layers(
      String name, SourceSettings access, PlatformChoice platform) {
    ImageLocation location = ImageLocation.parseSource(name);
    if (location instanceof ImageLocation.Nix nix) {
      return listed(Image.read(FileNames.path(nix.file()), platform).layers());
    }
    try (Source source = Transports.source(location, access)) {
      if (!(source.open(platform) instanceof CopySource.Single single)) {
        throw new InvalidInputException(
            FileNames.quote(name) + " is an index of several images; name one of them");
      }
      Transfer transfer = new Transfer(access.jobs(), CopyReport.SILENT);
      return nonEmpty(ImageContents.read(single.image().layers(), _ -> new StorePaths(), transfer));
    }
  }

  private static List<List<String>> listed(List<Layer> layers) {
    List<List<String>> all = new ArrayList<>();
    for (Layer layer : layers) {
      // A path outside a store can change and keep its name.
      all.add(
          layer.paths().stream()
              .map(LayerPath::path)
              .filter(path -> StorePathName.storePathOf(path).equals(path))
              .toList());
    }
    return nonEmpty(all);
  }

  private static List<List<String>> nonEmpty(List<List<String>> layers) {
    return layers.stream().filter(layer -> !layer.isEmpty()).toList();
  }

  /** Collects the store paths of a layer. */
  private static final class StorePaths implements ImageContents.Visitor<List<String>> {
    private final Set<String> found = new LinkedHashSet<>();

    @Override
    public @Nullable WritableByteChannel entry(FileEntry entry) {
      String path = StorePathName.storePathOf(entry.path());
      if (!path.isEmpty()) {
        found.add(path);
      }
      return null;
    }

    @Override
    public List<String> finish(long size) {
      return List.copyOf(found);
    }
  }
}
