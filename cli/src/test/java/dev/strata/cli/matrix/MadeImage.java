package dev.strata.cli.matrix;

/**
 * An image that another program made.
 *
 * @param tool the program, and how it wrote the image
 * @param format what is in it
 * @param reference the image as Strata reads it
 * @param same an image with the same content that Skopeo can read; often the same reference
 * @param zstd whether layers are compressed with zstd
 * @param index whether it is an index
 */
record MadeImage(
    String tool, String format, String reference, String same, boolean zstd, boolean index) {

  static MadeImage of(String tool, String format, String reference) {
    return new MadeImage(
        tool, format, reference, reference, format.contains("zstd"), format.contains("index"));
  }

  /** Returns the image with another reference for Skopeo. */
  MadeImage like(String readable) {
    return new MadeImage(tool, format, reference, readable, zstd, index);
  }

  @Override
  public String toString() {
    return tool + " (" + format + ")";
  }
}
