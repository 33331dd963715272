package dev.strata.cli.build;

import dev.strata.BuiltImage;
import dev.strata.ImageBuilder;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.PlainText;
import dev.strata.layer.Layer;
import dev.strata.oci.Timestamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes an image of layers that were built before. */
public final class AssembleCommand extends Command {
  private static final String DEFAULT_OUTPUT = "image.json";

  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final BaseOptions base = new BaseOptions(arguments(), registry);
  private final ConfigOptions settings = new ConfigOptions(arguments());
  private final Argument<String> config =
      arguments().text("FILE", "Container settings in JSON (Cmd, Env, ...)", "--config");
  private final CreationTime created = new CreationTime(arguments());
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: image.json)", "-o", "--output");
  private final Argument<Boolean> quiet =
      arguments().flag("Print nothing on success", "-q", "--quiet");
  private final Argument<Boolean> json = arguments().flag("Print the summary as JSON", "--json");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<List<String>> layers =
      arguments().parameters(true, "LAYER", "Result of 'layer', or a layers.json; lowest first");

  public AssembleCommand() {
    super(
        "assemble",
        "Make an image of layers that were built before.",
        "",
        "Writes image.json. No path of the layers has to be on this machine. The image is the same"
            + " as the one that 'build' makes with the same settings.");
    footer(
        "Examples:",
        "  strata assemble plan/*.layer.json --entrypoint /bin/app -o image.json",
        "  strata assemble plan/*.layer.json --from docker://debian:13 --cmd /app/run");
    daily(
        "--output", "--from", "--config", "--entrypoint", "--cmd", "--env", "--user", "--created");
  }

  @Override
  public int run(Context context) {
    if (quiet.isSet() && json.isSet()) {
      throw new UsageException("--quiet and --json cannot be combined");
    }
    base.check();
    settings.apply(ImageBuilder.fromScratch());
    if (base.platforms().size() > 1) {
      throw new UsageException("--platform can be given once; combine images with 'index'");
    }
    List<Layer> all = new ArrayList<>();
    for (String file : layers.orElse(List.of())) {
      all.addAll(JsonFiles.readLayers(FileNames.path(file)));
    }
    String file = output.orElse(DEFAULT_OUTPUT);
    try (CopyReport report =
            quiet.isSet() || json.isSet() ? CopyReport.SILENT : CopyReport.text(context);
        OutputFile out = OutputFile.open(FileNames.path(file))) {
      ImageBuilder builder =
          base.start(context, jobs.count(), report)
              .addBuilt(all)
              .createdBy(BuildCommand.CREATED_BY);
      Timestamp time = created.of(context);
      builder = time == null ? builder : builder.created(time);
      builder = Settings.apply(builder, config.orElse(""));
      try (BuiltImage built = settings.apply(builder).build()) {
        Image image = built.describe(CompressorOption.folderOf(file));
        out.writeFully(ByteBuffer.wrap(FileNames.encode(image.toJson())));
        out.commit();
        report(context, file, image);
      }
    }
    return ExitCode.SUCCESS;
  }

  private void report(Context context, String file, Image image) {
    String id = image.configBlob().descriptor().digest().value();
    long size = image.layers().stream().mapToLong(layer -> layer.size().orElse(0)).sum();
    if (json.isSet()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("image", file);
      row.put("configDigest", id);
      row.put("layers", image.layers().stream().map(layer -> layer.digest().value()).toList());
      row.put("size", size);
      context.out().println(JsonText.indented(row));
    } else if (!quiet.isSet()) {
      context
          .out()
          .println(
              PlainText.line(file)
                  + ": "
                  + Sizes.count(image.layers().size(), "layer")
                  + ", "
                  + Sizes.bytes(size)
                  + ", image id "
                  + Sizes.shortDigest(id));
    }
    context.out().flush();
  }
}
