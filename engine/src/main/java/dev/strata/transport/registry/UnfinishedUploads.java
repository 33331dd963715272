package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that are going on, in a file, so that another process can continue them if this one
 * ends before they do. There is no file while there are no uploads. Thread-safe; for one process at
 * a time.
 *
 * @since 0.1.0
 */
public final class UnfinishedUploads {
  private static final int MOST = 1000;
  private static final int MOST_BYTES = 8 << 20;

  private final Path file;
  // By registry, repository and digest, the oldest first.
  private final Map<String, Upload> uploads = new LinkedHashMap<>();

  private UnfinishedUploads(Path file) {
    this.file = file;
  }

  /** An upload; where its next bytes go, and how many the registry has acknowledged. */
  record Upload(String registry, String repository, String digest, String location, long offset) {
    String key() {
      return key(registry, repository, digest);
    }

    static String key(String registry, String repository, String digest) {
      return registry + "/" + repository + "@" + digest;
    }
  }

  /**
   * Reads a file.
   *
   * @param file its name; there need not be one yet
   * @return the uploads in it
   * @throws InvalidInputException if it contains anything else
   */
  public static UnfinishedUploads in(Path file) {
    UnfinishedUploads made = new UnfinishedUploads(file);
    if (Files.exists(file)) {
      String name = FileNames.quote(FileNames.decode(FileNames.bytes(file)));
      byte[] json = InputFile.readRegular(file, MOST_BYTES);
      List<Upload> read = JsonInput.parse(name, json, UnfinishedUploads::read);
      if (read == null) {
        throw new InvalidInputException(
            name + " does not contain unfinished uploads; specify another file");
      }
      read.forEach(made::put);
    }
    return made;
  }

  private static @Nullable List<Upload> read(JsonInput in) {
    Fields fields = new Fields();
    in.object("unfinished uploads", fields::take);
    return fields.uploads;
  }

  private static final class Fields {
    private @Nullable List<Upload> uploads;
    private String registry = "";
    private String repository = "";
    private String digest = "";
    private String location = "";
    private long offset;

    void take(String key, JsonInput in) {
      switch (key) {
        case "uploads" -> uploads = in.list("uploads", Fields::upload);
        case "registry" -> registry = in.string("");
        case "repository" -> repository = in.string("");
        case "digest" -> digest = in.string("");
        case "location" -> location = in.string("");
        case "offset" -> offset = in.integer(0);
        default -> in.skip();
      }
    }

    private static Upload upload(JsonInput in) {
      Fields f = new Fields();
      in.object("an upload", f::take);
      return new Upload(f.registry, f.repository, f.digest, f.location, f.offset);
    }
  }

  /** Returns the upload of a blob; null if there is none. */
  synchronized @Nullable Upload find(Reference repository, Digest blob) {
    return uploads.get(Upload.key(repository.registry(), repository.repository(), blob.value()));
  }

  /** Notes how far an upload is. */
  synchronized void save(Reference repository, Descriptor blob, String location, long offset) {
    put(
        new Upload(
            repository.registry(),
            repository.repository(),
            blob.digest().value(),
            location,
            offset));
    write();
  }

  private void put(Upload upload) {
    uploads.remove(upload.key());
    uploads.put(upload.key(), upload);
    if (uploads.size() > MOST) {
      uploads.remove(uploads.keySet().iterator().next());
    }
  }

  /** Notes that an upload has been finished or given up. */
  synchronized void remove(Reference repository, Digest blob) {
    String key = Upload.key(repository.registry(), repository.repository(), blob.value());
    if (uploads.remove(key) != null) {
      write();
    }
  }

  /** Forgets all uploads and removes the file: everything has been copied. */
  public synchronized void finish() {
    uploads.clear();
    write();
  }

  private void write() {
    if (uploads.isEmpty()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new OutputException(
            "cannot remove "
                + FileNames.quote(FileNames.decode(FileNames.bytes(file)))
                + ": "
                + e.getMessage(),
            e);
      }
      return;
    }
    JsonOutput out = JsonOutput.indented().beginObject().name("uploads").beginArray();
    for (Upload upload : uploads.values()) {
      out.beginObject()
          .field("registry", upload.registry())
          .field("repository", upload.repository())
          .field("digest", upload.digest())
          .field("location", upload.location())
          .field("offset", upload.offset())
          .endObject();
    }
    out.endArray().endObject();
    OutputFile.write(file, out.toString().getBytes(StandardCharsets.UTF_8));
  }
}
