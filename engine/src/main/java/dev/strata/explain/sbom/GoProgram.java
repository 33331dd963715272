package dev.strata.explain.sbom;

import dev.strata.explain.sbom.Found.Kind;
import dev.strata.io.FileNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the modules of a Go program in an ELF file, which the linker of Go 1.18 and later writes
 * into it: a magic number at a multiple of 16 bytes, the size of a pointer, flags, and at byte 32
 * the version of Go and the modules, each preceded by its length as a varint.
 *
 * <p>Source: Go's package debug/buildinfo.
 */
final class GoProgram extends Content {
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};
  private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int ALIGNMENT = 16;
  private static final int FLAGS_AT = 15;
  private static final int INLINE_STRINGS = 2;
  private static final int HEADER = 32;
  private static final int MAX_VERSION = 1 << 10;
  private static final int MAX_MODULES = 8 << 20;

  /** The text of the modules is between two marks of this size. */
  private static final int MARK = 16;

  private final String location;
  private final byte[] block = new byte[ALIGNMENT];
  private int inBlock;
  private long blocks;
  private boolean elf = true;
  private boolean old;

  /** The bytes from the magic number on; null until it has been found. */
  private byte @Nullable [] info;

  private int infoLength;
  private boolean done;
  private String version = "";
  private String modules = "";

  GoProgram(String location) {
    this.location = location;
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    while (source.hasRemaining() && elf && !done) {
      if (info == null) {
        scan(source);
      } else {
        collect(source);
      }
    }
    source.position(source.limit());
    return length;
  }

  private void scan(ByteBuffer source) {
    int part = Math.min(source.remaining(), ALIGNMENT - inBlock);
    source.get(block, inBlock, part);
    inBlock += part;
    if (inBlock < ALIGNMENT) {
      return;
    }
    inBlock = 0;
    if (blocks++ == 0) {
      elf = startsWith(block, ELF);
    } else if (block[0] == MAGIC[0] && startsWith(block, MAGIC)) {
      if ((block[FLAGS_AT] & INLINE_STRINGS) != 0) {
        info = Arrays.copyOf(block, 1 << 12);
        infoLength = ALIGNMENT;
      } else {
        old |= block[MAGIC.length] == 4 || block[MAGIC.length] == 8;
      }
    }
  }

  private void collect(ByteBuffer source) {
    byte[] collected = Objects.requireNonNull(info);
    if (infoLength == collected.length) {
      collected = Arrays.copyOf(collected, collected.length * 2);
      info = collected;
    }
    int part = Math.min(source.remaining(), collected.length - infoLength);
    source.get(collected, infoLength, part);
    infoLength += part;
    if (infoLength > HEADER) {
      parse(collected);
    }
  }

  /**
   * Parses what has been collected, if it is complete. What is not build information is dropped.
   */
  private void parse(byte[] collected) {
    ByteBuffer in = ByteBuffer.wrap(collected, HEADER, infoLength - HEADER);
    long length = varint(in);
    if (length > MAX_VERSION) {
      restart();
      return;
    }
    if (length < 0 || in.remaining() < length) {
      return;
    }
    String go = text(in, (int) length);
    if (!go.startsWith("go1") && !go.startsWith("devel")) {
      restart();
      return;
    }
    long size = varint(in);
    if (size > MAX_MODULES) {
      restart();
      return;
    }
    if (size < 0 || in.remaining() < size) {
      return;
    }
    version = go;
    String marked = text(in, (int) size);
    modules = marked.length() > 2 * MARK ? unmarked(collected, in.position(), (int) size) : "";
    done = true;
  }

  private static String unmarked(byte[] collected, int end, int size) {
    return FileNames.decodeLossy(Arrays.copyOfRange(collected, end - size + MARK, end - MARK));
  }

  private void restart() {
    info = null;
    infoLength = 0;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads a length of 7 bits per byte; -1 if it is not complete, and the maximum if too large. */
  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; in.hasRemaining(); shift += 7) {
      byte b = in.get();
      if (shift > 28) {
        return Long.MAX_VALUE;
      }
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  @Override
  List<Found> found(Notes notes) throws Unreadable {
    if (!done) {
      if (old) {
        throw new Unreadable("it was built by a version of Go before 1.18");
      }
      return List.of();
    }
    List<Found> found = new ArrayList<>();
    // An experiment may follow the version, after a space.
    String go = version.startsWith("go") ? version.substring(2) : version;
    int space = version.startsWith("go") ? go.indexOf(' ') : -1;
    found.add(Found.of(Kind.GO, "", "stdlib", space < 0 ? go : go.substring(0, space), location));
    String[] replaced = {};
    for (String line : modules.split("\n", -1)) {
      String[] fields = line.split("\t", -1);
      if (fields.length >= 3) {
        switch (fields[0]) {
          case "mod", "dep" -> {
            replaced = fields;
            found.add(module(fields));
          }
          // The module before it was replaced by this one; a folder has no name of its own.
          case "=>" -> {
            boolean folder = fields[1].startsWith(".") || fields[1].startsWith("/");
            if (replaced.length > 0) {
              found.removeLast();
              fields[1] = folder ? replaced[1] : fields[1];
            }
            found.add(module(fields));
          }
          default -> {}
        }
      }
    }
    return found;
  }

  private Found module(String[] fields) {
    int slash = fields[1].lastIndexOf('/');
    String namespace = slash < 0 ? "" : fields[1].substring(0, slash);
    String version = fields[2].equals("(devel)") ? "" : fields[2];
    return Found.of(
        Kind.GO,
        namespace.toLowerCase(Locale.ROOT),
        fields[1].substring(slash + 1).toLowerCase(Locale.ROOT),
        version,
        location);
  }
}
