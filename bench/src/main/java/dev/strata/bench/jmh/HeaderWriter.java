package dev.strata.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes ustar headers from a template, as the engine does. Each subclass accesses memory in a
 * different way; a JVM that is measured uses one of them, so that its calls are inlined. Not
 * thread-safe.
 */
abstract class HeaderWriter {
  /** The size of a header in bytes. */
  static final int BLOCK = 512;

  private static final int NAME_AT = 0;
  private static final int LOW_SIZE_DIGITS_AT = 127;
  private static final int CHECKSUM_AT = 148;
  private static final long EIGHT_ZEROS = 0x3030_3030_3030_3030L;
  private static final long CHECKSUM_END = 0x3030_3030_3030_0020L;

  private final byte[] template;
  private final int templateSum;

  HeaderWriter() {
    template = template();
    int sum = 0;
    for (byte b : template) {
      sum += b;
    }
    templateSum = sum;
  }

  /** A regular file with an empty name, size 0, and spaces in place of the checksum. */
  private static byte[] template() {
    byte[] block = new byte[BLOCK];
    put(block, 100, "0000644\0" + "0000000\0" + "0000000\0" + "00000000000\0" + "00000000001\0");
    Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
    put(block, 156, "0");
    put(block, 257, "ustar\0" + "00" + "root");
    put(block, 297, "root");
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /**
   * Writes a header.
   *
   * @param name at most 100 bytes of ASCII
   * @param size below 16 MiB
   * @param at the offset of the header in the target
   */
  final void write(byte[] name, int size, int at) {
    putBytes(at, template);
    int sum = templateSum;
    for (int i = 0; i < name.length; i++) {
      byte b = name[i];
      putByte(at + NAME_AT + i, b);
      sum += b;
    }
    long digits = 0;
    int rest = size;
    for (int shift = 0; shift < 64; shift += 8) {
      long digit = rest & 7;
      digits |= digit << shift;
      sum += (int) digit;
      rest >>>= 3;
    }
    putLong(at + LOW_SIZE_DIGITS_AT, EIGHT_ZEROS | digits);
    digits = CHECKSUM_END;
    for (int shift = 16; shift < 64; shift += 8) {
      digits |= (sum & 7L) << shift;
      sum >>>= 3;
    }
    putLong(at + CHECKSUM_AT, digits);
  }

  abstract void putBytes(int at, byte[] source);

  abstract void putByte(int at, byte value);

  /** Writes eight bytes, the highest first. */
  abstract void putLong(int at, long value);

  /** Plain stores into an array, as in the engine. */
  static class ByteArray extends HeaderWriter {
    private final byte[] target;

    ByteArray(byte[] target) {
      this.target = target;
    }

    @Override
    void putBytes(int at, byte[] source) {
      System.arraycopy(source, 0, target, at, source.length);
    }

    @Override
    void putByte(int at, byte value) {
      target[at] = value;
    }

    @Override
    void putLong(int at, long value) {
      for (int i = 0; i < 8; i++) {
        target[at + i] = (byte) (value >>> 56 - 8 * i);
      }
    }
  }

  /** An array, and a view of it for numbers. */
  static final class View extends ByteArray {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] target;

    View(byte[] target) {
      super(target);
      this.target = target;
    }

    @Override
    void putLong(int at, long value) {
      LONG.set(target, at, value);
    }
  }

  /** A memory segment over an array. */
  static final class Segment extends HeaderWriter {
    private static final ValueLayout.OfLong LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment target;

    Segment(byte[] target) {
      this.target = MemorySegment.ofArray(target);
    }

    @Override
    void putBytes(int at, byte[] source) {
      MemorySegment.copy(source, 0, target, ValueLayout.JAVA_BYTE, at, source.length);
    }

    @Override
    void putByte(int at, byte value) {
      target.set(ValueLayout.JAVA_BYTE, at, value);
    }

    @Override
    void putLong(int at, long value) {
      target.set(LONG, at, value);
    }
  }

  /** An Agrona buffer over an array. */
  static final class Agrona extends HeaderWriter {
    private final UnsafeBuffer target;

    Agrona(byte[] target) {
      this.target = new UnsafeBuffer(target);
    }

    @Override
    void putBytes(int at, byte[] source) {
      target.putBytes(at, source);
    }

    @Override
    void putByte(int at, byte value) {
      target.putByte(at, value);
    }

    @Override
    void putLong(int at, long value) {
      target.putLong(at, value, ByteOrder.BIG_ENDIAN);
    }
  }
}
