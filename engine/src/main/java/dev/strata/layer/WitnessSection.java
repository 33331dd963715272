package dev.strata.layer;

import dev.strata.internal.tar.EntryFacts;
import dev.strata.io.ByteArena;
import java.util.Arrays;

/** The entries of one layer in a witness, as docs/formats.md describes them. Not thread-safe. */
final class WitnessSection {
  static final byte FILE = '0';
  static final byte LINK = '2';

  private final ByteArena bytes = new ByteArena(4096);
  private final byte[] number = new byte[10];
  private byte[] previous = new byte[512];
  private int previousLength;
  private int entries;

  /** Adds an entry; the checksum is ignored unless it is a file. */
  void add(EntryFacts entry, int checksum) {
    byte[] path = entry.path();
    int length = entry.pathLength();
    int shared = Arrays.mismatch(path, 0, length, previous, 0, previousLength);
    shared = shared < 0 ? length : shared;
    addNumber(shared);
    addNumber(length - shared);
    bytes.add(path, shared, length - shared);
    number[0] = entry.type();
    bytes.add(number, 0, 1);
    addNumber(entry.mode());
    if (entry.type() == FILE) {
      addNumber(entry.size());
      for (int i = 0; i < 4; i++) {
        number[i] = (byte) (checksum >>> 24 - 8 * i);
      }
      bytes.add(number, 0, 4);
    } else if (entry.type() == LINK) {
      addNumber(entry.linkLength());
      bytes.add(entry.link(), 0, entry.linkLength());
    }
    if (previous.length < length) {
      previous = new byte[length * 2];
    }
    System.arraycopy(path, shared, previous, shared, length - shared);
    previousLength = length;
    entries++;
  }

  private void addNumber(long value) {
    long rest = value;
    int n = 0;
    while (rest >>> 7 != 0) {
      number[n++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    number[n++] = (byte) rest;
    bytes.add(number, 0, n);
  }

  int entries() {
    return entries;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes.array(), bytes.size());
  }
}
