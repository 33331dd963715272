package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A folder in the format of Skopeo's {@code dir:} transport, version 1.1, as a destination: {@code
 * version}, {@code manifest.json}, and each blob in a file named after its digest without the
 * algorithm. It holds one image, or one index with its images. Immutable and thread-safe, but a
 * folder must not be written by two copies at the same time.
 *
 * @since 0.1.0
 */
public final class SkopeoDirectory implements Destination {
  private static final String VERSION = "Directory Transport Version: 1.1\n";
  private static final String VERSION_FILE = "version";
  static final String MANIFEST_FILE = "manifest.json";

  /** The end of the name of a manifest that is listed in an index. */
  static final String MEMBER_SUFFIX = ".manifest.json";

  /** Blobs, manifests of an index, and signatures of both. */
  private static final Pattern REPLACEABLE =
      Pattern.compile(
          "([0-9a-f]{64}|[0-9a-f]{128})(\\.manifest\\.json|\\.signature-\\d+)?|signature-\\d+");

  private final Path directory;
  private final boolean withLayers;

  private SkopeoDirectory(Path directory, boolean withLayers) {
    this.directory = directory;
    this.withLayers = withLayers;
  }

  /**
   * Creates a destination; writes nothing yet.
   *
   * @param directory the folder; it may be missing, empty, or hold such an image
   * @return the destination
   */
  public static SkopeoDirectory at(Path directory) {
    return new SkopeoDirectory(directory, true);
  }

  /**
   * Leaves out the layers, which then are not read: the folder describes an image whose layers lie
   * elsewhere.
   *
   * @return a changed copy
   */
  public SkopeoDirectory withoutLayers() {
    return new SkopeoDirectory(directory, false);
  }

  /**
   * {@inheritDoc} The manifest is written after all blobs, so that the folder holds either the old
   * image or the new one. Blobs of the old image only are deleted last.
   */
  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    write(blobsOf(List.of(image)), List::of, image::manifest, transfer);
    return image.manifest().descriptor();
  }

  /**
   * {@inheritDoc} As by Skopeo, the index is in {@code manifest.json}, and the manifest of each
   * image in a file named after its digest that ends with {@code .manifest.json}.
   */
  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    write(blobsOf(index.images()), index::manifests, index::index, transfer);
    return index.index().descriptor();
  }

  /**
   * Writes some blobs of an image, and its manifest last: what {@code skopeo layers} does. Such a
   * folder is not a complete image.
   *
   * @param blobs layers of the image or its configuration
   * @param image the image
   * @param transfer how to write
   * @throws dev.strata.io.StrataException if a blob cannot be read or the folder not be written
   */
  public void writeBlobs(List<Blob> blobs, ImageBlobs image, Transfer transfer) {
    write(blobs, List::of, image::manifest, transfer);
  }

  private List<Blob> blobsOf(List<ImageBlobs> images) {
    List<Blob> blobs = new ArrayList<>();
    for (ImageBlobs image : images) {
      if (withLayers) {
        // Foreign layers too: such a folder has no place for their addresses.
        blobs.addAll(image.layers());
      }
      blobs.add(image.config());
    }
    return blobs;
  }

  /** Writes blobs, then the manifests below the root, which are known only then, and the root. */
  private void write(
      List<Blob> blobs, Supplier<List<Blob>> manifests, Supplier<Blob> root, Transfer transfer) {
    try {
      OutputFile.createFolders(directory);
      checkOurs();
      OutputFile.write(directory.resolve(VERSION_FILE), VERSION.getBytes(StandardCharsets.UTF_8));
      BlobFiles.writeAll(blobs, directory, transfer);
      Set<String> kept = new HashSet<>();
      blobs.forEach(b -> kept.add(b.descriptor().digest().hex()));
      for (Blob manifest : manifests.get()) {
        String file = manifest.descriptor().digest().hex() + MEMBER_SUFFIX;
        write(manifest, file);
        kept.add(file);
      }
      write(root.get(), MANIFEST_FILE);
      deleteOthers(kept);
    } catch (IOException e) {
      throw new OutputException("cannot write " + name() + ": " + e.getMessage(), e);
    }
  }

  private void write(Blob manifest, String file) throws IOException {
    try (OutputFile out = OutputFile.open(directory.resolve(file))) {
      manifest.writeTo(out);
      out.commit();
    }
  }

  private void checkOurs() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      boolean empty = !files.iterator().hasNext();
      if (!empty && !Files.exists(directory.resolve(VERSION_FILE))) {
        throw new InvalidInputException(
            "cannot write an image to the folder "
                + name()
                + ": it contains other files; use a new or empty folder");
      }
    }
  }

  private void deleteOthers(Set<String> kept) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String fileName = String.valueOf(file.getFileName());
        if (REPLACEABLE.matcher(fileName).matches() && !kept.contains(fileName)) {
          Files.delete(file);
        }
      }
    }
  }

  private String name() {
    return FileNames.quote(FileNames.decode(FileNames.bytes(directory)));
  }
}
