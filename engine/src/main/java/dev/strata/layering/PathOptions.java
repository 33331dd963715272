package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the files of one store path on their way into a layer.
 *
 * @param rewrite how they are renamed
 * @param perms the permission rules in order, or null for none; a written {@code []} is kept apart
 *     from none, because the reference tells them apart when it compares with parent layers
 */
public record PathOptions(Rewrite rewrite, @Nullable List<Perm> perms) {
  /** Copies the rules. */
  public PathOptions {
    perms = perms == null ? null : List.copyOf(perms);
  }

  /**
   * The permission rules.
   *
   * @return the rules in order; empty for none
   */
  public List<Perm> rules() {
    return perms == null ? List.of() : perms;
  }

  /** Reads options; those of the same key that came before count where these say nothing. */
  static @Nullable PathOptions read(JsonInput in, @Nullable PathOptions before) {
    if (in.isNull()) {
      return null;
    }
    class Fields {
      Rewrite rewrite = before == null ? Rewrite.NONE : before.rewrite();
      @Nullable List<Perm> perms = before == null ? null : before.perms();
    }
    Fields f = new Fields();
    in.object(
        "options",
        (key, value) -> {
          switch (key) {
            case "rewrite" -> f.rewrite = Rewrite.read(value, f.rewrite);
            case "perms" -> f.perms = value.list("permission rules", Perm::read);
            default -> value.skip();
          }
        });
    return new PathOptions(f.rewrite, f.perms);
  }

  void write(JsonOutput out) {
    out.beginObject().name("rewrite");
    rewrite.write(out);
    if (perms != null && !perms.isEmpty()) {
      out.name("perms").beginArray();
      perms.forEach(p -> p.write(out));
      out.endArray();
    }
    out.endObject();
  }
}
