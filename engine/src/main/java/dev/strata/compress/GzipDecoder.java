package dev.strata.compress;

import dev.strata.blob.Blobs;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip members, one after the other (RFC 1952). {@code GZIPInputStream} cannot stand
 * in: it pulls, where a blob pushes, and may take the end of a buffer for that of the last member.
 * Not thread-safe.
 */
final class GzipDecoder implements DecompressingChannel.Decoder {
  private static final int BUFFER = 128 << 10;
  private static final int FIXED_HEADER = 10;
  private static final int TRAILER = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final WritableByteChannel target;
  private final Function<String, StrataException> corrupt;
  private final Inflater inflater = new Inflater(/* nowrap= */ true);
  private final ByteBuffer out = ByteBuffer.allocate(BUFFER);
  private final CRC32 crc = new CRC32();

  /** The parts of a member, in their order. */
  private enum Part {
    FIXED,
    EXTRA_SIZE,
    EXTRA_BYTES,
    NAME_BYTES,
    COMMENT_BYTES,
    CRC_BYTES,
    DATA,
    TRAILER_BYTES
  }

  private Part part = Part.FIXED;

  /** The bytes of the current part so far, as a little-endian number, and how many they are. */
  private long value;

  private int count;
  private int flags;
  private int extraSize;

  GzipDecoder(WritableByteChannel target, Function<String, StrataException> corrupt) {
    this.target = target;
    this.corrupt = corrupt;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (part == Part.DATA) {
        inflate(bytes);
      } else {
        accept(bytes.get() & 0xFF);
      }
    }
  }

  /** Takes a byte of a header or trailer. */
  private void accept(int b) {
    if (part == Part.FIXED) {
      acceptFixed(b);
      return;
    }
    if (count < TRAILER) {
      value |= (long) b << 8 * count;
    }
    count++;
    switch (part) {
      case EXTRA_SIZE -> {
        if (count == 2) {
          extraSize = (int) value;
          enter(extraSize == 0 ? Part.NAME_BYTES : Part.EXTRA_BYTES);
        }
      }
      case EXTRA_BYTES -> {
        if (count == extraSize) {
          enter(Part.NAME_BYTES);
        }
      }
      case NAME_BYTES -> {
        if (b == 0) {
          enter(Part.COMMENT_BYTES);
        }
      }
      case COMMENT_BYTES -> {
        if (b == 0) {
          enter(Part.CRC_BYTES);
        }
      }
      case CRC_BYTES -> {
        if (count == 2) {
          enter(Part.DATA);
        }
      }
      default -> {
        if (count == TRAILER) {
          checkTrailer();
        }
      }
    }
  }

  private void acceptFixed(int b) {
    int wanted = count == 0 ? 0x1F : count == 1 ? 0x8B : count == 2 ? 8 : b;
    if (b != wanted || count == 3 && (b & RESERVED) != 0) {
      throw corrupt.apply("its gzip data is damaged, or followed by other data");
    }
    flags = count == 3 ? b : flags;
    count++;
    if (count == FIXED_HEADER) {
      enter(Part.EXTRA_SIZE);
    }
  }

  /** Begins the first of the given part and those after it that this member has. */
  private void enter(Part next) {
    count = 0;
    value = 0;
    part = next;
    if (next == Part.EXTRA_SIZE && (flags & EXTRA) == 0) {
      enter(Part.NAME_BYTES);
    } else if (next == Part.NAME_BYTES && (flags & NAME) == 0) {
      enter(Part.COMMENT_BYTES);
    } else if (next == Part.COMMENT_BYTES && (flags & COMMENT) == 0) {
      enter(Part.CRC_BYTES);
    } else if (next == Part.CRC_BYTES && (flags & HEADER_CRC) == 0) {
      enter(Part.DATA);
    } else if (next == Part.DATA) {
      inflater.reset();
      crc.reset();
    }
  }

  private void inflate(ByteBuffer bytes) throws IOException {
    inflater.setInput(bytes);
    try {
      while (!inflater.finished()) {
        int n = inflater.inflate(out.clear());
        if (n == 0 && !inflater.finished()) {
          if (inflater.needsDictionary()) {
            throw corrupt.apply("its gzip data is damaged");
          }
          return;
        }
        crc.update(out.array(), 0, n);
        Blobs.writeFully(target, out.flip());
      }
    } catch (DataFormatException _) {
      throw corrupt.apply("its gzip data is damaged");
    }
    enter(Part.TRAILER_BYTES);
  }

  private void checkTrailer() {
    long wanted = crc.getValue() | (inflater.getBytesWritten() & 0xFFFFFFFFL) << 32;
    if (value != wanted) {
      throw corrupt.apply("its gzip data is damaged: the checksum is wrong");
    }
    enter(Part.FIXED);
  }

  @Override
  public boolean isComplete() {
    return part == Part.FIXED && count == 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
