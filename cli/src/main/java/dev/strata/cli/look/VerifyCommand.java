package dev.strata.cli.look;

import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.ProgressBar;
import dev.strata.closure.ClosureGraph;
import dev.strata.compress.Compression;
import dev.strata.explain.Verification;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.image.ImageFile;
import dev.strata.image.ImageIndex;
import dev.strata.image.JsonFiles;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.oci.DiffIds;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import dev.strata.transport.registry.RegistryLayers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks whether images still have the bytes that were recorded. */
public final class VerifyCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<Boolean> all =
      arguments().flag("Verify the images for all platforms", "-a", "--all");
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Closure graph with the NAR hashes of the build", "--closure-graph");
  private final Argument<Boolean> json = arguments().flag("Print JSON", "--json");
  private final Argument<List<String>> images =
      arguments()
          .parameters(true, "IMAGE", "image.json or layers.json file, or a SOURCE of 'copy'");

  public VerifyCommand() {
    super(
        "verify",
        "Check whether an image still has the bytes that were recorded.",
        "",
        "The layers of an image.json or layers.json file are built again and their digests"
            + " compared. If one differs, the command prints what has changed: the files, if the"
            + " build wrote a witness (--witness); otherwise the paths whose NAR hash is not that"
            + " of --closure-graph or of the Nix database. Of any other image, all blobs are read"
            + " and compared, compressed and uncompressed.",
        "",
        "The exit code is 0 if all is the same, 1 if something differs or is missing, and 2 if the"
            + " answer cannot be found.");
    daily("--all", "--closure-graph", "--json", "--arch");
    footer(
        "Examples:",
        "  strata verify image.json",
        "  strata verify --closure-graph closure.json layers.json",
        "  strata verify oci:layout:app docker://localhost:5000/app:1");
    sortOptions();
  }

  @Override
  public int failureExitCode() {
    return ExitCode.TROUBLE;
  }

  @Override
  public int run(Context context) throws InterruptedException {
    String file = closureGraph.orElse("");
    ClosureGraph graph = file.isEmpty() ? null : ClosureGraph.read(FileNames.path(file));
    NixStore store = NixStore.of(context.environment());
    Verification.Status worst = Verification.Status.SAME;
    List<Object> reports = new ArrayList<>();
    for (String name : images.orElse(List.of())) {
      for (VerifyReport report : verify(context, name)) {
        report = report.explained(graph, store, jobs.count());
        worst = report.status().compareTo(worst) > 0 ? report.status() : worst;
        if (json.isSet()) {
          reports.add(report.toJson());
        } else {
          report.print(context.out());
        }
        context.out().flush();
      }
    }
    if (json.isSet()) {
      context.out().println(JsonText.indented(Map.of("images", reports)));
      context.out().flush();
    }
    return worst == Verification.Status.SAME
        ? ExitCode.SUCCESS
        : worst == Verification.Status.CHANGED ? ExitCode.DIFFERENT : ExitCode.TROUBLE;
  }

  private PlatformChoice choice() {
    return all.isSet() ? PlatformChoice.all() : platform.choice();
  }

  private List<VerifyReport> verify(Context context, String name) {
    ImageLocation location = Places.source(name);
    if (location instanceof ImageLocation.Nix nix) {
      return described(context, name, FileNames.path(nix.file()));
    }
    try (Source source =
        Transports.source(
            location, sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT))) {
      List<VerifyReport> reports = new ArrayList<>();
      switch (source.open(choice())) {
        case CopySource.Single s -> reports.add(stored(name, s.image()));
        case CopySource.Several s -> {
          for (ImageBlobs image : s.index().images()) {
            reports.add(stored(name + "@" + image.manifest().descriptor().digest(), image));
          }
        }
      }
      return reports;
    } catch (CorruptDataException | SourceChangedException e) {
      VerifyReport report = new VerifyReport(name);
      report.part(
          "manifest",
          null,
          new Verification(Verification.Status.CHANGED, String.valueOf(e.getMessage())));
      return List.of(report);
    }
  }

  /** Verifies an image.json file, an index of such files, or a layers.json file. */
  private List<VerifyReport> described(Context context, String name, Path file) {
    if (startsArray(file)) {
      return List.of(described(context, name, JsonFiles.readLayers(file)));
    }
    ImageFile read = ImageFile.read(file);
    ImageIndex index = read.index().orElse(null);
    if (index == null || !all.isSet()) {
      return List.of(described(context, name, read.image(platform.choice()).layers()));
    }
    List<VerifyReport> reports = new ArrayList<>();
    for (ImageIndex.Entry entry : index.images()) {
      Image image = Image.read(FileNames.path(entry.image()));
      reports.add(described(context, entry.image(), image.layers()));
    }
    return reports;
  }

  private static boolean startsArray(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      int c = in.read();
      while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        c = in.read();
      }
      return c == '[';
    } catch (IOException _) {
      // The reader of the file reports it.
      return false;
    }
  }

  private VerifyReport described(Context context, String name, List<Layer> layers) {
    List<Layer> built = new ArrayList<>();
    List<Layer> stored = new ArrayList<>();
    for (Layer layer : layers) {
      (layer.file().isEmpty() && layer.isLocal() ? built : stored).add(layer);
    }
    List<Verification> fromPaths;
    try (ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      fromPaths = Verification.layers(built, jobs.count(), bar);
    }
    List<Verification> fromFiles;
    try (RegistryLayers registries =
            RegistryLayers.of(
                sourceOptions
                    .settings(context, registry, jobs.count(), CopyReport.SILENT)
                    .registry(),
                CopyReport.SILENT);
        Workers workers = workers()) {
      fromFiles = workers.map(stored, layer -> stored(layer, registries));
    }
    Iterator<Verification> nextBuilt = fromPaths.iterator();
    Iterator<Verification> nextStored = fromFiles.iterator();
    VerifyReport report = new VerifyReport(name);
    for (Layer layer : layers) {
      boolean own = layer.file().isEmpty() && layer.isLocal();
      Verification found = own ? nextBuilt.next() : nextStored.next();
      report.layer(layer.digest(), layer.size().orElse(0), found, own ? layer : null);
    }
    return report;
  }

  private Verification stored(Layer layer, RegistryLayers registries) {
    try {
      Blob blob = registries.readable(LayerBlobs.of(layer, 1));
      return Verification.blob(blob, layer.hasDiffId() ? layer.diffId() : null);
    } catch (NotFoundException e) {
      return new Verification(Verification.Status.CHANGED, String.valueOf(e.getMessage()));
    } catch (StrataException e) {
      return new Verification(Verification.Status.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  private VerifyReport stored(String name, ImageBlobs image) {
    VerifyReport report = new VerifyReport(name);
    report.part(
        "manifest",
        image.manifest().descriptor().digest(),
        Verification.blob(image.manifest(), null));
    Verification config = Verification.blob(image.config(), null);
    report.part("configuration", image.config().descriptor().digest(), config);
    List<Digest> diffIds =
        config.status() == Verification.Status.SAME
            ? DiffIds.parse("the configuration of " + name, Manifest.bytes(image.config()))
            : List.of();
    List<Blob> layers = image.layers();
    if (config.status() == Verification.Status.SAME && diffIds.size() != layers.size()) {
      report.part(
          "diff ids",
          image.config().descriptor().digest(),
          new Verification(
              Verification.Status.CHANGED,
              "the configuration lists "
                  + diffIds.size()
                  + " diff ids for "
                  + layers.size()
                  + " layers"));
      diffIds = List.of();
    }
    List<@Nullable Digest> wanted = new ArrayList<>(diffIds);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      numbers.add(i);
      if (i >= wanted.size()) {
        wanted.add(null);
      }
    }
    try (Workers workers = workers()) {
      List<Verification> found =
          workers.map(numbers, i -> Verification.blob(layers.get(i), wanted.get(i)));
      for (int i = 0; i < layers.size(); i++) {
        report.layer(
            layers.get(i).descriptor().digest(),
            layers.get(i).descriptor().size(),
            found.get(i),
            null);
      }
    }
    return report;
  }

  private Workers workers() {
    return new Workers(Transfer.quiet(Transfer.usualParallel(Compression.NONE, jobs.count())));
  }
}
