package dev.strata.cli.terminal;

import dev.strata.blob.Blob;
import dev.strata.cli.command.Context;
import dev.strata.io.StrataException;
import java.io.IOException;

/** Writes what is printed to the byte. */
public final class BlobOutput {
  private BlobOutput() {}

  /** Writes a blob to standard output, without a line end after it. */
  public static void write(Blob blob, Context context) {
    try {
      blob.writeTo(context.bytes());
    } catch (IOException e) {
      throw new StrataException(
          "cannot write to standard output: " + e.getMessage() + ": check the reader or disk", e);
    }
  }
}
