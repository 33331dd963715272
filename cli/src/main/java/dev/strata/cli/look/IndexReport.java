package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images of an index.
 *
 * @param digest the digest of the index
 * @param images its entries
 */
record IndexReport(String digest, List<Manifest.Member> images) {
  /** Describes a manifest; returns null if it is not an index. */
  static @Nullable IndexReport of(Blob manifest) {
    Manifest read = Manifest.of(manifest);
    return read.isIndex()
        ? new IndexReport(manifest.descriptor().digest().value(), read.images())
        : null;
  }

  /**
   * Prints a table.
   *
   * @param name the name of the index as the user wrote it
   * @param chosen the digest of the image that is shown below
   */
  void print(PrintWriter out, String name, String chosen) {
    Table head = new Table("ll");
    head.row("Index", name);
    head.row("Digest", digest);
    head.print(out);
    out.println();
    Table table = new Table("llrl");
    table.row("PLATFORM", "DIGEST", "MANIFEST", "");
    for (Manifest.Member image : images) {
      String own = image.descriptor().digest().value();
      table.row(
          platform(image),
          own,
          Sizes.bytes(image.descriptor().size()),
          own.equals(chosen) ? "shown below" : "");
    }
    table.print(out);
    out.println();
  }

  private static String platform(Manifest.Member image) {
    Platform platform = image.platform();
    if (image
        .annotations()
        .getOrDefault("vnd.docker.reference.type", "")
        .equals("attestation-manifest")) {
      return "(attestation)";
    }
    if (new Manifest(image.descriptor().mediaType(), null, List.of(), List.of(), Map.of())
        .isIndex()) {
      return "(index)";
    }
    return platform == null ? "-" : platform.toString();
  }

  /** Returns the index as JSON. */
  Map<String, Object> json() {
    List<Object> rows = new ArrayList<>();
    for (Manifest.Member image : images) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("Digest", image.descriptor().digest().value());
      row.put("MediaType", image.descriptor().mediaType());
      row.put("Size", image.descriptor().size());
      row.put("Platform", image.platform() == null ? null : image.platform().toString());
      row.put("Annotations", image.annotations());
      rows.add(row);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Digest", digest);
    json.put("Images", rows);
    return json;
  }
}
