package dev.strata.explain.sbom;

import dev.strata.explain.sbom.Content.Unreadable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Checks the size of the directory of a zip file, which {@link java.util.zip.ZipFile} keeps in
 * memory. Stateless.
 *
 * <p>Source: PKWARE's APPNOTE.TXT, sections 4.3.14 to 4.3.16.
 */
final class ZipDirectory {
  private static final int MAX_SIZE = 32 << 20;
  private static final int END = 0x06054B50;
  private static final int END_LENGTH = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int SIZE_AT = 12;
  private static final int LOCATOR = 0x07064B50;
  private static final int LOCATOR_LENGTH = 20;

  private ZipDirectory() {}

  /**
   * Checks a file.
   *
   * @throws Unreadable if it is not a zip file, or its directory is too large
   */
  static void check(Path file) throws IOException, Unreadable {
    try (FileChannel in = FileChannel.open(file)) {
      int length = (int) Math.min(in.size(), END_LENGTH + MAX_COMMENT + LOCATOR_LENGTH);
      ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      while (tail.hasRemaining()) {
        if (in.read(tail, in.size() - length + tail.position()) < 0) {
          throw new EOFException();
        }
      }
      for (int at = length - END_LENGTH; at >= 0; at--) {
        if (tail.getInt(at) == END) {
          boolean large = at >= LOCATOR_LENGTH && tail.getInt(at - LOCATOR_LENGTH) == LOCATOR;
          if (large || Integer.compareUnsigned(tail.getInt(at + SIZE_AT), MAX_SIZE) > 0) {
            throw new Unreadable(
                "it has more than 65,535 entries, or a directory of more than 32 MiB");
          }
          return;
        }
      }
    }
    throw new Unreadable("it is not a zip file");
  }
}
