package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.DiffIds;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads images in tar files, {@code docker-archive:} and {@code oci-archive:}. Only headers and
 * small files are read until a layer is asked for. Stateless and thread-safe.
 */
public final class ArchiveSource {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final int CHUNK = 256 << 10;

  private ArchiveSource() {}

  /** Where a file of an archive lies. */
  private record Part(long offset, long size) {}

  /**
   * Opens an OCI layout in a tar.
   *
   * @param file the archive
   * @param tag the image's name in the index; null if there is one image
   * @param platform which image to take if the name is that of an index; null for all
   * @return the image or the index
   * @throws StrataException if the file is no such archive, or has no such image
   */
  public static CopySource openOci(Path file, @Nullable String tag, @Nullable Platform platform) {
    Map<String, Part> parts = list(file);
    Manifest index =
        Manifest.parse(
            name(file) + " (index.json)", read(file, parts, "index.json"), MediaTypes.INDEX);
    List<Descriptor> found =
        index.images().stream()
            .filter(m -> tag == null || tag.equals(m.annotations().get(REF_NAME)))
            .map(Manifest.Member::descriptor)
            .distinct()
            .toList();
    if (found.size() != 1) {
      List<String> tags =
          index.images().stream()
              .flatMap(m -> Optional.ofNullable(m.annotations().get(REF_NAME)).stream())
              .toList();
      throw new StrataException(
          name(file)
              + (tag == null
                  ? " holds " + found.size() + " images: name one, as in oci-archive:FILE:TAG"
                  : " has no image named " + FileNames.quote(tag) + ": check the tag")
              + "; there are "
              + tags);
    }
    return CopySource.of(
        name(file),
        ociBlob(file, parts, found.getFirst()),
        d -> ociBlob(file, parts, d),
        d -> ociBlob(file, parts, d),
        platform);
  }

  private static Blob ociBlob(Path file, Map<String, Part> parts, Descriptor descriptor) {
    String digest = descriptor.digest().value();
    Part part = part(file, parts, "blobs/" + digest.replace(':', '/'));
    return new ArchivedBlob(file, part, descriptor);
  }

  /**
   * Opens what {@code docker save} writes.
   *
   * @param file the archive
   * @param reference the image's name; null if there is one image
   * @return the image, with a manifest made for it
   * @throws StrataException if the file is no such archive, or has no such image
   */
  public static CopySource openDocker(Path file, @Nullable String reference) {
    Map<String, Part> parts = list(file);
    List<Saved> images =
        JsonInput.parse(
            name(file) + " (manifest.json)",
            read(file, parts, "manifest.json"),
            in -> {
              List<Saved> read = in.list("images", ArchiveSource::readSaved);
              return read == null ? List.of() : read;
            });
    String wanted = reference == null ? null : Reference.parse(reference).toString();
    List<Saved> found = images.stream().filter(i -> i.isCalled(wanted)).toList();
    if (found.size() != 1) {
      throw new StrataException(
          name(file)
              + (wanted == null
                  ? " holds "
                      + images.size()
                      + " images: name one, as in docker-archive:FILE:NAME:TAG"
                  : " has no image named " + FileNames.quote(wanted) + ": check the name")
              + "; there are "
              + images.stream().flatMap(i -> i.tags().stream()).toList());
    }
    Saved image = found.getFirst();
    Part configPart = part(file, parts, image.config());
    byte[] config = read(file, parts, image.config());
    Descriptor configName = new Descriptor(MediaTypes.CONFIG, Digest.of(config), configPart.size());
    List<Digest> diffIds = DiffIds.parse(name(file), config);
    if (diffIds.size() != image.layers().size()) {
      throw new StrataException(
          name(file) + " does not list the layers that its configuration has: save it again");
    }
    List<Blob> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Part part = part(file, parts, image.layers().get(i));
      Descriptor descriptor = new Descriptor(MediaTypes.LAYER, diffIds.get(i), part.size());
      layers.add(new ArchivedBlob(file, part, descriptor));
    }
    Manifest manifest =
        new Manifest(
            MediaTypes.MANIFEST,
            configName,
            layers.stream().map(Blob::descriptor).toList(),
            List.of(),
            Map.of());
    return new CopySource.Single(
        ImageBlobs.of(layers, new ArchivedBlob(file, configPart, configName), manifest.toBlob()));
  }

  /** An image of a docker-archive. */
  private record Saved(String config, List<String> tags, List<String> layers) {
    boolean isCalled(@Nullable String name) {
      return name == null
          || tags.stream().anyMatch(t -> Reference.parse(t).toString().equals(name));
    }
  }

  private static Saved readSaved(JsonInput in) {
    class Fields {
      String config = "";
      List<String> tags = List.of();
      List<String> layers = List.of();
    }
    Fields f = new Fields();
    in.object(
        "an image",
        (key, value) -> {
          switch (key) {
            case "config" -> f.config = value.string("");
            case "repotags" -> f.tags = value.strings();
            case "layers" -> f.layers = value.strings();
            default -> value.skip();
          }
        });
    return new Saved(f.config, f.tags, f.layers);
  }

  private static Map<String, Part> list(Path file) {
    Map<String, Part> parts = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        TarFile tar = new TarFile(channel)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        Path path = Path.of("/").resolve(entry.getName()).normalize();
        String entryName = path.toString().substring(1);
        if (entry.isFile()) {
          parts.put(entryName, new Part(entry.getDataOffset(), entry.getSize()));
        } else if (entry.isSymbolicLink()) {
          // Older archives name a layer twice.
          Path to = path.resolveSibling(entry.getLinkName()).normalize();
          links.put(entryName, to.toString().substring(1));
        }
      }
    } catch (NoSuchFileException e) {
      throw new StrataException("cannot read " + name(file) + ": no such file: check the path", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new StrataException(
          "cannot read " + name(file) + " as a tar file: " + e.getMessage(), e);
    }
    links.forEach((link, to) -> {
      Part part = parts.get(to);
      if (part != null) {
        parts.putIfAbsent(link, part);
      }
    });
    return parts;
  }

  private static Part part(Path file, Map<String, Part> parts, String part) {
    Part found = parts.get(part);
    if (found == null) {
      throw new StrataException(
          name(file)
              + " has no file "
              + FileNames.quote(part)
              + ": it is broken, or an archive of another kind");
    }
    return found;
  }

  private static byte[] read(Path file, Map<String, Part> parts, String partName) {
    Part part = part(file, parts, partName);
    int limit = 64 << 20;
    if (part.size() > limit) {
      throw new StrataException(
          name(file) + " has a " + FileNames.quote(partName) + " of " + part.size() + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) part.size());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, part.offset() + bytes.position()) > 0) {
        // Reads on.
      }
    } catch (IOException e) {
      throw new StrataException("cannot read " + name(file) + ": " + e.getMessage(), e);
    }
    return bytes.array();
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }

  /** A blob in a tar file. */
  private record ArchivedBlob(Path file, Part part, Descriptor descriptor) implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      if (descriptor.size() > 0 && part.size() != descriptor.size()) {
        throw new StrataException(
            name(file)
                + " has "
                + part.size()
                + " bytes for "
                + descriptor.digest()
                + ", not the recorded "
                + descriptor.size()
                + ": it is broken; write it again");
      }
      MessageDigest hash = descriptor.digest().newHash();
      byte[] chunk = new byte[CHUNK];
      long at = part.offset();
      long end = at + part.size();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        while (at < end) {
          ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, (int) Math.min(CHUNK, end - at));
          int n = channel.read(buffer, at);
          if (n <= 0) {
            break;
          }
          at += n;
          hash.update(chunk, 0, n);
          buffer.flip();
          while (buffer.hasRemaining()) {
            target.write(buffer);
          }
        }
      }
      if (!descriptor.digest().matches(hash.digest())) {
        throw new StrataException(
            name(file)
                + " has other bytes than "
                + descriptor.digest()
                + " says: it is broken, or its layers are compressed; write it again");
      }
    }
  }
}
