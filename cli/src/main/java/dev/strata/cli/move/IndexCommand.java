package dev.strata.cli.move;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.image.Image;
import dev.strata.image.ImageIndex;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.oci.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Combines images for several platforms. */
public final class IndexCommand extends Command {
  private final Argument<List<String>> annotations =
      arguments().texts("KEY=VALUE", "Annotation of the index; repeatable", "--annotation");
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "File to write; - for standard output");
  private final Argument<List<String>> images =
      arguments()
          .parameters(true, "[OS/ARCH[/VARIANT]=]IMAGE", "image.json files, with their platforms");

  public IndexCommand() {
    super(
        "index",
        "Combine images for several platforms in one file, which copy turns into an OCI index.",
        "",
        "By default, the platform is linux with the architecture in image.json.");
    footer(
        "Examples:",
        "  strata index all.json amd64.json linux/arm64/v8=arm64.json",
        "  strata copy --all all.json docker://localhost:5000/app:1.0");
    sortOptions();
  }

  @Override
  public int run(Context context) {
    SortedMap<String, String> added = annotations();
    List<ImageIndex.Entry> entries = new ArrayList<>();
    Set<Platform> seen = new HashSet<>();
    for (String argument : images.orElse(List.of())) {
      ImageIndex.Entry entry = entry(argument);
      if (!seen.add(entry.platform())) {
        throw new UsageException(
            "two images for " + entry.platform() + "; specify each platform once");
      }
      entries.add(entry);
    }
    String json = new ImageIndex(entries, added).toJson();
    if (output.required().equals("-")) {
      context.out().print(json);
      context.out().flush();
    } else {
      OutputFile.write(FileNames.path(output.required()), FileNames.encode(json));
    }
    return ExitCode.SUCCESS;
  }

  private SortedMap<String, String> annotations() {
    SortedMap<String, String> all = new TreeMap<>();
    for (String annotation : annotations.orElse(List.of())) {
      int equals = annotation.indexOf('=');
      if (equals <= 0) {
        throw new UsageException(
            "invalid --annotation " + FileNames.quote(annotation) + "; use KEY=VALUE");
      }
      all.put(annotation.substring(0, equals), annotation.substring(equals + 1));
    }
    return all;
  }

  private static ImageIndex.Entry entry(String argument) {
    int equals = argument.indexOf('=');
    String words = equals < 0 ? "" : argument.substring(0, equals);
    boolean named = words.matches("[a-z0-9]+/[a-z0-9]+(/[a-z0-9.]+)?");
    String file = named ? argument.substring(equals + 1) : argument;
    String absolute =
        FileNames.decode(FileNames.bytes(FileNames.path(file).toAbsolutePath().normalize()));
    Image image = Image.read(FileNames.path(file));
    if (named) {
      String[] parts = words.split("/", -1);
      return new ImageIndex.Entry(
          absolute, new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : ""));
    }
    if (image.arch().isEmpty()) {
      throw new StrataException(
          FileNames.quote(file) + " has no architecture; specify it as linux/ARCH=" + file);
    }
    return new ImageIndex.Entry(absolute, new Platform("linux", image.arch(), ""));
  }
}
