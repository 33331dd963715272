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
 * Standard output of the process, for text or for bytes. It records the first failure. If the
 * reader has closed the pipe, as {@code head} does, the failure is not worth a message. Not
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

  /** Standard output for text, in UTF-8 in any locale. */
  public PrintWriter text() {
    return new PrintWriter(new BufferedWriter(new Remembering()), false);
  }

  /** Standard output for bytes. A write throws {@link Closed} if the reader has closed the pipe. */
  public WritableByteChannel bytes() {
    return new Bytes();
  }

  /** Why text was not written; null if all was written, or the reader has closed the pipe. */
  public @Nullable String problem() {
    IOException e = failure;
    return e == null || isClosed(e) ? null : String.valueOf(e.getMessage());
  }

  /** Whether text was not written. */
  public boolean failed() {
    return failure != null;
  }

  private static boolean isClosed(IOException e) {
    return String.valueOf(e.getMessage()).contains("Broken pipe");
  }

  /** Records the reason for a failure, which a PrintWriter drops. */
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

  /** The channel of the stream, created when it is first used. */
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
