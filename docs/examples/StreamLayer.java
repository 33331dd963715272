import dev.strata.blob.Blob;
import dev.strata.closure.ClosureGraph;
import dev.strata.image.JsonFiles;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPlanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Describes layers in one run, and makes the bytes of one again in another: {@code layers.json} is
 * all that has to be kept in between. The bytes are checked against the digest on the way.
 *
 * <p>Usage: {@code StreamLayer CLOSURE-GRAPH FOLDER}.
 */
public final class StreamLayer {
  private StreamLayer() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    Path file = folder.resolve("layers.json");
    describe(Path.of(args[0]), file);
    stream(file, folder.resolve("layer.tar"));
  }

  private static void describe(Path closureGraph, Path layersFile) {
    List<String> paths = ClosureGraph.read(closureGraph).byPopularity();
    List<Layer> layers = LayerBuilder.create().build(LayerPlanner.create().plan(paths));
    OutputFile.write(layersFile, JsonFiles.toJson(layers).getBytes(StandardCharsets.UTF_8));
  }

  private static void stream(Path layersFile, Path tar) throws IOException {
    Layer layer = JsonFiles.readLayers(layersFile).getFirst();
    Blob blob = LayerBlobs.of(layer, Runtime.getRuntime().availableProcessors());
    // Any WritableByteChannel will do: a file, a pipe, a socket. This one leaves no file behind if
    // writeTo throws, because commit is not reached.
    try (OutputFile out = OutputFile.open(tar)) {
      blob.writeTo(out);
      out.commit();
    }
    System.out.printf(
        "%s: %d bytes, %s%n",
        tar.getFileName(), blob.descriptor().size(), blob.descriptor().digest());
  }
}
