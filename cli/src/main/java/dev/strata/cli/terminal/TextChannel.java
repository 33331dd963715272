package dev.strata.cli.terminal;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Prints bytes as text in UTF-8. A terminal gets a manifest this way, which may contain anything;
 * files and pipes get the bytes themselves. Not thread-safe.
 */
public final class TextChannel implements WritableByteChannel {
  private static final int LONGEST = 8;

  private final PrintWriter out;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer started = ByteBuffer.allocate(LONGEST);

  public TextChannel(PrintWriter out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) {
    int count = bytes.remaining();
    ByteBuffer all = ByteBuffer.allocate(started.position() + count);
    all.put(started.flip()).put(bytes).flip();
    CharBuffer text = CharBuffer.allocate(all.remaining());
    decoder.decode(all, text, false);
    out.append(text.flip());
    out.flush();
    started.clear().put(all);
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
