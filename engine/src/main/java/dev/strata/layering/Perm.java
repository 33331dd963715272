package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;

/**
 * A permission rule: what files whose source path matches get. Every match sets user and group id;
 * names and mode are set when they are not empty.
 *
 * @param regex an RE2 expression, searched in the full source path
 * @param mode the mode in octal, or empty to leave it
 * @param uid the user id
 * @param gid the group id
 * @param uname the user name, or empty to leave it
 * @param gname the group name, or empty to leave it
 */
public record Perm(String regex, String mode, long uid, long gid, String uname, String gname) {

  /** A rule with the path it is for. */
  record ForPath(String path, Perm perm) {}

  static ForPath readForPath(JsonInput in) {
    class Fields {
      String path = "";
      String regex = "";
      String mode = "";
      long uid;
      long gid;
      String uname = "";
      String gname = "";
    }
    Fields f = new Fields();
    in.object(
        "a permission rule",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string(f.path);
            case "regex" -> f.regex = value.string(f.regex);
            case "mode" -> f.mode = value.string(f.mode);
            case "uid" -> f.uid = value.integer(f.uid);
            case "gid" -> f.gid = value.integer(f.gid);
            case "uname" -> f.uname = value.string(f.uname);
            case "gname" -> f.gname = value.string(f.gname);
            default -> value.skip();
          }
        });
    return new ForPath(f.path, new Perm(f.regex, f.mode, f.uid, f.gid, f.uname, f.gname));
  }

  static Perm read(JsonInput in) {
    return readForPath(in).perm();
  }

  void write(JsonOutput out) {
    out.beginObject()
        .field("regex", regex)
        .field("mode", mode)
        .field("uid", uid)
        .field("gid", gid)
        .field("uname", uname)
        .field("gname", gname)
        .endObject();
  }
}
