package dev.strata.cli.terminal;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output of the process, as text or as bytes, which remembers the first failure. A reader
 * that has gone, such as {@code head}, is a failure that nobody needs to be told of. Not
 * thread-safe.
 */
public final class StandardOutput {
  private final FileOutputStream stream = new FileOutputStream(FileDescriptor.out);
  private @Nullable IOException failure;

  /** The reader of standard output has closed it. */
  public static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Closed(IOException e) {
      super(e);
    }
  }

  /** For text, in UTF-8 whatever the locale. */
  public PrintWriter text() {
    return new PrintWriter(new BufferedWriter(new Remembering()), false);
  }

  /** For bytes. A write to a reader that has gone throws {@link Closed}. */
  public WritableByteChannel bytes() {
    return new Bytes();
  }

  /** What is wrong with the text that was written; null if nothing is, or nobody wants it. */
  public @Nullable String problem() {
    IOException e = failure;
    return e == null || isClosed(e) ? null : String.valueOf(e.getMessage());
  }

  /** Whether all text has gone out. */
  public boolean failed() {
    return failure != null;
  }

  private static boolean isClosed(IOException e) {
    return String.valueOf(e.getMessage()).contains("Broken pipe");
  }

  /** A PrintWriter says that it failed, but not why. */
  private final class Remembering extends Writer {
    private final Writer target = new OutputStreamWriter(stream, StandardCharsets.UTF_8);

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      remember(() -> target.write(text, offset, length));
    }

    @Override
    public void flush() throws IOException {
      remember(target::flush);
    }

    @Override
    public void close() throws IOException {
      flush();
    }

    private void remember(Action action) throws IOException {
      try {
        action.run();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  /** The channel of the stream, which the stream makes when it is asked for it. */
  private final class Bytes implements WritableByteChannel {
    private final FileChannel target = stream.getChannel();

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      try {
        return target.write(bytes);
      } catch (IOException e) {
        if (isClosed(e)) {
          throw new Closed(e);
        }
        throw e;
      }
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
