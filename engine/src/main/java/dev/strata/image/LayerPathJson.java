package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A layer's paths with their options, in JSON. Stateless and thread-safe. */
final class LayerPathJson {
  private LayerPathJson() {}

  static LayerPath read(JsonInput in) {
    class Fields {
      String path = "";
      @Nullable PathOptions options;
    }
    Fields f = new Fields();
    in.object(
        "a path of a layer",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string(f.path);
            case "options" -> f.options = readOptions(value, f.options);
            default -> value.skip();
          }
        });
    return new LayerPath(f.path, f.options);
  }

  /** Reads options. As in Go, an earlier value of the same key remains where this one is silent. */
  private static @Nullable PathOptions readOptions(JsonInput in, @Nullable PathOptions before) {
    if (in.isNull()) {
      return null;
    }
    class Fields {
      Rewrite rewrite = before == null ? Rewrite.NONE : before.rewrite();
      @Nullable List<Perm> perms = before == null ? null : before.perms();
      @Nullable ExcludePatterns excludes = before == null ? null : before.excludes();
      @Nullable List<Perm> parents = before == null ? null : before.parents();
    }
    Fields f = new Fields();
    in.object(
        "options",
        (key, value) -> {
          switch (key) {
            case "rewrite" -> f.rewrite = readRewrite(value, f.rewrite);
            case "perms" -> f.perms = value.list("permission rules", LayerPathJson::readPerm);
            case "excludes" -> f.excludes = readExcludes(value);
            case "parents" -> f.parents = value.list("permission rules", LayerPathJson::readPerm);
            default -> value.skip();
          }
        });
    return new PathOptions(
        f.rewrite, f.perms, f.excludes, f.parents == null ? List.of() : f.parents);
  }

  private static @Nullable ExcludePatterns readExcludes(JsonInput in) {
    List<ExcludePatterns.Rule> rules = in.list("patterns", LayerPathJson::readPattern);
    return rules == null ? null : ExcludePatterns.ofRules(rules);
  }

  private static ExcludePatterns.Rule readPattern(JsonInput in) {
    class Fields {
      String pattern = "";
      String below = "";
    }
    Fields f = new Fields();
    in.object(
        "a pattern",
        (key, value) -> {
          switch (key) {
            case "pattern" -> f.pattern = value.string("");
            case "below" -> f.below = value.string("");
            default -> value.skip();
          }
        });
    return new ExcludePatterns.Rule(f.pattern, f.below);
  }

  private static Rewrite readRewrite(JsonInput in, Rewrite before) {
    class Fields {
      String regex = before.regex();
      String replacement = before.replacement();
    }
    Fields f = new Fields();
    in.object(
        "a rewrite",
        (key, value) -> {
          switch (key) {
            case "regex" -> f.regex = value.string(f.regex);
            case "repl" -> f.replacement = value.string(f.replacement);
            default -> value.skip();
          }
        });
    return new Rewrite(f.regex, f.replacement);
  }

  private static Perm readPerm(JsonInput in) {
    class Fields {
      String regex = "";
      String mode = "";
      long uid;
      long gid;
      String uname = "";
      String gname = "";
      String orMode = "";
      OptionalLong mtime = OptionalLong.empty();
      String dirMode = "";
    }
    Fields f = new Fields();
    in.object(
        "a permission rule",
        (key, value) -> {
          switch (key) {
            case "regex" -> f.regex = value.string(f.regex);
            case "mode" -> f.mode = value.string(f.mode);
            case "uid" -> f.uid = value.integer(f.uid);
            case "gid" -> f.gid = value.integer(f.gid);
            case "uname" -> f.uname = value.string(f.uname);
            case "gname" -> f.gname = value.string(f.gname);
            case "ormode" -> f.orMode = value.string(f.orMode);
            case "dirmode" -> f.dirMode = value.string(f.dirMode);
            case "mtime" -> {
              boolean set = !value.isNull();
              long seconds = value.integer(0);
              f.mtime = set ? OptionalLong.of(seconds) : OptionalLong.empty();
            }
            default -> value.skip();
          }
        });
    return Perm.of(f.regex)
        .withMode(f.mode)
        .withOwner(f.uid, f.gid)
        .withOwnerNames(f.uname, f.gname)
        .withOrMode(f.orMode)
        .withMtime(f.mtime)
        .withDirMode(f.dirMode);
  }

  static void write(LayerPath path, JsonOutput out) {
    out.beginObject().field("path", path.path());
    PathOptions options = path.options();
    if (options != null) {
      out.name("options").beginObject();
      out.name("rewrite")
          .beginObject()
          .field("regex", options.rewrite().regex())
          .field("repl", options.rewrite().replacement())
          .endObject();
      write("perms", options.rules(), out);
      if (options.excludes() != null) {
        write(options.excludes(), out);
      }
      write("parents", options.parents(), out);
      out.endObject();
    }
    out.endObject();
  }

  private static void write(ExcludePatterns excludes, JsonOutput out) {
    out.name("excludes").beginArray();
    for (ExcludePatterns.Rule rule : excludes.rules()) {
      out.beginObject()
          .field("pattern", rule.pattern())
          .fieldUnlessEmpty("below", rule.below())
          .endObject();
    }
    out.endArray();
  }

  private static void write(String name, List<Perm> rules, JsonOutput out) {
    if (rules.isEmpty()) {
      return;
    }
    out.name(name).beginArray();
    for (Perm rule : rules) {
      write(rule, out);
    }
    out.endArray();
  }

  private static void write(Perm perm, JsonOutput out) {
    out.beginObject()
        .field("regex", perm.regex())
        .field("mode", perm.mode())
        .field("uid", perm.uid())
        .field("gid", perm.gid())
        .field("uname", perm.uname())
        .field("gname", perm.gname())
        .fieldUnlessEmpty("orMode", perm.orMode())
        .fieldUnlessEmpty("dirMode", perm.dirMode());
    if (perm.mtime().isPresent()) {
      out.field("mtime", perm.mtime().getAsLong());
    }
    out.endObject();
  }
}
