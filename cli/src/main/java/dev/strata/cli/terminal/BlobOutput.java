package dev.strata.cli.terminal;

import dev.strata.blob.Blob;
import dev.strata.io.OutputException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Prints blobs byte for byte. */
public final class BlobOutput {
  private BlobOutput() {}

  /**
   * Prints a blob, without adding a line end.
   *
   * @param output standard output
   */
  public static void print(Blob blob, WritableByteChannel output) {
    try {
      blob.writeTo(output);
    } catch (IOException e) {
      throw new OutputException("cannot write to standard output: " + e.getMessage(), e);
    }
  }
}
