package dev.strata.transport;

import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image that runs: this machine's Bash and each library it is linked to, as store paths with a
 * layer each, and a script with a given mode and owner.
 */
public final class BashImage {
  /** What a container prints. */
  public static final String PRINTS = "bash and its libraries, 3 and 4\n";

  private static final Path BASH = Path.of("/bin/bash");
  private static final String STORE_HASH = "1b9p07z77phvv2hf6gm9f28syp39f1a";
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private BashImage() {}

  /** Skips the test if this machine has no Bash to look into. */
  public static void require() {
    Tools.require("ldd");
    Tools.require(Files.isExecutable(BASH), "needs /bin/bash: install bash");
  }

  /** Builds the image from store paths in a folder. */
  public static Image build(Path folder) throws IOException {
    List<Path> files = new ArrayList<>(List.of(BASH));
    String linked = Programs.run(folder, Map.of("LC_ALL", "C"), "ldd", BASH.toString()).ok().out();
    for (Matcher m = LIBRARY.matcher(linked); m.find(); ) {
      files.add(Path.of(m.group(1)));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      Path store = folder.resolve(STORE_HASH + i + "-" + file.getFileName());
      Path copy = store.resolve("." + file);
      Files.createDirectories(copy.getParent());
      Files.copy(file.toRealPath(), copy);
      layers.addAll(layer(store, List.of()));
    }
    Path script = folder.resolve(STORE_HASH + "s-script");
    Files.createDirectories(script.resolve("usr/bin"));
    Files.writeString(
        script.resolve("usr/bin/greet"),
        "#!/bin/bash\nparts=(3 4)\n"
            + "echo \"bash and its libraries, ${parts[0]} and ${parts[1]}\"\n");
    layers.addAll(layer(script, List.of(Perm.of("usr/bin/greet").withMode("0555"))));
    ImageConfig config =
        ImageConfig.builder()
            .env(List.of("PATH=/usr/bin:/bin"))
            .cmd(List.of("greet"))
            .workingDir("/")
            .build();
    return Image.assemble(config, null, layers, Platform.localArchitecture(), Timestamp.ZERO);
  }

  private static List<Layer> layer(Path path, List<Perm> perms) {
    Rewrite toRoot = new Rewrite("^" + Pattern.quote(path.toString()), "");
    List<LayerPath> paths = List.of(new LayerPath(path.toString(), new PathOptions(toRoot, perms)));
    return LayerBuilder.create().build(List.of(paths));
  }
}
