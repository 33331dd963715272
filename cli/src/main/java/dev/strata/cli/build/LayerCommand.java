package dev.strata.cli.build;

import dev.strata.CopyOptions;
import dev.strata.PlannedLayer;
import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
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
import dev.strata.layer.Layer;
import dev.strata.layer.LayerCache;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one layer, and pushes it if that is wanted. */
public final class LayerCommand extends Command {
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<String> to =
      arguments().text("REPOSITORY", "Push the layer there: docker://HOST/NAME", "--to");
  private final Argument<String> output =
      arguments().text("FILE", "File for the result, a layers.json of one layer", "-o", "--output");
  private final Argument<Boolean> json = arguments().flag("Print the result as JSON", "--json");
  private final Argument<Boolean> noCache =
      arguments().flag("Read all files, even if they have not changed", "--no-cache");
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final DestinationOptions destination = new DestinationOptions(arguments());
  private final Argument<String> plan =
      arguments().parameter("PLAN", "File of one layer that 'plan -o DIR' has written");

  public LayerCommand() {
    super(
        "layer",
        "Build one layer of a plan.",
        "",
        "Only the paths of this layer have to be on this machine. Without --to, the layer is"
            + " described; with it, it is compressed (by default with gzip) and pushed, and its"
            + " paths are no longer needed. Running the command again gives the same result.");
    footer(
        "Examples:",
        "  strata layer plan/0003.plan.json -o plan/0003.layer.json",
        "  strata layer plan/0003.plan.json -o 3.json --to docker://localhost:5000/app");
    daily("--output", "--to", "--compressor", "--json", "--jobs");
  }

  /** Notices what the registry had. */
  private static final class Pushes implements Transfer.Listener {
    private long sent;
    private String skipped = "";

    @Override
    public synchronized void finished(Blob blob, Descriptor descriptor) {
      sent += descriptor.size();
    }

    @Override
    public synchronized void skipped(Descriptor descriptor, String reason) {
      skipped = reason;
    }

    @Override
    public boolean cancelled() {
      return Interruption.isRequested();
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
    PlannedLayer planned =
        PlannedLayer.read(FileNames.path(plan.required())).jobs(jobs.count()).cache(cache);
    Pushes pushes = new Pushes();
    try (OutputFile out = OutputFile.open(FileNames.path(file));
        ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      CountingProgress progress = new CountingProgress(bar, Interruption::isRequested);
      planned = planned.onBuild(progress);
      Interruption.begin();
      Layer layer =
          to.get() == null
              ? stored(planned, file, compressed).build()
              : planned.pushTo(to.required(), copyOptions(context, compressed), pushes);
      out.writeFully(ByteBuffer.wrap(FileNames.encode(JsonFiles.toJson(List.of(layer)))));
      out.commit();
      progress.warnings().forEach(warning -> context.err().println("strata: warning: " + warning));
      report(context, layer, pushes);
    }
    return ExitCode.SUCCESS;
  }

  private PlannedLayer stored(PlannedLayer planned, String file, CompressCache cache) {
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

  private void report(Context context, Layer layer, Pushes pushes) {
    @Nullable String place = to.get();
    if (json.isSet()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("output", output.required());
      row.put("digest", layer.digest().value());
      row.put("diffId", layer.diffId().value());
      row.put("size", layer.size().orElse(0));
      row.put("mediaType", layer.mediaType());
      row.put("repository", place);
      row.put("sent", place == null ? null : pushes.sent);
      context.out().println(JsonText.indented(row));
    } else {
      context
          .out()
          .println(
              output.required()
                  + ": "
                  + Sizes.shortDigest(layer.digest().value())
                  + ", "
                  + Sizes.bytes(layer.size().orElse(0))
                  + (place == null
                      ? ""
                      : pushes.skipped.isEmpty() ? ", pushed" : ", " + pushes.skipped));
    }
    context.out().flush();
  }
}
