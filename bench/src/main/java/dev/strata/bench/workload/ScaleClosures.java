package dev.strata.bench.workload;

import dev.strata.bench.workload.Workload.OnDisk;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.fixtures.FileTrees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Closures that differ in one dimension, to measure how time and memory grow with it. Files are
 * sparse, and large ones are hard links to a few, so that 50 GB need no space on disk and little in
 * the page cache; Strata does not treat such files differently. Closures are kept between runs,
 * like those of {@link ClosureCache}. Not thread-safe.
 */
public final class ScaleClosures {
  /** The sizes of the closures that grow in bytes, in gigabytes. */
  private static final double[] GIGABYTES = {0.15, 0.5, 1.5, 5, 15, 50};

  private static final int[] ENTRIES = {5_000, 20_000, 50_000, 100_000, 200_000, 400_000};
  private static final int[] LAYERS = {1, 2, 5, 10, 30, 100, 300, 1000};

  /** The number of paths, which is also the number of layers, of closures that grow in bytes. */
  private static final int BYTES_PATHS = 10;

  /** The number of files of each of these paths. */
  private static final int BYTES_FILES = 100;

  /** The total size of distinct files in bytes; the others are hard links to these. */
  private static final long BYTES_POOL = 200_000_000L;

  /** The number of directories in each path of closures that grow in entries. */
  private static final int ENTRIES_FOLDERS = 9;

  /** The number of files of each of these paths. */
  private static final int ENTRIES_FILES = 990;

  private static final int ENTRIES_FILE_BYTES = 1000;

  /** The number of files of each of the 1,000 paths. */
  private static final int LAYERS_FILES = 4;

  private static final int LAYERS_FILE_BYTES = 500_000;

  private final Path directory;
  private final double factor;
  private final Consumer<String> messages;

  /**
   * One closure of a series.
   *
   * @param input the closure and the number of layers
   * @param amount the number of bytes, entries or layers
   */
  public record Point(Input input, double amount) {}

  /** Creates the files of a store path. */
  private interface Filler {
    void fill(Path storePath, int index) throws IOException;
  }

  /**
   * Creates a source of closures.
   *
   * @param directory the directory of the closures; created if necessary
   * @param factor a factor for bytes and entries; 1 for up to 50 GB and 400,000 entries
   * @param messages receives a message when a closure is generated, which may take a minute
   */
  public ScaleClosures(Path directory, double factor, Consumer<String> messages) {
    this.directory = directory.toAbsolutePath().normalize();
    this.factor = factor;
    this.messages = messages;
  }

  /**
   * Returns closures from 0.15 GB to 50 GB: 1,000 files in 10 layers.
   *
   * @return the closures with their sizes in bytes, smallest first
   * @throws IOException if one cannot be written
   */
  public List<Point> bytes() throws IOException {
    List<Point> points = new ArrayList<>();
    for (double gigabytes : GIGABYTES) {
      long fileBytes = Math.round(gigabytes * 1e9 * factor / (BYTES_PATHS * BYTES_FILES));
      int distinct = Math.clamp(BYTES_POOL / Math.max(1, fileBytes), 1, BYTES_FILES);
      String name = "bytes-" + fileBytes;
      Path root = directory.resolve("scale-" + name);
      generate(root, BYTES_PATHS, (path, index) -> fillWithLinks(root, path, fileBytes, distinct));
      Input input = input(root, name, BYTES_PATHS, BYTES_PATHS);
      points.add(new Point(input, (double) fileBytes * BYTES_PATHS * BYTES_FILES));
    }
    return points;
  }

  private static void fillWithLinks(Path root, Path path, long fileBytes, int distinct)
      throws IOException {
    Path pool = Files.createDirectories(root.resolve("pool"));
    for (int i = 0; i < BYTES_FILES; i++) {
      Path file = pool.resolve(Integer.toString(i % distinct));
      if (!Files.exists(file)) {
        sparse(file, fileBytes);
      }
      Files.createLink(path.resolve("file-" + i), file);
    }
  }

  /**
   * Returns closures from 5,000 to 400,000 entries: files of 1 kB in one layer.
   *
   * @return the closures with their numbers of entries, smallest first
   * @throws IOException if one cannot be written
   */
  public List<Point> entries() throws IOException {
    int perPath = 1 + ENTRIES_FOLDERS + ENTRIES_FILES;
    TreeSet<Integer> counts = new TreeSet<>();
    for (int entries : ENTRIES) {
      counts.add((int) Math.max(1, Math.round(entries * factor / perPath)));
    }
    Path root = directory.resolve("scale-entries-" + counts.getLast());
    generate(root, counts.getLast(), (path, _) -> fillWithSmallFiles(path));
    List<Point> points = new ArrayList<>();
    for (int paths : counts) {
      Input input = input(root, "entries-" + paths * perPath, paths, 1);
      points.add(new Point(input, (double) paths * perPath));
    }
    return points;
  }

  private static void fillWithSmallFiles(Path path) throws IOException {
    for (int i = 0; i < ENTRIES_FILES; i++) {
      Path folder = path.resolve("folder-" + i % ENTRIES_FOLDERS);
      if (i < ENTRIES_FOLDERS) {
        Files.createDirectory(folder);
      }
      sparse(folder.resolve("file-" + i), ENTRIES_FILE_BYTES);
    }
  }

  /**
   * Returns a closure of 1,000 paths of 2 MB each, to be built into 1 to 1,000 layers.
   *
   * @return the closure with each number of layers, smallest first
   * @throws IOException if it cannot be written
   */
  public List<Point> layers() throws IOException {
    int fileBytes = (int) Math.max(1, Math.round(LAYERS_FILE_BYTES * factor));
    int paths = LAYERS[LAYERS.length - 1];
    Path root = directory.resolve("scale-layers-" + fileBytes);
    generate(
        root,
        paths,
        (path, _) -> {
          for (int i = 0; i < LAYERS_FILES; i++) {
            sparse(path.resolve("file-" + i), fileBytes);
          }
        });
    List<Point> points = new ArrayList<>();
    for (int layers : LAYERS) {
      points.add(new Point(input(root, "layers-" + layers, paths, layers), layers));
    }
    return points;
  }

  /**
   * Returns the total size of the files of the closure of {@link #layers}.
   *
   * @return the size in bytes
   */
  public double layersBytes() {
    return (double) LAYERS[LAYERS.length - 1]
        * LAYERS_FILES
        * Math.max(1, Math.round(LAYERS_FILE_BYTES * factor));
  }

  private static void sparse(Path file, long bytes) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(bytes);
    }
  }

  private static List<Path> paths(Path root, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> root.resolve("store").resolve(String.format(Locale.ROOT, "%032d-part", i)))
        .toList();
  }

  private void generate(Path root, int count, Filler filler) throws IOException {
    Path done = root.resolve("complete");
    if (Files.exists(done)) {
      return;
    }
    if (Files.exists(root)) {
      FileTrees.deleteRecursively(root);
    }
    messages.accept("generating " + root + " …");
    List<Path> paths = paths(root, count);
    for (int i = 0; i < count; i++) {
      filler.fill(Files.createDirectories(paths.get(i)), i);
    }
    Files.createFile(done);
  }

  /** Returns a workload of the first paths of a closure. */
  private static Input input(Path root, String name, int count, int layers) throws IOException {
    List<Path> paths = paths(root, count);
    Path graph = root.resolve("graph-" + count + ".json");
    if (!Files.exists(graph)) {
      List<StorePath> stores =
          paths.stream().map(p -> new StorePath(p.toString(), List.of())).toList();
      Files.writeString(graph, new ClosureGraph(stores).toJson());
    }
    return new Input(new Workload(name, "", new OnDisk(graph, null), layers), graph, null, paths);
  }
}
