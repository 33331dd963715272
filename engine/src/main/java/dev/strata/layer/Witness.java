package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * The entries of one layer as a witness records them, in the order of the layer's tar stream. To be
 * read from the first to the last; {@link #next} moves on. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class Witness {
  private static final int LONGEST_LINE = 200;

  private final String name;
  private final byte[] bytes;
  private final int entries;
  private int read;
  private int at;
  private byte[] path = new byte[512];
  private int pathLength;
  private char type;
  private int mode;
  private long size;
  private int checksum;
  private int linkStart;
  private int linkLength;

  private Witness(String name, byte[] bytes, int entries) {
    this.name = name;
    this.bytes = bytes;
    this.entries = entries;
  }

  /**
   * Reads the entries of a layer. The memory it takes is that of the entries of this layer.
   *
   * @param file a file that {@link WitnessWriter} has written
   * @param diffId the diff id of the layer
   * @return the entries, before the first one
   * @throws NotFoundException if the file does not exist, or does not contain the layer
   * @throws InvalidInputException if the file is not a witness
   * @throws CorruptDataException if the file is damaged
   * @throws StrataException if the file cannot be read
   */
  public static Witness read(Path file, Digest diffId) {
    String name = FileNames.quote(FileNames.decode(FileNames.bytes(file)));
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (!line(in, name).equals(WitnessWriter.FIRST_LINE.strip())) {
        throw otherFile(name);
      }
      for (int sections = 0; ; sections++) {
        String[] header = line(in, name).split(" ", -1);
        if (header.length == 2
            && header[0].equals(WitnessWriter.END)
            && number(header[1], name) == sections) {
          throw new NotFoundException("the witness " + name + " does not contain " + diffId);
        }
        if (header.length != 4) {
          throw damaged(name);
        }
        int length = number(header[2], name);
        if (!header[0].equals(diffId.value())) {
          in.skipNBytes(length);
          continue;
        }
        byte[] bytes = in.readNBytes(length);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        if (bytes.length < length || !WitnessWriter.hex(sum.getValue()).equals(header[3])) {
          throw damaged(name);
        }
        return new Witness(name, bytes, number(header[1], name));
      }
    } catch (EOFException _) {
      throw damaged(name);
    } catch (NoSuchFileException e) {
      throw new NotFoundException("cannot read the witness " + name + ": no such file", e);
    } catch (IOException e) {
      throw new StrataException("cannot read the witness " + name + ": " + e.getMessage(), e);
    }
  }

  private static String line(DataInputStream in, String name) throws IOException {
    byte[] line = new byte[LONGEST_LINE];
    for (int n = 0; n < LONGEST_LINE; n++) {
      line[n] = in.readByte();
      if (line[n] == '\n') {
        return new String(line, 0, n, StandardCharsets.ISO_8859_1);
      }
    }
    throw otherFile(name);
  }

  private static InvalidInputException otherFile(String name) {
    return new InvalidInputException(
        name + " is not a witness that this version of Strata reads; build again");
  }

  private static int number(String digits, String name) {
    try {
      int number = Integer.parseInt(digits);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below.
    }
    throw damaged(name);
  }

  private static CorruptDataException damaged(String name) {
    return new CorruptDataException("the witness " + name + " is damaged; build again");
  }

  /**
   * Moves to the next entry.
   *
   * @return false if there is none
   * @throws CorruptDataException if the entry is malformed
   */
  public boolean next() {
    if (read == entries) {
      if (at < bytes.length) {
        throw damaged(name);
      }
      return false;
    }
    try {
      parse();
    } catch (IndexOutOfBoundsException _) {
      throw damaged(name);
    }
    read++;
    return true;
  }

  private void parse() {
    int shared = length();
    int more = length();
    if (shared > pathLength) {
      throw damaged(name);
    }
    Objects.checkFromIndexSize(at, more, bytes.length);
    pathLength = shared + more;
    if (path.length < pathLength) {
      path = Arrays.copyOf(path, pathLength * 2);
    }
    System.arraycopy(bytes, at, path, shared, more);
    at += more;
    type = (char) bytes[at++];
    mode = length();
    size = 0;
    checksum = 0;
    linkLength = 0;
    if (type == WitnessSection.FILE) {
      size = number();
      for (int i = 0; i < 4; i++) {
        checksum = checksum << 8 | bytes[at++] & 0xFF;
      }
    } else if (type == WitnessSection.LINK) {
      linkLength = length();
      linkStart = at;
      Objects.checkFromIndexSize(at, linkLength, bytes.length);
      at += linkLength;
    }
  }

  private int length() {
    long number = number();
    if (number > Integer.MAX_VALUE) {
      throw damaged(name);
    }
    return (int) number;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged(name);
  }

  /**
   * Returns the path in the image.
   *
   * @return an array that starts with the bytes of the path, valid until {@link #next}
   */
  public byte[] path() {
    return path;
  }

  /**
   * Returns the length of the path.
   *
   * @return the length in bytes
   */
  public int pathLength() {
    return pathLength;
  }

  /**
   * Returns the type, as in a tar header.
   *
   * @return {@code 0} for a regular file, {@code 2} for a symbolic link, {@code 5} for a directory
   */
  public char type() {
    return type;
  }

  /**
   * Returns the mode, as in the tar header.
   *
   * @return the permission bits
   */
  public int mode() {
    return mode;
  }

  /**
   * Returns the size of a file.
   *
   * @return the size in bytes; 0 for other types
   */
  public long size() {
    return size;
  }

  /**
   * Returns the checksum of the content of a file.
   *
   * @return its CRC-32C; 0 for other types
   */
  public int checksum() {
    return checksum;
  }

  /**
   * Returns the target of a symbolic link.
   *
   * @return its bytes; empty for other types
   */
  public byte[] link() {
    return Arrays.copyOfRange(bytes, linkStart, linkStart + linkLength);
  }
}
