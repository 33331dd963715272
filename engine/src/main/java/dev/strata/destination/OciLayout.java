package dev.strata.destination;

import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.json.JsonInput;
import dev.strata.json.JsonOutput;
import dev.strata.layer.Blob;
import dev.strata.layer.Descriptor;
import dev.strata.layer.Digest;
import dev.strata.layer.FileBlob;
import dev.strata.layer.MediaTypes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the OCI image layout (image specification 1.1, {@code image-layout.md}): {@code
 * oci-layout}, {@code index.json} and {@code blobs/}. Immutable; two writers of one folder at a
 * time may lose each other's entry of the index, never a blob.
 */
public final class OciLayout {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String VERSION_FILE = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private final Path directory;

  private OciLayout(Path directory) {
    this.directory = directory;
  }

  /**
   * Names a layout.
   *
   * @param directory its folder, which need not be there yet
   * @return the layout
   */
  public static OciLayout at(Path directory) {
    return new OciLayout(directory);
  }

  /** An entry of the index. */
  private record Entry(Descriptor descriptor, Map<String, String> annotations) {}

  /**
   * Writes an image. Blobs that are there already are checked and kept; the index is written last,
   * so that the image appears whole or not at all.
   *
   * @param image the image's blobs
   * @param tag the name in the index, or null for none; another image of that name loses it
   * @param jobs how many blobs are written at once, at least 1
   * @throws StrataException if the folder can't be written or a blob's bytes are not its digest's
   */
  public void write(ImageBlobs image, @Nullable String tag, int jobs) {
    try {
      Files.createDirectories(directory.resolve("blobs").resolve("sha256"));
    } catch (IOException e) {
      throw new StrataException(
          "cannot make the folder " + name(directory) + ": " + e.getMessage(), e);
    }
    List<Blob> blobs = new ArrayList<>(image.layers());
    blobs.sort((a, b) -> Long.compare(b.descriptor().size(), a.descriptor().size()));
    blobs.add(image.config());
    blobs.add(image.manifest());
    writeAll(blobs, jobs);
    OutputFile.write(
        directory.resolve("oci-layout"), VERSION_FILE.getBytes(StandardCharsets.UTF_8));
    writeIndex(image.manifest().descriptor(), tag);
  }

  private void writeAll(List<Blob> blobs, int jobs) {
    ExecutorService pool = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<?>> running = new ArrayList<>();
      blobs.forEach(b -> running.add(pool.submit(() -> writeBlob(b))));
      for (Future<?> f : running) {
        f.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StrataException s) {
        throw s;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted");
    } finally {
      pool.shutdownNow();
      pool.close();
    }
  }

  private void writeBlob(Blob blob) {
    Path file = blobFile(blob.descriptor().digest());
    if (Files.exists(file) && isIntact(file, blob.descriptor())) {
      return;
    }
    try (OutputFile out = OutputFile.create(file)) {
      blob.writeTo(out);
      out.commit();
    } catch (IOException e) {
      throw new StrataException("cannot write " + name(file) + ": " + e.getMessage(), e);
    }
  }

  private static boolean isIntact(Path file, Descriptor descriptor) {
    try {
      new FileBlob(file, descriptor).writeTo(new Nowhere());
      return true;
    } catch (IOException | StrataException _) {
      return false;
    }
  }

  private Path blobFile(Digest digest) {
    String algorithm = digest.value().substring(0, digest.value().indexOf(':'));
    return directory.resolve("blobs").resolve(algorithm).resolve(digest.hex());
  }

  private Path indexFile() {
    return directory.resolve("index.json");
  }

  private void writeIndex(Descriptor manifest, @Nullable String tag) {
    List<Entry> entries = Files.exists(indexFile()) ? readIndex() : new ArrayList<>();
    entries.removeIf(e ->
        tag == null
            ? e.descriptor().equals(manifest) && !e.annotations().containsKey(REF_NAME)
            : tag.equals(e.annotations().get(REF_NAME)));
    Map<String, String> annotations = tag == null ? Map.of() : Map.of(REF_NAME, tag);
    entries.add(new Entry(manifest, annotations));
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.INDEX);
    out.name("manifests").beginArray();
    for (Entry e : entries) {
      out.beginObject()
          .field("mediaType", e.descriptor().mediaType())
          .field("digest", e.descriptor().digest().value())
          .field("size", e.descriptor().size());
      if (!e.annotations().isEmpty()) {
        out.name("annotations").beginObject();
        e.annotations().forEach(out::field);
        out.endObject();
      }
      out.endObject();
    }
    out.endArray().endObject();
    OutputFile.write(indexFile(), out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private List<Entry> readIndex() {
    List<Entry> entries = new ArrayList<>();
    JsonInput.read(
        indexFile(),
        in -> {
          in.object(
              "an image index",
              (key, value) -> {
                if (key.equals("manifests")) {
                  List<Entry> read = value.list("manifests", OciLayout::readEntry);
                  entries.addAll(read == null ? List.of() : read);
                } else {
                  value.skip();
                }
              });
          return entries;
        });
    return entries;
  }

  private static Entry readEntry(JsonInput in) {
    class Fields {
      String mediaType = "";
      String digest = "";
      long size;
      Map<String, String> annotations = new TreeMap<>();
    }
    Fields f = new Fields();
    in.object(
        "a descriptor",
        (key, value) -> {
          switch (key) {
            case "mediatype" -> f.mediaType = value.string("");
            case "digest" -> f.digest = value.string("");
            case "size" -> f.size = value.integer(0);
            case "annotations" ->
                f.annotations = value.map("strings", f.annotations, v -> v.string(""));
            default -> value.skip();
          }
        });
    return new Entry(new Descriptor(f.mediaType, Digest.parse(f.digest), f.size), f.annotations);
  }

  /** What {@link #verify} found. */
  public record Verified(int blobs, long bytes) {}

  /**
   * Reads an image back and checks the digest and size of every blob it names.
   *
   * @param tag the name in the index
   * @param jobs how many blobs are read at once, at least 1
   * @return how much was read
   * @throws StrataException if the name is not there or a blob is missing or broken
   */
  public Verified verify(String tag, int jobs) {
    Descriptor manifest =
        readIndex().stream()
            .filter(e -> tag.equals(e.annotations().get(REF_NAME)))
            .map(Entry::descriptor)
            .findFirst()
            .orElseThrow(() ->
                new StrataException(
                    name(indexFile()) + " has no image named '" + tag + "': check the tag"));
    List<Descriptor> named = new ArrayList<>();
    JsonInput.read(
        blobFile(manifest.digest()),
        in -> {
          in.object(
              "an image manifest",
              (key, value) -> {
                switch (key) {
                  case "config" -> named.add(readEntry(value).descriptor());
                  case "layers" -> {
                    List<Entry> layers = value.list("layers", OciLayout::readEntry);
                    if (layers != null) {
                      layers.forEach(l -> named.add(l.descriptor()));
                    }
                  }
                  default -> value.skip();
                }
              });
          return named;
        });
    named.add(manifest);
    try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
      List<Future<?>> running = new ArrayList<>();
      named.forEach(d -> running.add(pool.submit(() -> verifyBlob(d))));
      for (Future<?> f : running) {
        f.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StrataException s) {
        throw s;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted");
    }
    return new Verified(named.size(), named.stream().mapToLong(Descriptor::size).sum());
  }

  private void verifyBlob(Descriptor descriptor) {
    Path file = blobFile(descriptor.digest());
    try {
      long size = Files.size(file);
      if (size != descriptor.size()) {
        throw new StrataException(
            name(file) + " has " + size + " bytes, not " + descriptor.size() + ": write it again");
      }
      new FileBlob(file, descriptor).writeTo(new Nowhere());
    } catch (IOException e) {
      throw new StrataException("cannot read " + name(file) + ": " + e.getMessage(), e);
    }
  }

  /** Takes bytes and drops them. */
  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int n = bytes.remaining();
      bytes.position(bytes.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
