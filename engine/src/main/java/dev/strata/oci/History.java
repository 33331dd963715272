package dev.strata.oci;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a layer came to be: the OCI image specification's history entry.
 *
 * @param created when, or null
 * @param createdBy by which command
 * @param author by whom
 * @param comment what was said of it
 * @param emptyLayer whether it brought no layer
 */
public record History(
    @Nullable Timestamp created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {
  /** A history that says nothing. */
  public static final History EMPTY = new History(null, "", "", "", false);

  /**
   * Reads a history file.
   *
   * @param file one JSON object
   * @return the history
   * @throws dev.strata.io.StrataException if the file can't be read or is not such JSON
   */
  public static History readFile(Path file) {
    return JsonInput.read(file, in -> read(in, EMPTY));
  }

  public static History read(JsonInput in, History known) {
    class Fields {
      @Nullable Timestamp created = known.created;
      String createdBy = known.createdBy;
      String author = known.author;
      String comment = known.comment;
      boolean emptyLayer = known.emptyLayer;
    }
    Fields f = new Fields();
    in.object(
        "a history",
        (key, value) -> {
          switch (key) {
            case "created" -> f.created = readTime(value);
            case "created_by" -> f.createdBy = value.string(f.createdBy);
            case "author" -> f.author = value.string(f.author);
            case "comment" -> f.comment = value.string(f.comment);
            case "empty_layer" -> f.emptyLayer = value.bool(f.emptyLayer);
            default -> value.skip();
          }
        });
    return new History(f.created, f.createdBy, f.author, f.comment, f.emptyLayer);
  }

  /**
   * Reads a time.
   *
   * @param in stands at a string or {@code null}
   * @return the time, or null
   */
  public static @Nullable Timestamp readTime(JsonInput in) {
    return in.isNull() ? null : Timestamp.parse(in.string(""));
  }

  /**
   * Writes the history as an object.
   *
   * @param out where to write it
   */
  public void write(JsonOutput out) {
    out.beginObject();
    if (created != null) {
      out.field("created", created.text());
    }
    out.fieldUnlessEmpty("created_by", createdBy)
        .fieldUnlessEmpty("author", author)
        .fieldUnlessEmpty("comment", comment);
    if (emptyLayer) {
      out.name("empty_layer").bool(true);
    }
    out.endObject();
  }
}
