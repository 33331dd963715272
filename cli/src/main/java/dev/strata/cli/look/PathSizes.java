package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.cli.options.CopyReport;
import dev.strata.closure.StorePathName;
import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageContents;
import dev.strata.explain.LayerFiles;
import dev.strata.transport.Transfer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a layer contains, by store path or by the first two parts of the name.
 *
 * @param size the size of the tar stream in bytes, uncompressed
 * @param sizes the size of each path in the tar stream, in bytes
 */
record PathSizes(long size, Map<String, Long> sizes) {
  private static final int BLOCK = 512;

  /** About what the names may take, which is enough for 200,000 paths. */
  private static final int MAX_MEMORY = 64 << 20;

  private static final int MEMORY_OF_GROUP = 200;
  private static final String OTHERS = "(other paths)";

  /** Reads layers, without keeping their entries. */
  static List<PathSizes> read(List<Blob> layers, int jobs) {
    return ImageContents.read(layers, _ -> new Collector(), new Transfer(jobs, CopyReport.SILENT));
  }

  static PathSizes of(LayerFiles layer) {
    Collector collector = new Collector();
    layer.entries().forEach(entry -> collector.entry(entry.file()));
    return collector.finish(layer.size());
  }

  /** Returns the start of a path, up to the store path or else to the second part. */
  private static String group(String path) {
    String store = StorePathName.storePathOf(path);
    int second = path.indexOf('/', 1);
    int third = second < 0 ? -1 : path.indexOf('/', second + 1);
    return store.isEmpty() ? third < 0 ? path : path.substring(0, third) : store;
  }

  private static final class Collector implements ImageContents.Visitor<PathSizes> {
    private final TreeMap<String, Long> sizes = new TreeMap<>();
    private long memory;

    @Override
    public @Nullable WritableByteChannel entry(FileEntry entry) {
      long bytes = BLOCK + (entry.size() + BLOCK - 1) / BLOCK * BLOCK;
      String group = group(entry.path());
      if (!sizes.containsKey(group)) {
        memory += MEMORY_OF_GROUP + group.length();
      }
      sizes.merge(memory <= MAX_MEMORY ? group : OTHERS, bytes, Long::sum);
      return null;
    }

    private static boolean isAbove(String path, @Nullable String next) {
      return next != null && next.startsWith(path.equals("/") ? path : path + "/");
    }

    @Override
    public PathSizes finish(long size) {
      // The folders above other paths are no paths of their own.
      sizes.keySet().removeIf(path -> isAbove(path, sizes.higherKey(path + "/")));
      return new PathSizes(size, sizes);
    }
  }
}
