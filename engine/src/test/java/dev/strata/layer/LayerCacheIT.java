package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.internal.cache.SealedCache;
import dev.strata.layering.LayerPath;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache that several processes use, and one on a full disk. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LayerCacheIT {
  private static final int PROCESSES = 8;
  private static final int PATHS = 200;
  private static final String HASH = "0123456789abcdfghijklmnpqrs";

  @TempDir private Path temporary = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void makeStore() throws IOException {
    temporary = temporary.toRealPath();
    store = Files.createDirectory(temporary.resolve("store"));
    for (int i = 0; i < PATHS; i++) {
      Files.writeString(store.resolve(name(i)), "content " + i);
    }
  }

  private static String name(int i) {
    return HASH + "%05d-path".formatted(i);
  }

  private static List<List<LayerPath>> plan(Path store, int from, int to) {
    List<List<LayerPath>> plan = new ArrayList<>();
    for (int i = from; i < to; i++) {
      plan.add(List.of(new LayerPath(store.resolve(name(i)).toString(), null)));
    }
    return plan;
  }

  /** A process that builds some layers with the cache, and prints their digests. */
  static final class Build {
    private Build() {}

    public static void main(String[] args) {
      Path store = Path.of(args[1]);
      LayerCache cache = LayerCache.of(Path.of(args[0])).withStore(store.toString());
      int from = Integer.parseInt(args[2]);
      for (int i = 0; i < 20; i++) {
        // Half of the layers are those of the next process, too.
        List<List<LayerPath>> plan = plan(store, from + i, from + i + 30);
        for (Layer layer : LayerBuilder.create().withJobs(1).withCache(cache).build(plan)) {
          System.out.println(layer.digest());
        }
      }
    }
  }

  @Test
  void eightProcessesAtOnceGetTheRightDigestsAndRememberThem() throws Exception {
    Path file = temporary.resolve("cache/layers");
    List<Process> processes = new ArrayList<>();
    for (int p = 0; p < PROCESSES; p++) {
      List<String> command = Tools.java(Build.class);
      command.addAll(List.of(file.toString(), store.toString(), Integer.toString(p * 20)));
      processes.add(
          Tools.process(command.toArray(String[]::new))
              .redirectErrorStream(true)
              .redirectOutput(temporary.resolve("out" + p).toFile())
              .start());
    }
    List<Layer> expected = LayerBuilder.create().build(plan(store, 0, PATHS));
    for (int p = 0; p < PROCESSES; p++) {
      int exit = processes.get(p).waitFor();
      List<String> printed = Files.readAllLines(temporary.resolve("out" + p));
      assertEquals(0, exit, printed.toString());
      List<String> digests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        for (Layer layer : expected.subList(p * 20 + i, p * 20 + i + 30)) {
          digests.add(layer.digest().toString());
        }
      }
      assertEquals(digests, printed);
    }
    SealedCache lines = new SealedCache(file);
    assertEquals(189, lines.keys().size());
    for (String key : lines.keys()) {
      assertTrue(lines.find(key) != null, "every line is whole");
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(2, files.count(), "the cache and its key");
    }
  }

  @Test
  void aFullDiskCostsOnlyTime() throws Exception {
    Tools.require(Tools.isLinux() && Tools.isRoot(), "needs root, to mount a small file system");
    Tools.require("mount", "umount");
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    Process mount =
        Tools.process("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", disk.toString())
            .start();
    Tools.require(mount.waitFor() == 0, "needs the right to mount a tmpfs");
    try {
      List<List<LayerPath>> plan = plan(store, 0, PATHS);
      List<Layer> expected = LayerBuilder.create().build(plan);
      Path file = disk.resolve("layers");
      LayerBuilder cached =
          LayerBuilder.create().withCache(LayerCache.of(file).withStore(store.toString()));
      // No room for the key; room for the key; for the key and a part of the lines.
      for (int pages : new int[] {16, 15, 11}) {
        Files.deleteIfExists(file);
        Path filler = Files.write(disk.resolve("filler"), new byte[pages * 4096]);
        for (int i = 0; i < 3; i++) {
          assertEquals(expected, cached.build(plan), pages + " pages");
        }
        Files.delete(filler);
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(expected, cached.build(plan));
      }
      assertEquals(PATHS, new SealedCache(file).keys().size());
    } finally {
      Tools.run("umount", disk.toString());
    }
  }
}
