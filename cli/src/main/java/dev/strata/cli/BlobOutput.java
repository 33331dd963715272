package dev.strata.cli;

import dev.strata.io.StrataException;
import dev.strata.layer.Blob;
import java.io.IOException;

/** Writes what is printed to the byte. */
final class BlobOutput {
  private BlobOutput() {}

  /** Writes a blob to standard output, without a line end after it. */
  static void write(Blob blob, Context context) {
    try {
      blob.writeTo(context.bytes());
    } catch (IOException e) {
      throw new StrataException(
          "cannot write to standard output: " + e.getMessage() + ": check the reader or disk", e);
    }
  }
}
