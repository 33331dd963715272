import dev.strata.closure.ClosureGraph;
import dev.strata.image.JsonFiles;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Moves one store path to the root of the image, gives its files to a user, and leaves the layers
 * of the other paths as they are, so that images that share them share the layers.
 *
 * <p>Usage: {@code CopyToRoot CLOSURE-GRAPH FOLDER}.
 */
public final class CopyToRoot {
  private CopyToRoot() {}

  public static void main(String[] args) {
    List<String> paths = ClosureGraph.read(Path.of(args[0])).byPopularity();
    // The least popular path is the one that nothing refers to: the program itself.
    String program = paths.getLast();

    LayerPlanner base = LayerPlanner.create().withMaxLayers(2).withIgnored(program);
    List<Layer> layers = new ArrayList<>(LayerBuilder.create().withJobs(2).build(base.plan(paths)));

    // Regular expressions are RE2's and see the path on this machine.
    LayerPlanner top =
        LayerPlanner.create()
            .withParentPaths(pathsOf(layers))
            .withRewrite(program, new Rewrite("^" + Pattern.quote(program), ""))
            .withPerm(program, Perm.of(".*").withOwner(1000, 1000).withOwnerNames("app", "app"));
    layers.addAll(LayerBuilder.create().build(top.plan(paths)));

    OutputFile.write(
        Path.of(args[1]).resolve("layers.json"),
        JsonFiles.toJson(layers).getBytes(StandardCharsets.UTF_8));
    System.out.printf("%d layers, '%s' at the root%n", layers.size(), program);
  }

  private static List<LayerPath> pathsOf(List<Layer> layers) {
    return layers.stream().flatMap(layer -> layer.paths().stream()).toList();
  }
}
