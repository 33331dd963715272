package dev.strata.cli.look;

import dev.strata.cli.terminal.Sizes;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ConfigDiff;
import dev.strata.explain.FileEntry;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.ImageDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How two images differ, and the words for it that all formats share.
 *
 * @param before the first image
 * @param after the second image
 * @param images the differences of layers and configurations
 * @param storePaths the differences of store paths; null if they are unknown
 * @param files the files that differ; null if they were not compared
 * @param filesUnread why files were not compared; empty if they were
 * @param download what a client that has the first image downloads for the second one
 */
record DiffReport(
    Side before,
    Side after,
    ImageDiff images,
    @Nullable StorePathsDiff storePaths,
    @Nullable FileChanges files,
    String filesUnread,
    Download download) {
  /**
   * One of the images.
   *
   * @param name its name as the user wrote it
   * @param digest the digest of its manifest
   * @param paths the paths in layers by the number of the layer, as far as they are known
   */
  record Side(String name, String digest, Map<Integer, List<String>> paths) {
    /** What a layer contains, in short; empty if it is unknown. */
    String contents(LayersDiff.Layer layer) {
      return ShownName.ofPaths(paths.getOrDefault(layer.number(), List.of()));
    }
  }

  /**
   * The bytes that a client downloads.
   *
   * @param layers the number of layers
   * @param compressed the bytes of layers whose compressed size is known
   * @param uncompressed the bytes of other layers
   */
  record Download(int layers, long compressed, long uncompressed) {
    static Download of(LayersDiff layers, CompressedSizes sizes) {
      long compressed = 0;
      long uncompressed = 0;
      List<LayersDiff.Layer> downloaded = layers.downloaded();
      for (LayersDiff.Layer layer : downloaded) {
        OptionalLong size = sizes.of(layer.blob());
        if (size.isPresent()) {
          compressed += size.getAsLong();
        } else {
          uncompressed += layer.blob().descriptor().size();
        }
      }
      return new Download(downloaded.size(), compressed, uncompressed);
    }

    String text() {
      if (layers == 0) {
        return "nothing";
      }
      if (uncompressed == 0) {
        return Sizes.bytes(compressed) + " compressed";
      }
      String plain = Sizes.bytes(uncompressed) + " before compression";
      return compressed == 0 ? plain : Sizes.bytes(compressed) + " compressed and " + plain;
    }
  }

  boolean isEqual() {
    return images.isEmpty()
        && (storePaths == null || storePaths.isEmpty())
        && (files == null || files.total() == 0);
  }

  /** The layers that were added or removed, in the order of the layers. */
  List<LayersDiff.Layer> changedLayers() {
    List<LayersDiff.Layer> all = new ArrayList<>(images.layers().removed());
    all.addAll(images.layers().added());
    return all;
  }

  String layersLine() {
    LayersDiff layers = images.layers();
    return Sizes.count(layers.shared().size())
        + " shared, "
        + Sizes.count(layers.added().size())
        + " added, "
        + Sizes.count(layers.removed().size())
        + " removed"
        + (layers.reordered() ? ", in another order" : "");
  }

  String downloadLine() {
    return "A client that has A downloads " + download.text() + " for B";
  }

  static String storePathsLine(StorePathsDiff paths) {
    return Sizes.count(paths.replaced().size())
        + " replaced, "
        + Sizes.count(paths.added().size())
        + " added, "
        + Sizes.count(paths.removed().size())
        + " removed, "
        + delta(paths.sizeDelta());
  }

  static String filesLine(FileChanges files) {
    return Sizes.count(files.changed())
        + " changed, "
        + Sizes.count(files.added())
        + " added, "
        + Sizes.count(files.removed())
        + " removed";
  }

  /** A difference of sizes, such as {@code +1.2 MB}. */
  static String delta(long bytes) {
    return bytes == 0 ? "same size" : (bytes < 0 ? "-" : "+") + Sizes.bytes(Math.abs(bytes));
  }

  /** The versions of a store path and the one that replaces it. */
  static String versions(StorePathsDiff.Replaced pair) {
    String old = StorePathName.of(pair.before().path()).version();
    String now = StorePathName.of(pair.after().path()).version();
    if (!pair.isNewVersion()) {
      return old.isEmpty() ? "rebuilt" : old + ", rebuilt";
    }
    return (old.isEmpty() ? "no version" : old) + " -> " + (now.isEmpty() ? "no version" : now);
  }

  /** The letter of a change, as in {@code git diff --name-status}. */
  static String letter(FilesDiff.Change change) {
    return change.before() == null ? "A" : change.after() == null ? "D" : "M";
  }

  /** What differs in a file that both images have, or what kind of file was added or removed. */
  static String details(FilesDiff.Change change) {
    FileEntry old = change.before();
    FileEntry now = change.after();
    if (old == null || now == null) {
      FileEntry file = old == null ? now : old;
      return file == null ? "" : kind(file);
    }
    List<String> words = new ArrayList<>();
    for (FilesDiff.Property property : FilesDiff.Property.values()) {
      if (change.properties().contains(property)) {
        words.add(
            switch (property) {
              case TYPE -> type(old.type()) + " -> " + type(now.type());
              case MODE -> "mode " + mode(old) + " -> " + mode(now);
              case OWNER -> "owner " + owner(old) + " -> " + owner(now);
              case SIZE -> "size " + old.size() + " -> " + now.size();
              case CONTENT -> "content";
              case LINK -> "target " + ShownName.of(old.link()) + " -> " + ShownName.of(now.link());
              case ATTRIBUTES -> "extended attributes";
              case MTIME -> "mtime " + old.mtime() + " -> " + now.mtime();
            });
      }
    }
    return String.join(", ", words);
  }

  private static String kind(FileEntry file) {
    return switch (file.type()) {
      case FILE -> Sizes.bytes(file.size());
      case SYMLINK -> "-> " + ShownName.of(file.link());
      default -> type(file.type());
    };
  }

  static String type(FileEntry.Type type) {
    return switch (type) {
      case FILE -> "file";
      case DIRECTORY -> "folder";
      case SYMLINK -> "symbolic link";
      case HARD_LINK -> "hard link";
      case CHARACTER_DEVICE -> "character device";
      case BLOCK_DEVICE -> "block device";
      case FIFO -> "named pipe";
    };
  }

  static String mode(FileEntry file) {
    return String.format(Locale.ROOT, "%04o", file.mode());
  }

  private static String owner(FileEntry file) {
    return file.uid() + ":" + file.gid();
  }

  /** The name of a changed setting, such as {@code Env PATH}. */
  static String setting(ConfigDiff.Change change) {
    return change.key().isEmpty() ? change.field() : change.field() + " " + change.key();
  }

  /** The values of a changed setting, such as {@code a -> b}. */
  static String values(ConfigDiff.Change change) {
    if (change.field().equals("other")) {
      return "history or other fields differ";
    }
    return value(change.before()) + " -> " + value(change.after());
  }

  /** The words of a setting, in quotes where one could not tell them apart. */
  static String value(@Nullable List<String> words) {
    if (words == null) {
      return "(none)";
    }
    return words.stream()
        .map(word -> word.isEmpty() || word.contains(" ") ? "\"" + word + "\"" : word)
        .collect(Collectors.joining(" "));
  }

  /** The versions of the replaced store path that a file is in; empty for other files. */
  static String replacedPath(FilesDiff.Change change) {
    StorePathsDiff.Replaced pair = change.replaced();
    if (pair == null) {
      return "";
    }
    StorePathName before = StorePathName.of(pair.before().path());
    StorePathName after = StorePathName.of(pair.after().path());
    return before.full().equals(after.full())
        ? after.full() + " (rebuilt)"
        : before.full() + " -> " + after.full();
  }

  /** The path of a file as it is listed: within its store path if that was replaced. */
  static String shownPath(FilesDiff.Change change) {
    StorePathsDiff.Replaced pair = change.replaced();
    String path = change.path();
    if (pair == null) {
      return ShownName.of(path);
    }
    String folder = (change.after() == null ? pair.before() : pair.after()).path();
    return path.equals(folder) ? "." : ShownName.of(path.substring(folder.length() + 1));
  }
}
