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

/**
 * An image that runs: BusyBox in a layer of its own, and a greeting with a given mode and owner in
 * another layer. It prints the greeting, and the file's mode and owner as the container sees them.
 */
public final class BusyBoxImage {
  /** What a container prints after the greeting. */
  public static final String MODE_AND_OWNER = "640 1000:2000\n";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private BusyBoxImage() {}

  /** Skips the test if this machine has no statically linked BusyBox. */
  public static void require() {
    Tools.require(Files.isExecutable(BUSYBOX), "needs /bin/busybox: install busybox-static");
  }

  /** Builds the image from store paths in a folder. */
  public static Image build(Path folder, String greeting) throws IOException {
    Path store = Files.createDirectories(folder.resolve("store"));
    Path busybox = store.resolve("1b9p07z77phvv2hf6gm9f28syp39f1ag-busybox-static");
    Path bin = busybox.resolve("bin");
    if (!Files.exists(bin)) {
      Files.createDirectories(bin);
      Files.copy(BUSYBOX, bin.resolve("busybox"));
      for (String name : List.of("sh", "cat", "stat", "ls", "id")) {
        Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
      }
    }
    Path words = store.resolve("4zr4hd4m5mcxd0xirlmyi6mjhk2wkbgg-greeting");
    Files.createDirectories(words.resolve("etc"));
    Files.writeString(words.resolve("etc/greeting"), greeting);
    Perm perm = Perm.of("etc/greeting").withMode("0640").withOwner(1000, 2000);
    List<Layer> layers = new ArrayList<>();
    layers.addAll(layer(busybox, List.of()));
    layers.addAll(layer(words, List.of(perm)));
    ImageConfig config =
        ImageConfig.builder()
            .env(List.of("PATH=/bin"))
            .cmd(List.of("/bin/sh", "-c", "cat /etc/greeting; stat -c '%a %u:%g' /etc/greeting"))
            .workingDir("/")
            .build();
    return Image.assemble(config, null, layers, Platform.localArchitecture(), Timestamp.ZERO);
  }

  private static List<Layer> layer(Path path, List<Perm> perms) {
    Rewrite toRoot = new Rewrite("^" + java.util.regex.Pattern.quote(path.toString()), "");
    PathOptions options = new PathOptions(toRoot, perms);
    List<LayerPath> paths = List.of(new LayerPath(path.toString(), options));
    return LayerBuilder.create().build(List.of(paths));
  }
}
