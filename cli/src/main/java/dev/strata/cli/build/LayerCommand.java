package dev.strata.cli.build;

import dev.strata.CopyOptions;
import dev.strata.PlannedLayers;
import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.CountingProgress;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.DestinationOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.ProgressBar;
import dev.strata.cli.terminal.Sizes;
import dev.strata.compress.CompressCache;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.io.PlainText;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerCache;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the layers of one step, and pushes them if that is wanted. */
public final class LayerCommand extends Command {
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<String> to =
      arguments().text("REPOSITORY", "Push the layers there: docker://HOST/NAME", "--to");
  private final Argument<String> output =
      arguments().text("FILE", "File for the result, in the form of layers.json", "-o", "--output");
  private final Argument<Boolean> json = arguments().flag("Print the result as JSON", "--json");
  private final Argument<Boolean> noCache =
      arguments().flag("Read all files, even if they have not changed", "--no-cache");
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final DestinationOptions destination = new DestinationOptions(arguments());
  private final Argument<String> plan =
      arguments().parameter("PLAN", "One of the files that 'plan -o DIR' has written");

  public LayerCommand() {
    super(
        "layer",
        "Build one layer of a plan, or several.",
        "",
        "Only the paths of these layers have to be on this machine. Without --to, the layers are"
            + " described; with it, they are compressed (by default with gzip) and pushed, and"
            + " their paths are no longer needed. Running the command again gives the same"
            + " result.");
    footer(
        "Examples:",
        "  strata layer plan/0003.plan.json -o plan/0003.layer.json",
        "  strata layer plan/0003.plan.json -o 3.json --to docker://localhost:5000/app");
    daily("--output", "--to", "--compressor", "--json", "--jobs");
  }

  /** Notices which blobs were sent. */
  private static final class Pushes implements Transfer.Listener {
    private final Set<Digest> sent = new HashSet<>();

    @Override
    public synchronized void finished(Blob blob, Descriptor descriptor) {
      sent.add(descriptor.digest());
    }

    @Override
    public boolean cancelled() {
      return Interruption.isRequested();
    }

    synchronized boolean have(Layer layer) {
      return sent.contains(layer.digest());
    }
  }

  @Override
  public int run(Context context) {
    compressor.check();
    String file = output.get();
    if (file == null) {
      throw new UsageException("missing -o FILE");
    }
    checkRepository();
    NixStore store = NixStore.of(context.environment());
    LayerCache cache =
        noCache.isSet()
            ? LayerCache.NONE
            : LayerCache.ofUser(context.environment()).withStore(store.directory());
    CompressCache compressed = CompressCache.ofUser(context.environment());
    PlannedLayers planned =
        PlannedLayers.read(FileNames.path(plan.required())).jobs(jobs.count()).cache(cache);
    Pushes pushes = new Pushes();
    try (OutputFile out = OutputFile.open(FileNames.path(file));
        ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      CountingProgress progress = new CountingProgress(bar, Interruption::isRequested);
      planned = planned.onBuild(progress);
      Interruption.begin();
      List<Layer> layers =
          to.get() == null
              ? stored(planned, file, compressed).build()
              : planned.pushTo(to.required(), copyOptions(context, compressed), pushes);
      out.writeFully(ByteBuffer.wrap(FileNames.encode(JsonFiles.toJson(layers))));
      out.commit();
      progress.warnings().forEach(warning -> context.err().println("strata: warning: " + warning));
      report(context, layers, pushes);
    }
    return ExitCode.SUCCESS;
  }

  private PlannedLayers stored(PlannedLayers planned, String file, CompressCache cache) {
    return compressor.store(planned, file, jobs.count(), cache);
  }

  private void checkRepository() {
    String place = to.get();
    if (place == null) {
      return;
    }
    try {
      if (ImageLocation.parse(place) instanceof ImageLocation.Registry) {
        return;
      }
    } catch (InvalidInputException e) {
      throw new UsageException("--to: " + e.getMessage());
    }
    throw new UsageException(
        "--to: " + FileNames.quote(place) + " is not in a registry; use docker://HOST/NAME");
  }

  private CopyOptions copyOptions(Context context, CompressCache cache) {
    return compressor.apply(
        CopyOptions.defaults().registry(destination.options(context, registry)).cache(cache));
  }

  private void report(Context context, List<Layer> layers, Pushes pushes) {
    @Nullable String place = to.get();
    if (json.isSet()) {
      List<Object> rows = new ArrayList<>();
      for (Layer layer : layers) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("digest", layer.digest().value());
        row.put("diffId", layer.diffId().value());
        row.put("size", layer.size().orElse(0));
        row.put("mediaType", layer.mediaType());
        row.put("sent", place == null ? null : pushes.have(layer) ? layer.size().orElse(0) : 0);
        rows.add(row);
      }
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      all.put("output", output.required());
      all.put("repository", place);
      all.put("layers", rows);
      context.out().println(JsonText.indented(all));
    } else {
      long size = layers.stream().mapToLong(layer -> layer.size().orElse(0)).sum();
      long sent = layers.stream().filter(pushes::have).count();
      String pushed = sent == layers.size() ? ", pushed" : ", " + sent + " pushed";
      context
          .out()
          .println(
              PlainText.line(output.required())
                  + ": "
                  + (layers.size() == 1
                      ? Sizes.shortDigest(layers.getFirst().digest().value())
                      : Sizes.count(layers.size(), "layer"))
                  + ", "
                  + Sizes.bytes(size)
                  + (place == null ? "" : sent == 0 ? ", pushed before" : pushed));
    }
    context.out().flush();
  }
}
