package dev.strata.compress;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Where the frames of a compressed layer begin, in the layer and in its content, and the bytes
 * after the last frame: 16 bytes a frame. Each frame can be made again from its content alone. Not
 * thread-safe while it is filled.
 */
final class FrameIndex {
  private long[] content = new long[64];
  private long[] blob = new long[64];
  private int count;
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

  /** Adds a frame, or, to end the list, what would be the next one. */
  void add(long inContent, long inBlob) {
    if (count == content.length) {
      content = Arrays.copyOf(content, 2 * count);
      blob = Arrays.copyOf(blob, 2 * count);
    }
    content[count] = inContent;
    blob[count] = inBlob;
    count++;
  }

  /** Adds bytes after the last frame. */
  void addTail(byte[] bytes) {
    tail.writeBytes(bytes);
  }

  /** Returns the number of frames, once the list has been ended. */
  int frames() {
    return count - 1;
  }

  /** Returns where the content of a frame begins; that of the number of frames is the end. */
  long contentOf(int frame) {
    return content[frame];
  }

  /** Returns where a frame begins in the layer; that of the number of frames is the end of all. */
  long blobOf(int frame) {
    return blob[frame];
  }

  /** Returns the frame that has a byte of the layer before the tail. */
  int frameAt(long inBlob) {
    int found = Arrays.binarySearch(blob, 0, count, inBlob);
    return found >= 0 ? found : -found - 2;
  }

  byte[] tail() {
    return tail.toByteArray();
  }
}
