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
   * Reads an entry. As in Go, an earlier value of the same key remains where this one is silent.
   */
  static History read(JsonInput in, History before) {
    class Fields {
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
            default -> value.skip();
          }
        });
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
