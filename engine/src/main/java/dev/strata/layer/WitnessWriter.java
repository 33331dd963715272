package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Writes a witness: a file beside the description of layers that records the name, the type, the
 * mode, the size, the link target and a checksum of each file in them. When the bytes of a layer
 * have changed later, it says which files changed. The format is described in docs/formats.md.
 *
 * <p>The file appears when it is committed, or not at all. Its bytes do not depend on the number of
 * workers that build the layers. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class WitnessWriter implements AutoCloseable {
  static final String FIRST_LINE = "strata witness 1\n";
  static final String END = "end";

  private final String name;
  private final OutputFile out;
  private final Set<Digest> written = new HashSet<>();

  private WitnessWriter(String name, OutputFile out) {
    this.name = name;
    this.out = out;
    write(FIRST_LINE);
  }

  /**
   * Opens a witness.
   *
   * @param file the file to write
   * @return the writer
   * @throws dev.strata.io.OutputException if the file cannot be created
   */
  public static WitnessWriter create(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return new WitnessWriter(
        FileNames.decode(FileNames.bytes(absolute)), OutputFile.open(absolute));
  }

  /**
   * Returns the file as layers record it.
   *
   * @return an absolute path, a name for {@link FileNames#path(String)}
   */
  public String name() {
    return name;
  }

  /** Adds the entries of a layer, unless a layer with the same content has been added. */
  void add(Digest diffId, WitnessSection section) {
    if (!written.add(diffId)) {
      return;
    }
    byte[] bytes = section.toArray();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    write(header(diffId, section.entries(), bytes.length, checksum.getValue()));
    out.writeFully(ByteBuffer.wrap(bytes));
  }

  private static String header(Digest diffId, long entries, long length, long checksum) {
    return diffId + " " + entries + " " + length + " " + hex(checksum) + "\n";
  }

  static String hex(long checksum) {
    return HexFormat.of().toHexDigits(checksum, 8);
  }

  private void write(String text) {
    out.writeFully(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Completes the file.
   *
   * @throws dev.strata.io.OutputException if it cannot be written
   */
  public void commit() {
    write(END + " " + written.size() + "\n");
    out.commit();
  }

  /** Deletes what was written unless it was committed. */
  @Override
  public void close() {
    out.close();
  }
}
