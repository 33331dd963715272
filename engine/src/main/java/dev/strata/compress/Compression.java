package dev.strata.compress;

import dev.strata.blob.MediaTypes;
import dev.strata.io.StrataException;

/** The ways to compress a layer. */
public enum Compression {
  /** Leaves a layer as it is. */
  NONE("none", MediaTypes.LAYER, ".tar", 0, 0, 0),

  /** DEFLATE in the gzip format (RFC 1952), which every reader of images knows. */
  GZIP("gzip", MediaTypes.LAYER_GZIP, ".tar.gz", 1, 9, 2),

  /** Zstandard (RFC 8878): smaller and faster, for readers of 2021 and later. */
  ZSTD("zstd", MediaTypes.LAYER_ZSTD, ".tar.zst", 1, 19, 3);

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
   * Reads the name of one.
   *
   * @param text {@code none}, {@code gzip} or {@code zstd}
   * @return it
   * @throws StrataException if the text is another
   */
  public static Compression parse(String text) {
    for (Compression c : values()) {
      if (c.word.equals(text)) {
        return c;
      }
    }
    throw new StrataException("there is no compression '" + text + "': use none, gzip or zstd");
  }

  /**
   * The media type of layers that are compressed so.
   *
   * @return the media type
   */
  public String mediaType() {
    return mediaType;
  }

  /**
   * How the names of files end that hold such layers.
   *
   * @return such as {@code .tar.gz}
   */
  public String suffix() {
    return suffix;
  }

  /**
   * The level that is used when none is asked for.
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
   * @throws StrataException if there is no such level
   */
  public int checkLevel(int level) {
    if (level < minLevel || level > maxLevel) {
      throw new StrataException(
          word + " has no level " + level + ": use " + minLevel + " to " + maxLevel);
    }
    return level;
  }

  @Override
  public String toString() {
    return word;
  }
}
