package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.History;
import dev.strata.oci.Timestamp;
import org.jspecify.annotations.Nullable;

/** A history entry in JSON. Stateless and thread-safe. */
final class HistoryJson {
  private HistoryJson() {}

  /**
   * Reads an entry, which is all of a file. As by the reference, a file without any of its keys is
   * an empty entry, but one of a kind that has a name is a mistake.
   */
  static History readFile(JsonInput in) {
    return read(in, History.EMPTY, /* strict= */ true);
  }

  /**
   * Reads an entry. As in Go, an earlier value of the same key remains where this one is silent.
   */
  static History read(JsonInput in, History before) {
    return read(in, before, /* strict= */ false);
  }

  private static History read(JsonInput in, History before, boolean strict) {
    class Fields {
      boolean otherKeys;
      @Nullable Timestamp created = before.created();
      String createdBy = before.createdBy();
      String author = before.author();
      String comment = before.comment();
      boolean emptyLayer = before.emptyLayer();
    }
    Fields f = new Fields();
    in.object(
        "a history entry",
        (key, value) -> {
          switch (key) {
            case "created" -> f.created = readTime(value);
            case "created_by" -> f.createdBy = value.string(f.createdBy);
            case "author" -> f.author = value.string(f.author);
            case "comment" -> f.comment = value.string(f.comment);
            case "empty_layer" -> f.emptyLayer = value.bool(f.emptyLayer);
            default -> {
              f.otherKeys = true;
              value.skip();
            }
          }
        });
    if (strict && f.otherKeys && in.isOfKnownKind()) {
      throw in.otherKind(
          "a history entry", "use an object with keys such as created_by and comment");
    }
    return new History(f.created, f.createdBy, f.author, f.comment, f.emptyLayer);
  }

  /** Reads a timestamp; null for JSON {@code null}. */
  static @Nullable Timestamp readTime(JsonInput in) {
    return in.isNull() ? null : Timestamp.parse(in.string(""));
  }

  static void write(History history, JsonOutput out) {
    out.beginObject();
    if (history.created() != null) {
      out.field("created", history.created().text());
    }
    out.fieldUnlessEmpty("created_by", history.createdBy())
        .fieldUnlessEmpty("author", history.author())
        .fieldUnlessEmpty("comment", history.comment());
    if (history.emptyLayer()) {
      out.name("empty_layer").bool(true);
    }
    out.endObject();
  }
}
