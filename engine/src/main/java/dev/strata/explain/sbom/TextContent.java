package dev.strata.explain.sbom;

import dev.strata.io.FileNames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** A text file, of which at most a certain number of bytes is kept. */
final class TextContent extends Content {
  private final int limit;
  private final boolean headOnly;
  private final Parser parser;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean tooLong;

  /** Finds packages in a text. */
  @FunctionalInterface
  interface Parser {
    List<Found> parse(byte[] text) throws Unreadable;
  }

  /**
   * Creates the channel for a file.
   *
   * @param limit the number of bytes to keep
   * @param headOnly whether the start of a longer file is enough
   * @param parser finds packages in what was kept
   */
  TextContent(int limit, boolean headOnly, Parser parser) {
    this.limit = limit;
    this.headOnly = headOnly;
    this.parser = parser;
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    int kept = Math.min(length, limit - bytes.size());
    byte[] part = new byte[kept];
    source.get(part);
    bytes.writeBytes(part);
    tooLong |= kept < length;
    source.position(source.limit());
    return length;
  }

  @Override
  List<Found> found(Notes notes) throws Unreadable {
    if (tooLong && !headOnly) {
      throw new Unreadable("it is larger than " + (limit >> 20) + " MiB");
    }
    return parser.parse(bytes.toByteArray());
  }

  /** Splits a text into lines, without their ends. */
  static String[] lines(byte[] text) {
    return FileNames.decodeLossy(text).split("\r?\n", -1);
  }
}
