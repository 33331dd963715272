package dev.strata.transport.archive;

import dev.strata.io.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a tar stream that may come from anyone. The library reads a long name, a long link
 * and a PAX header into memory, whatever size it is said to have; here, an archive whose headers of
 * one entry take more than 1 MiB is refused. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class TarEntries implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int MAX_HEADERS = 1 << 20;
  private static final int MAX_MESSAGE = 200;
  private static final int TYPE_OFFSET = 156;
  private static final int MAGIC_OFFSET = 257;
  private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final Limited source;
  private final TarArchiveInputStream tar;
  private @Nullable TarArchiveEntry current;

  private TarEntries(Limited source) {
    this.source = source;
    this.tar = new TarArchiveInputStream(source, StandardCharsets.UTF_8.name());
  }

  /**
   * Reads the entries of a stream.
   *
   * @param in the stream, whose contents are read even if only the headers are of interest; not
   *     closed with the entries
   * @return the entries
   */
  public static TarEntries of(InputStream in) {
    return new TarEntries(new Limited(in, null));
  }

  /**
   * Reads the entries of a file, and none of the contents in between.
   *
   * @param file the file, positioned at the start of the archive; not closed with the entries
   * @return the entries
   */
  public static TarEntries of(SeekableByteChannel file) {
    return new TarEntries(new Limited(Channels.newInputStream(file), file));
  }

  /**
   * Moves on to the next entry.
   *
   * @return the entry, or null at the end of the archive
   * @throws IOException if the stream cannot be read, is not a tar archive, or has headers of more
   *     than 1 MiB for one entry
   */
  public @Nullable TarArchiveEntry next() throws IOException {
    try {
      if (current != null) {
        source.passOver();
        while (tar.skip(Long.MAX_VALUE) > 0) {
          // Passes over the rest of the contents, which do not count as headers.
        }
      }
      source.beginHeaders();
      current = tar.getNextEntry();
      source.endHeaders();
      return current;
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(plain(e), e);
    }
  }

  /** The message, in which the library quotes bytes of the archive. */
  private static String plain(Exception e) {
    String message = PlainText.line(String.valueOf(e.getMessage()));
    if (message.endsWith(".")) {
      message = message.substring(0, message.length() - 1);
    }
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
  }

  /**
   * Returns where the contents of the current entry begin.
   *
   * @return the number of bytes before it
   */
  public long offset() {
    return source.position;
  }

  /**
   * Returns the contents of the current entry.
   *
   * @return a stream that ends with the entry, and is the same for all entries
   */
  public InputStream content() {
    return tar;
  }

  /** Releases memory; the stream or file stays open. */
  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** The archive, which limits what is read of it for the headers of an entry. */
  private static final class Limited extends InputStream {
    private final InputStream in;
    private final @Nullable SeekableByteChannel file;
    private long position;
    private boolean inHeaders;
    private boolean passingOver;
    private long headers;
    private long globalHeaders;
    private boolean hasGlobal;

    Limited(InputStream in, @Nullable SeekableByteChannel file) {
      this.in = in;
      this.file = file;
    }

    void passOver() {
      inHeaders = false;
      passingOver = file != null;
    }

    void beginHeaders() {
      passingOver = false;
      inHeaders = true;
      headers = 0;
      hasGlobal = false;
    }

    /** Global headers stay in memory, so those of all entries have a limit together. */
    void endHeaders() throws IOException {
      inHeaders = false;
      if (hasGlobal) {
        globalHeaders += headers;
        if (globalHeaders > MAX_HEADERS) {
          throw new IOException("its global headers take more than 1 MiB");
        }
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (passingOver && file != null) {
        return passOver(file, length);
      }
      if (inHeaders && headers + length > MAX_HEADERS) {
        throw new IOException("the headers of an entry take more than 1 MiB");
      }
      int count = in.read(bytes, offset, length);
      if (count > 0) {
        if (inHeaders) {
          headers += count;
          hasGlobal |= position % BLOCK == 0 && isGlobalHeader(bytes, offset, count);
        }
        position += count;
      }
      return count;
    }

    /** Moves on without reading: nobody looks at the bytes. */
    private int passOver(SeekableByteChannel channel, int length) throws IOException {
      long left = channel.size() - channel.position();
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      channel.position(channel.position() + count);
      position += count;
      return count;
    }

    private static boolean isGlobalHeader(byte[] block, int offset, int count) {
      return count == BLOCK
          && block[offset + TYPE_OFFSET] == 'g'
          && ByteBuffer.wrap(block, offset + MAGIC_OFFSET, MAGIC.length)
              .equals(ByteBuffer.wrap(MAGIC));
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }
  }
}
