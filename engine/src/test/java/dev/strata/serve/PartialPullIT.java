package dev.strata.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Podman 5 pulls parts of layers. It is the one that {@code nix/tests/setup-debian-13.sh} unpacks;
 * {@code -Dstrata.podmanRoot} names the root folder of another system. It runs in a mount namespace
 * of its own, with its storage in memory, so that nothing has to be unmounted or deleted.
 */
@Timeout(300)
final class PartialPullIT {
  private static final Path ROOT =
      Path.of(System.getProperty("strata.podmanRoot", "/var/lib/strata-tests/debian-13/debian"));

  /** Mounts what Podman needs below the folder $1, and keeps the namespace until its input ends. */
  private static final String PREPARE =
      """
      set -e
      mount --bind "$1" "$1"
      for name in proc sys dev; do mount --rbind "/$name" "$1/$name"; done
      mount -t tmpfs none "$1/run"
      cd "$1/run"
      mkdir lower upper work merged
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged || exit 9
      umount merged
      cat >storage.conf <<END
      [storage]
      driver = "overlay"
      graphroot = "/run/graph"
      runroot = "/run/run"
      [storage.options.pull_options]
      enable_partial_images = "true"
      END
      echo ready
      cat
      """;

  private static final int NO_OVERLAY = 9;

  @TempDir private Path folder;

  private @Nullable Process namespace;
  private final AtomicLong sent = new AtomicLong();

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    Tools.require("unshare", "nsenter", "mount", "chroot");
    Tools.require(Tools.isRoot(), "needs root, to mount file systems");
    Tools.require(
        Files.isExecutable(ROOT.resolve("usr/bin/podman")),
        "needs Podman 5: run nix/tests/setup-debian-13.sh");
    Process started =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", PREPARE, "sh", ROOT.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    namespace = started;
    if (started.inputReader().readLine() == null) {
      int exit = started.waitFor();
      assumeTrue(exit != NO_OVERLAY, "the kernel refuses to mount overlays");
      fail("cannot prepare the storage of Podman: " + exit);
    }
    String version = podman("--version").ok().out();
    assertTrue(version.matches("(?s)podman version ([5-9]|\\d\\d).*"), version);
  }

  @AfterEach
  void endNamespace() throws IOException, InterruptedException {
    if (namespace != null) {
      namespace.getOutputStream().close();
      namespace.waitFor();
    }
  }

  private Programs.Result podman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("nsenter", "--mount", "--target"));
    command.add(Long.toString(Objects.requireNonNull(namespace).pid()));
    command.addAll(List.of("chroot", ROOT.toString(), "env", "-i", "HOME=/root"));
    command.addAll(List.of("PATH=/usr/bin:/usr/sbin", "CONTAINERS_STORAGE_CONF=/run/storage.conf"));
    command.add("podman");
    command.addAll(List.of(arguments));
    return Programs.run(folder, Map.of(), command.toArray(String[]::new));
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
