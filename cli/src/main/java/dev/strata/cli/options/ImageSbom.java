package dev.strata.cli.options;

import dev.strata.cli.command.Context;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.UsageException;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.closure.StorePathName;
import dev.strata.explain.sbom.Sbom;
import dev.strata.explain.sbom.SbomOptions;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.PathNames;
import dev.strata.layering.LayerPath;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the bill of materials of an image, with what files, Nix and the environment say. */
public final class ImageSbom {
  private static final int NOTES_SHOWN = 20;

  private final Context context;
  private final String closureGraph;
  private final int jobs;

  /**
   * Prepares for a command.
   *
   * @param closureGraph the file with the references between the store paths; empty to query Nix
   * @param jobs the number of layers to read at once
   */
  public ImageSbom(Context context, String closureGraph, int jobs) {
    this.context = context;
    this.closureGraph = closureGraph;
    this.jobs = jobs;
  }

  /**
   * Reads the layers of an image, and prints what is missing in the bill of materials.
   *
   * @param image the image
   * @param location where it is
   * @param choice which image of an index it is
   * @param name its name; null if it is that of the location, if there is one
   */
  public Sbom of(
      ImageBlobs image, ImageLocation location, PlatformChoice choice, @Nullable Reference name)
      throws InterruptedException {
    String folder = context.environment().getOrDefault("TMPDIR", "");
    SbomOptions options =
        SbomOptions.defaults()
            .withName(name != null ? name : nameOf(location))
            .withStorePaths(described(location, choice))
            .withTimestamp(timestamp());
    if (!folder.isEmpty()) {
      options = options.withTemporaryFolder(FileNames.path(folder));
    }
    if (!closureGraph.isEmpty()) {
      options = options.withGraph(ClosureGraph.read(FileNames.path(closureGraph)));
    }
    Sbom sbom = Sbom.of(image, options, Transfer.quiet(jobs));
    if (closureGraph.isEmpty()) {
      ClosureGraph known = knownToNix(sbom.storePaths());
      sbom = known == null ? sbom : sbom.with(options.withGraph(known));
    }
    print(sbom.notes());
    return sbom;
  }

  private static @Nullable Reference nameOf(ImageLocation location) {
    return location instanceof ImageLocation.Registry registry ? registry.reference() : null;
  }

  /** Returns the store paths that image.json lists, and the names of others in the image. */
  private static List<String> described(ImageLocation location, PlatformChoice choice) {
    return location instanceof ImageLocation.Nix nix
        ? Image.read(FileNames.path(nix.file()), choice).layers().stream()
            .flatMap(layer -> layer.paths().stream())
            .map(ImageSbom::name)
            .filter(name -> !name.equals("/"))
            .toList()
        : List.of();
  }

  private static String name(LayerPath path) {
    boolean inStore = !StorePathName.of(path.path()).hash().isEmpty();
    return inStore ? path.path() : PathNames.inImage(path);
  }

  private @Nullable Timestamp timestamp() {
    String seconds = context.environment().getOrDefault("SOURCE_DATE_EPOCH", "");
    if (seconds.isEmpty()) {
      return null;
    }
    try {
      return Timestamp.parse(Instant.ofEpochSecond(Long.parseLong(seconds)).toString());
    } catch (NumberFormatException | DateTimeException _) {
      throw new UsageException(
          "SOURCE_DATE_EPOCH must be a number of seconds, got " + FileNames.quote(seconds));
    }
  }

  private @Nullable ClosureGraph knownToNix(List<String> paths) throws InterruptedException {
    NixStore store = NixStore.of(context.environment());
    List<String> here =
        paths.stream()
            .filter(p -> store.storePathOf(FileNames.path(p)).filter(p::equals).isPresent())
            .filter(p -> Files.exists(FileNames.path(p)))
            .toList();
    if (here.isEmpty()) {
      return null;
    }
    try {
      Optional<List<StorePath>> closure = store.closure(here);
      return closure.isEmpty() ? null : new ClosureGraph(closure.get());
    } catch (StrataException e) {
      context.err().println("strata: warning: " + e.getMessage());
      return null;
    }
  }

  private void print(List<String> notes) {
    for (String note : notes.subList(0, Math.min(NOTES_SHOWN, notes.size()))) {
      context.err().println("strata: note: " + note);
    }
    if (notes.size() > NOTES_SHOWN) {
      int more = notes.size() - NOTES_SHOWN;
      context.err().println("strata: note: " + more + " more notes are in the document");
    }
  }
}
