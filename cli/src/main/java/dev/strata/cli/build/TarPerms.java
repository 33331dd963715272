package dev.strata.cli.build;

import dev.strata.cli.terminal.JsonText;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.layering.PathTar;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.transport.archive.TarEntries;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * Permission rules for the members of a tar file.
 *
 * @param path the path that contains the unpacked members
 * @param members the members by their names below that path; the last one of a name counts
 */
record TarPerms(String path, Map<String, Member> members) {
  private static final int PERMISSION_BITS = 07777;
  private static final int GZIP_FIRST = 0x1F;
  private static final int GZIP_SECOND = 0x8B;
  private static final int MAGIC_SIZE = 4;
  private static final int BUFFER_BYTES = 64 << 10;

  /** Mode and owner of a member. */
  record Member(int mode, long uid, long gid, String uname, String gname, OptionalLong seconds) {
    /** A folder of which the tar has files, but no member of its own. */
    private static final Member PARENT = new Member(0755, 0, 0, "", "", OptionalLong.empty());

    private static Member of(TarArchiveEntry entry) {
      return new Member(
          entry.getMode() & PERMISSION_BITS,
          entry.getLongUserId(),
          entry.getLongGroupId(),
          named(entry.getUserName(), entry.getLongUserId()),
          named(entry.getGroupName(), entry.getLongGroupId()),
          OptionalLong.of(seconds(entry)));
    }

    /** As Go writes the time, to the nearest second. */
    private static long seconds(TarArchiveEntry entry) {
      return Math.floorDiv(entry.getLastModifiedTime().toMillis() + 500, 1000L);
    }

    private String octalMode() {
      String octal = Integer.toOctalString(mode);
      return "0".repeat(Math.max(0, 4 - octal.length())) + octal;
    }

    /** A rule without a name would leave the name root, which unpacking prefers to the number. */
    private static String named(String name, long id) {
      return name.isEmpty() && id != 0 ? Long.toString(id) : name;
    }
  }

  /**
   * Reads a tar file.
   *
   * @throws StrataException if it is not a tar file, or has members that a store path cannot
   *     contain
   */
  static TarPerms read(Path tar, String path) {
    Map<String, Member> members = new LinkedHashMap<>();
    try (InputStream in = open(tar);
        TarEntries entries = TarEntries.of(in)) {
      for (TarArchiveEntry e = entries.next(); e != null; e = entries.next()) {
        check(tar, e);
        String name = relative(tar, e.getName());
        for (int i = name.indexOf('/'); i >= 0; i = name.indexOf('/', i + 1)) {
          members.putIfAbsent(name.substring(0, i), Member.PARENT);
        }
        if (!name.isEmpty()) {
          members.remove(name);
          members.put(name, Member.of(e));
        }
      }
    } catch (NoSuchFileException e) {
      throw new NotFoundException(
          "cannot read the tar file '" + tar + "': no such file; check the path", e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(tar, e.getMessage(), e);
    }
    if (members.isEmpty()) {
      throw unreadable(tar, "it has no members", null);
    }
    return new TarPerms(path, members);
  }

  private static InputStream open(Path tar) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(tar), BUFFER_BYTES);
    in.mark(2);
    boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
    in.reset();
    return gzip ? new BufferedInputStream(new GZIPInputStream(in), BUFFER_BYTES) : in;
  }

  private static StrataException unreadable(
      Path tar, @Nullable String problem, @Nullable Exception cause) {
    String compression = compression(tar);
    return new StrataException(
        "cannot read the tar file '"
            + tar
            + "': "
            + (compression.isEmpty() ? problem : "it is compressed with " + compression)
            + "; use a plain or gzip tar",
        cause);
  }

  /** Returns the compression of a file that is not a tar file; empty if it is another one. */
  private static String compression(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(MAGIC_SIZE), StandardCharsets.ISO_8859_1);
      return start.equals("\u00fd7zX")
          ? "xz"
          : start.equals("(\u00b5/\u00fd") ? "zstd" : start.startsWith("BZh") ? "bzip2" : "";
    } catch (IOException _) {
      return "";
    }
  }

  private static void check(Path tar, TarArchiveEntry entry) {
    if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      throw new StrataException(
          FileNames.quote(entry.getName())
              + " in '"
              + tar
              + "' is a device or a FIFO, which a store path cannot contain; leave it out");
    }
    if (entry.getName().indexOf('\uFFFD') >= 0) {
      throw new StrataException(
          FileNames.quote(entry.getName()) + " in '" + tar + "' is not UTF-8; rename the member");
    }
  }

  /** Returns the name of the unpacked file: without {@code .} and extra slashes. */
  private static String relative(Path tar, String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw new StrataException(
            FileNames.quote(name) + " in '" + tar + "' leads out of the tar; rename the member");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** Returns the rules for the members of an archive; none without an archive. */
  static List<Perm> rules(PathTar archive) {
    if (archive.tar().isEmpty()) {
      return List.of();
    }
    TarPerms tar = read(FileNames.path(archive.tar()), archive.path());
    List<Perm> rules = new ArrayList<>(tar.members.size());
    String root = tar.root();
    tar.members.forEach((name, member) -> {
      Perm rule = Perm.of(regex(root, name)).withMode(member.octalMode());
      rules.add(
          rule.withOwner(member.uid(), member.gid())
              .withOwnerNames(member.uname(), member.gname())
              .withMtime(archive.times() ? member.seconds() : OptionalLong.empty()));
    });
    return rules;
  }

  private String root() {
    return FileNames.decode(GoPaths.clean(FileNames.encode(path)));
  }

  private static String regex(String root, String name) {
    return "^" + Rewrite.literal(root + "/" + name) + "$";
  }

  /** Returns the rules in the form that {@code --perms} reads. */
  String toJson() {
    String root = root();
    List<Map<String, Object>> rules = new ArrayList<>();
    members.forEach((name, member) -> {
      Map<String, Object> rule = new LinkedHashMap<>();
      rule.put("path", path);
      rule.put("regex", regex(root, name));
      rule.put("mode", member.octalMode());
      rule.put("uid", member.uid());
      rule.put("gid", member.gid());
      rule.put("uname", member.uname());
      rule.put("gname", member.gname());
      rules.add(rule);
    });
    return JsonText.indented(rules) + "\n";
  }
}
