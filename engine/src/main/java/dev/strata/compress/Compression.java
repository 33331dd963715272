package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * The compressions of a layer. Thread-safe.
 *
 * @since 0.1.0
 */
public enum Compression {
  /** Leaves a layer uncompressed. */
  NONE("none", MediaTypes.LAYER, ".tar", 0, 0, 0),

  /** DEFLATE in the gzip format (RFC 1952), which all tools read. Written in Java. */
  GZIP("gzip", MediaTypes.LAYER_GZIP, ".tar.gz", 1, 9, 2),

  /**
   * Zstandard (RFC 8878): smaller and faster, read by tools since 2021. Uses the native library of
   * {@code com.github.luben:zstd-jni}, which it unpacks to the folder of the system property {@code
   * ZstdTempFolder}, or else {@code java.io.tmpdir}. A JVM that was started without {@code
   * --enable-native-access} prints a warning when the library is loaded, which a library cannot
   * prevent; one that denies native access cannot load it.
   */
  ZSTD("zstd", MediaTypes.LAYER_ZSTD, ".tar.zst", 1, 19, 3),

  /**
   * Zstandard in the format of containers-storage: each file, and each chunk of a large one, is
   * compressed by itself, and a table of contents follows, so that Podman, Buildah and CRI-O fetch
   * only what they lack. Programs that do not know the format read it as {@link #ZSTD}.
   */
  ZSTD_CHUNKED("zstd:chunked", MediaTypes.LAYER_ZSTD, ".tar.zst", 1, 19, 3);

  /** How many bytes {@link #detect} needs to recognise every compression. */
  static final int MAGIC_SIZE = 4;

  private static final int SKIPPABLE_FRAME = 0x184D2A50;

  private static final int ZSTD_FRAME = 0xFD2FB528;

  private final String word;
  private final String mediaType;
  private final String suffix;
  private final int minLevel;
  private final int maxLevel;
  private final int defaultLevel;

  Compression(
      String word, String mediaType, String suffix, int minLevel, int maxLevel, int defaultLevel) {
    this.word = word;
    this.mediaType = mediaType;
    this.suffix = suffix;
    this.minLevel = minLevel;
    this.maxLevel = maxLevel;
    this.defaultLevel = defaultLevel;
  }

  /**
   * Parses the name of a compression.
   *
   * @param text {@code none}, {@code gzip}, {@code zstd} or {@code zstd:chunked}
   * @return the compression
   * @throws InvalidInputException if the text is another
   */
  public static Compression parse(String text) {
    for (Compression c : values()) {
      if (c.word.equals(text)) {
        return c;
      }
    }
    throw new InvalidInputException(
        "unknown compression " + FileNames.quote(text) + "; use none, gzip, zstd or zstd:chunked");
  }

  /**
   * Recognises what content is compressed with by its first bytes (RFC 1952, 2.3.1; RFC 8878, 3.1).
   *
   * @param content the content, or the start of it
   * @param length how many bytes of it there are; 4 are enough
   * @return the compression; {@link #NONE} if it is neither gzip nor zstd; {@link #ZSTD} for {@link
   *     #ZSTD_CHUNKED} too, which begins in the same way
   */
  public static Compression detect(byte[] content, int length) {
    if (length >= 3 && content[0] == 0x1F && content[1] == (byte) 0x8B && content[2] == 8) {
      return GZIP;
    }
    if (length < MAGIC_SIZE) {
      return NONE;
    }
    int magic = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return magic == ZSTD_FRAME || (magic & ~0xF) == SKIPPABLE_FRAME ? ZSTD : NONE;
  }

  /**
   * Recognises what a blob is compressed with by its first bytes. The rest is not read.
   *
   * @param blob the blob
   * @return the compression; {@link #NONE} if it is neither gzip nor zstd
   * @throws dev.strata.io.StrataException if the blob cannot be read
   */
  public static Compression detect(Blob blob) {
    ByteBuffer start = ByteBuffer.allocate(MAGIC_SIZE);
    try {
      blob.writeTo(new FirstBytes(start));
    } catch (IOException e) {
      if (start.hasRemaining()) {
        throw new IllegalStateException("only a full target fails", e);
      }
    }
    return detect(start.array(), start.position());
  }

  /** Keeps the first bytes, and then fails to end the read. */
  private record FirstBytes(ByteBuffer start) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      while (bytes.hasRemaining() && start.hasRemaining()) {
        start.put(bytes.get());
      }
      if (!start.hasRemaining()) {
        throw new IOException("enough has been read");
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /**
   * Returns the media type of layers with this compression.
   *
   * @return the media type
   */
  public String mediaType() {
    return mediaType;
  }

  /**
   * Returns whether a layer has this compression, according to its descriptor. A layer in {@link
   * #ZSTD_CHUNKED} has {@link #ZSTD} too, but not the other way round.
   *
   * @param layer the descriptor, with a media type of OCI
   * @return true if the media type is {@link #mediaType}, and there are the annotations that belong
   *     to the compression
   */
  public boolean isThatOf(Descriptor layer) {
    return layer.mediaType().equals(mediaType)
        && (this != ZSTD_CHUNKED || ChunkedContents.areIn(layer.annotations()));
  }

  /**
   * Returns the suffix of files with such layers.
   *
   * @return a suffix such as {@code .tar.gz}
   */
  public String suffix() {
    return suffix;
  }

  /**
   * Returns the default level.
   *
   * @return the level
   */
  public int defaultLevel() {
    return defaultLevel;
  }

  /**
   * Checks a level.
   *
   * @param level low for fast, high for small
   * @return the level
   * @throws InvalidInputException if there is no such level
   */
  public int checkLevel(int level) {
    if (level < minLevel || level > maxLevel) {
      throw new InvalidInputException(
          "invalid level " + level + " for " + word + "; use " + minLevel + " to " + maxLevel);
    }
    return level;
  }

  @Override
  public String toString() {
    return word;
  }
}
