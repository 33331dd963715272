package dev.strata.testing;

import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program that builds a layer for each path and writes {@code layers.json}, for tests that need a
 * separate process.
 *
 * <p>Arguments: the output file, the directory for tar files or {@code -}, the number of workers,
 * and paths.
 */
public final class BuildLayers {
  private BuildLayers() {}

  /** Runs the program. */
  public static void main(String[] args) {
    // As the command line does: the library leaves the end of the process to its host.
    Runtime.getRuntime().addShutdownHook(new Thread(OutputFile::deleteTemporaryFiles));
    try {
      LayerBuilder builder = LayerBuilder.create().withJobs(Integer.parseInt(args[2]));
      if (!args[1].equals("-")) {
        builder = builder.withTarDirectory(args[1]);
      }
      List<List<LayerPath>> plan =
          IntStream.range(3, args.length)
              .mapToObj(i -> List.of(new LayerPath(args[i], null)))
              .toList();
      byte[] json = JsonFiles.toJson(builder.build(plan)).getBytes(StandardCharsets.UTF_8);
      OutputFile.write(FileNames.path(args[0]), json);
    } catch (StrataException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
