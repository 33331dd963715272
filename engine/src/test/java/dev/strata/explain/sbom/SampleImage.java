package dev.strata.explain.sbom;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes images and archives in memory. */
final class SampleImage {
  private final List<Blob> layers = new ArrayList<>();
  private final List<String> diffIds = new ArrayList<>();
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private TarArchiveOutputStream tar = tar(bytes);

  private static TarArchiveOutputStream tar(ByteArrayOutputStream bytes) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    return tar;
  }

  SampleImage file(String path, String content) throws IOException {
    return file(path, content.getBytes(StandardCharsets.UTF_8), 0644);
  }

  SampleImage file(String path, byte[] content, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setMode(mode);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
    return this;
  }

  SampleImage hardLink(String path, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, (byte) '1');
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  /** Ends the layer, and starts the next one. */
  SampleImage nextLayer() throws IOException {
    tar.close();
    add(new BytesBlob(MediaTypes.LAYER, bytes.toByteArray()));
    bytes = new ByteArrayOutputStream();
    tar = tar(bytes);
    return this;
  }

  SampleImage add(Blob layer) {
    layers.add(layer);
    diffIds.add("\"" + layer.descriptor().digest() + "\"");
    return this;
  }

  ImageBlobs build() throws IOException {
    nextLayer();
    String config =
        "{\"architecture\":\"arm64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
            + diffIds
            + "}}";
    return ImageBlobs.of(
        layers, new BytesBlob(MediaTypes.CONFIG, config.getBytes(StandardCharsets.UTF_8)));
  }

  /** Makes a zip file of names and contents, which are text or bytes. */
  static byte[] zip(Object... namesAndContents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
        Object content = namesAndContents[i + 1];
        zip.write(
            content instanceof byte[] raw
                ? raw
                : ((String) content).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }
}
