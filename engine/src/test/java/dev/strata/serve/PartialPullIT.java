package dev.strata.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Podman 5 pulls parts of layers. Needs root and the overlay driver. Where the installed Podman is
 * older, {@code -Dstrata.podmanRoot} names the root folder of a system with a newer one, in which
 * {@code /proc}, {@code /sys} and {@code /dev} are mounted.
 */
@Timeout(300)
final class PartialPullIT {
  private static final String ROOT = System.getProperty("strata.podmanRoot", "/");

  @TempDir private Path folder;

  /** Podman's files, in its root. */
  private Path storage;

  private final AtomicLong sent = new AtomicLong();

  @BeforeEach
  void prepare() throws IOException {
    Tools.require("podman", "chroot", "umount");
    assumeTrue(Tools.isRoot(), "needs root, for the overlay driver");
    String version = run("podman", "--version").out();
    assumeTrue(
        version.matches("(?s)podman version ([5-9]|\\d\\d).*"), "needs Podman 5: " + version);
    storage = Files.createTempDirectory(Path.of(ROOT, "tmp"), "strata-partial");
    Files.writeString(
        storage.resolve("storage.conf"),
        """
        [storage]
        driver = "overlay"
        graphroot = "%s/graph"
        runroot = "%s/run"
        [storage.options.pull_options]
        enable_partial_images = "true"
        """
            .formatted(inside(), inside()));
  }

  private String inside() {
    return "/" + Path.of(ROOT).relativize(storage);
  }

  @AfterEach
  void clean() throws IOException {
    if (storage != null) {
      podman("rmi", "--all", "--force");
      Programs.run(folder, Map.of(), "umount", "-l", storage.resolve("graph/overlay").toString());
      Programs.deleteAll(storage);
    }
  }

  private Programs.Result run(String... command) {
    String[] all = Arrays.copyOf(new String[] {"chroot", ROOT}, command.length + 2);
    System.arraycopy(command, 0, all, 2, command.length);
    return Programs.run(folder, Map.of(), all);
  }

  private Programs.Result podman(String... arguments) {
    String[] all =
        Arrays.copyOf(
            new String[] {"env", "CONTAINERS_STORAGE_CONF=" + inside() + "/storage.conf", "podman"},
            arguments.length + 3);
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return run(all);
  }

  private RegistryServer serve() {
    List<LayerPath> paths = List.of(new LayerPath(folder.resolve("path").toString(), null));
    List<Layer> layers = LayerBuilder.create().build(List.of(paths));
    Image image = Image.assemble(ImageConfig.EMPTY, null, layers, "amd64", Timestamp.ZERO);
    return new RegistryServer.Builder(2)
        .compress(Compressor.of(Compression.ZSTD_CHUNKED, 3, 2, CompressCache.NONE))
        .add(image, Reference.parse("app:1"))
        .listener(
            new RegistryServer.Listener() {
              @Override
              public void responded(String method, String path, int status, long bytes) {
                sent.addAndGet(bytes);
              }
            })
        .start();
  }

  /** Pulls the image, whose content Podman checks against its diff id; returns the bytes sent. */
  private long pull() {
    sent.set(0);
    try (RegistryServer server = serve()) {
      String name = server.reference(Reference.parse("app:1")).toString();
      podman("pull", "--quiet", "--tls-verify=false", name).ok();
    }
    return sent.get();
  }

  @Test
  void aChangedFileIsFetchedWithoutTheOthers() throws IOException {
    Path files = Files.createDirectories(folder.resolve("path/share"));
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      byte[] content = new byte[i * 6000];
      random.nextBytes(content);
      Files.write(files.resolve("file" + i), content);
    }
    long all = pull();
    assertTrue(all > 29_000_000, "sent: " + all);
    Path file = files.resolve("file90");
    byte[] content = Files.readAllBytes(file);
    byte[] longer = Arrays.copyOf(content, content.length + 1);
    System.arraycopy(content, 100_000, longer, 100_001, content.length - 100_000);
    Files.write(file, longer);
    long changed = pull();
    // A chunk or two, and the table of contents.
    assertTrue(changed < all / 50, changed + " of " + all);
    assertEquals(true, changed > 0);
  }
}
