package dev.strata.explain.sbom;

import dev.strata.explain.ImageContents;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.io.StrataException;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bill of materials of an image: its store paths with their references, the packages of its
 * distribution, and the packages of Java, Python, Node.js and Go in its files. The same image and
 * options give the same bytes. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class Sbom {
  private final ImageBlobs image;
  private final SbomOptions options;
  private final List<LayerScan.Result> layers;
  private final Model model;

  private Sbom(ImageBlobs image, SbomOptions options, List<LayerScan.Result> layers) {
    this.image = image;
    this.options = options;
    this.layers = layers;
    model = new ModelBuilder(image, options, layers).build();
  }

  /**
   * Reads the layers of an image and lists what is in them.
   *
   * @param image the image; its layers may be compressed
   * @param options what else is known about it
   * @param transfer the number of layers to read at once, and the listener that may cancel it
   * @return the bill of materials
   * @throws CorruptDataException if a layer is not a tar stream, or does not have its digest
   * @throws StrataException if a layer cannot be read, or a temporary file cannot be written
   * @throws java.util.concurrent.CancellationException if the work is cancelled or the calling
   *     thread interrupted
   */
  public static Sbom of(ImageBlobs image, SbomOptions options, Transfer transfer) {
    List<LayerScan> scans = Collections.synchronizedList(new ArrayList<>());
    List<LayerScan.Result> layers;
    try {
      layers =
          ImageContents.read(
              image.layers(),
              _ -> {
                LayerScan scan = new LayerScan(options.temporaryFolder());
                scans.add(scan);
                return scan;
              },
              transfer);
    } finally {
      scans.forEach(LayerScan::close);
    }
    return new Sbom(image, options, layers);
  }

  /**
   * Returns the bill of materials with other options, without reading the layers again.
   *
   * @param changed the options; the folder for temporary files is not used
   * @return the bill of materials
   */
  public Sbom with(SbomOptions changed) {
    return new Sbom(image, changed, layers);
  }

  /**
   * Returns what else is known about the image.
   *
   * @return the options it was made with
   */
  public SbomOptions options() {
    return options;
  }

  /**
   * Returns the store paths of the image.
   *
   * @return the paths, sorted
   */
  public List<String> storePaths() {
    return model.storePaths();
  }

  /**
   * Writes the bill of materials.
   *
   * @param format the format
   * @return the document, JSON in UTF-8 with a trailing newline
   */
  public byte[] in(SbomFormat format) {
    return switch (format) {
      case CYCLONEDX -> CycloneDxDocument.write(model);
      case SPDX -> SpdxDocument.write(model);
    };
  }

  /**
   * Writes the bill of materials in CycloneDX.
   *
   * @return the document, as {@link #in} returns it
   */
  public byte[] toCycloneDx() {
    return in(SbomFormat.CYCLONEDX);
  }

  /**
   * Writes the bill of materials in SPDX.
   *
   * @return the document, as {@link #in} returns it
   */
  public byte[] toSpdx() {
    return in(SbomFormat.SPDX);
  }

  /**
   * Returns what is missing from the bill of materials.
   *
   * @return one line for each file that was passed over, with the reason, and for each kind of
   *     information that was not available
   */
  public List<String> notes() {
    return model.notes();
  }

  /**
   * Returns how many components the image has.
   *
   * @return the number of components, including those within others
   */
  public int size() {
    return model.all().size();
  }
}
