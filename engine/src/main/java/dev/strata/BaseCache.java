package dev.strata;

import dev.strata.blob.Digest;
import dev.strata.explain.FileEntry;
import dev.strata.explain.LayerFiles;
import dev.strata.internal.cache.SealedCache;
import dev.strata.internal.cache.SealedFiles;
import dev.strata.io.FileNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the directories, links, users and groups of layers of base images, so that a base in a
 * registry is not downloaded for them again: a folder in the home directory with one file per
 * layer, which is found again by its digest.
 *
 * <p>Losing the files, or some of them, only costs time. The folder can be shared by any number of
 * processes, and be deleted at any moment. Files that cannot be read or written are ignored, and so
 * are those that another user owns or can change. There are at most 256 of them, none of which has
 * been unused for more than 60 days. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class BaseCache {
  /** Remembers nothing. */
  public static final BaseCache NONE = new BaseCache(null);

  /** To be increased when what is read from layers, or how it is written, changes. */
  private static final int VERSION = 1;

  private final @Nullable Path folder;

  private BaseCache(@Nullable Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the cache of the current user, in the folder given by {@code XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @return the cache; {@link #NONE} if the user has no home directory
   */
  public static BaseCache ofUser(Map<String, String> environment) {
    Path folder = SealedCache.fileOfUser(environment, "base-layers");
    return folder == null ? NONE : of(folder);
  }

  /**
   * Creates a cache.
   *
   * @param folder its folder, which is created when needed; a file with a key is created next to it
   * @return the cache
   */
  public static BaseCache of(Path folder) {
    return new BaseCache(folder);
  }

  /** Returns what a layer with a digest has; null if it is not known. */
  @Nullable BaseLayer find(Digest digest) {
    byte[] known = folder == null ? null : new SealedFiles(folder).find(name(digest));
    if (known == null) {
      return null;
    }
    try {
      return decode(new DataInputStream(new ByteArrayInputStream(known)));
    } catch (IOException | IllegalArgumentException _) {
      // Of another version, since the seal is right.
      return null;
    }
  }

  /** Remembers what a layer has. */
  void put(Digest digest, BaseLayer layer) {
    if (folder != null) {
      new SealedFiles(folder).put(name(digest), encode(layer));
    }
  }

  private static String name(Digest digest) {
    return digest.value().replace(':', '-');
  }

  private static byte[] encode(BaseLayer layer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(VERSION);
      write(out, layer.passwd());
      write(out, layer.group());
      out.writeInt(layer.files().entries().size());
      for (LayerFiles.Entry entry : layer.files().entries()) {
        FileEntry file = entry.file();
        write(out, FileNames.encode(file.path()));
        out.writeUTF(file.type().name());
        out.writeInt(file.mode());
        out.writeLong(file.uid());
        out.writeLong(file.gid());
        write(out, FileNames.encode(file.link()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  private static @Nullable BaseLayer decode(DataInputStream in) throws IOException {
    if (in.readInt() != VERSION) {
      return null;
    }
    byte[] passwd = read(in);
    byte[] group = read(in);
    List<LayerFiles.Entry> entries = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      String path = text(in);
      FileEntry.Type type = FileEntry.Type.valueOf(in.readUTF());
      int mode = in.readInt();
      long uid = in.readLong();
      long gid = in.readLong();
      FileEntry file = new FileEntry(path, type, mode, uid, gid, 0, 0, text(in), Map.of());
      entries.add(new LayerFiles.Entry(file, null));
    }
    return new BaseLayer(new LayerFiles(entries, 0), passwd, group);
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static byte @Nullable [] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = read(in);
    return bytes == null ? "" : FileNames.decode(bytes);
  }

  @Override
  public String toString() {
    return folder == null ? "no cache" : FileNames.quote(FileNames.decode(FileNames.bytes(folder)));
  }
}
