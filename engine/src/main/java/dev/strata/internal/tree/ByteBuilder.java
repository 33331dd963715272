package dev.strata.internal.tree;

import java.util.Arrays;

/** A growable byte string. Not thread-safe. */
final class ByteBuilder {
  private byte[] bytes;
  private int length;

  ByteBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  void add(byte[] source, int from, int to) {
    int n = to - from;
    if (length + n > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + n, bytes.length * 2));
    }
    System.arraycopy(source, from, bytes, length, n);
    length += n;
  }

  void add(byte[] source) {
    add(source, 0, source.length);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
