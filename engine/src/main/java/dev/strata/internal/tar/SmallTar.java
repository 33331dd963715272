package dev.strata.internal.tar;

import dev.strata.io.FileNames;
import java.io.ByteArrayOutputStream;

/** Writes a tar stream of a few small files into memory. Not thread-safe. */
public final class SmallTar {
  private static final int END_OF_ARCHIVE = 2 * HeaderEncoder.BLOCK;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Creates an empty stream. */
  public SmallTar() {}

  /**
   * Adds a directory.
   *
   * @param path its absolute path
   * @param mode its permissions
   * @param uid the number of its owner
   * @param gid the number of its group
   */
  public void directory(String path, int mode, long uid, long gid) {
    header(path, TarEntry.DIRECTORY, mode, uid, gid, 0);
  }

  /**
   * Adds a file.
   *
   * @param path its absolute path
   * @param mode its permissions
   * @param uid the number of its owner
   * @param gid the number of its group
   * @param content its bytes
   */
  public void file(String path, int mode, long uid, long gid, byte[] content) {
    header(path, TarEntry.REGULAR, mode, uid, gid, content.length);
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & (HeaderEncoder.BLOCK - 1)]);
  }

  private void header(String path, byte type, int mode, long uid, long gid, long size) {
    byte[] name = FileNames.encode(path);
    TarEntry entry = new TarEntry();
    entry.name = name;
    entry.nameLength = name.length;
    entry.type = type;
    entry.mode = mode;
    entry.uid = uid;
    entry.gid = gid;
    entry.size = size;
    byte[] header = new byte[HeaderEncoder.length(entry)];
    HeaderEncoder.encode(entry, header, 0);
    out.writeBytes(header);
  }

  /**
   * Ends the stream.
   *
   * @return its bytes
   */
  public byte[] finish() {
    out.writeBytes(new byte[END_OF_ARCHIVE]);
    return out.toByteArray();
  }
}
