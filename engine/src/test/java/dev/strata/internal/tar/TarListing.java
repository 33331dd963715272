package dev.strata.internal.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The entries of a tar stream as listed by a reader, or of files on disk, in a common form: facts
 * by name, without leading and trailing slashes. Text is bytes decoded as Latin-1.
 */
final class TarListing {
  private static final Pattern GNU_LINE =
      Pattern.compile(
          "([-dl])([-rwxsStT]{9}) (-?\\d+)/(-?\\d+) +(\\d+) 1970-01-01 00:00:01 (.*)",
          Pattern.DOTALL);
  private static final Pattern MTREE_KEY = Pattern.compile(" (\\w+)=(\\S*)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3}|.)");
  private static final String ROOT = "root";

  /**
   * The facts of one entry.
   *
   * @param type f, d or l
   * @param size the size in bytes; 0 unless it is a regular file
   * @param link the target of a link, else empty
   */
  record Facts(
      String type,
      int mode,
      long uid,
      long gid,
      String uname,
      String gname,
      long size,
      String link) {
    /** Returns the facts without names, for readers that only list ids. */
    Facts withoutNames() {
      return new Facts(type, mode, uid, gid, "", "", size, link);
    }
  }

  /** The checksums by name, for listings that include the content. */
  private final Map<String, Long> checksums = new TreeMap<>();

  private final Map<String, Facts> facts = new TreeMap<>();

  private TarListing() {}

  Map<String, Facts> facts() {
    return facts;
  }

  Map<String, Long> checksums() {
    return checksums;
  }

  private void put(String name, Facts f) {
    String clean = name.replaceAll("\\A(\\./|/)+|/+\\z", "");
    Facts before = facts.put(clean.equals(".") ? "" : clean, f);
    if (before != null) {
      throw new AssertionError("duplicate entry: " + clean);
    }
  }

  /**
   * Parses the output of GNU tar.
   *
   * @param printed the output of {@code tar --numeric-owner --full-time --quoting-style=escape -tv}
   */
  static TarListing ofGnuTar(InputStream printed) throws IOException {
    TarListing listing = new TarListing();
    for (String line : Tools.read(printed).lines().toList()) {
      Matcher m = GNU_LINE.matcher(line);
      if (!m.matches()) {
        throw new AssertionError("unexpected output of GNU tar: " + line);
      }
      String type = m.group(1).equals("-") ? "f" : m.group(1);
      String[] names = type.equals("l") ? m.group(6).split(" -> ", 2) : new String[] {m.group(6)};
      listing.put(
          unescape(names[0]),
          new Facts(
              type,
              mode(m.group(2)),
              Long.parseLong(m.group(3)),
              Long.parseLong(m.group(4)),
              "",
              "",
              Long.parseLong(m.group(5)),
              type.equals("l") ? unescape(names[1]) : ""));
    }
    return listing;
  }

  /** Parses {@code rwxr-xr-x}, with special bits in place of x. */
  private static int mode(String shown) {
    int mode = 0;
    for (int i = 0; i < 9; i++) {
      mode = mode << 1 | ("rwxst".indexOf(shown.charAt(i)) >= 0 ? 1 : 0);
    }
    int setuid = Character.toLowerCase(shown.charAt(2)) == 's' ? 04000 : 0;
    int setgid = Character.toLowerCase(shown.charAt(5)) == 's' ? 02000 : 0;
    int sticky = Character.toLowerCase(shown.charAt(8)) == 't' ? 01000 : 0;
    return mode | setuid | setgid | sticky;
  }

  /**
   * Parses the output of bsdtar.
   *
   * @param mtree a listing in the format of {@code mtree(5)}
   */
  static TarListing ofMtree(InputStream mtree) throws IOException {
    TarListing listing = new TarListing();
    for (String line : Tools.read(mtree).lines().toList()) {
      if (line.startsWith("#")) {
        continue;
      }
      int space = line.indexOf(' ');
      Map<String, String> keys = new TreeMap<>();
      Matcher m = MTREE_KEY.matcher(line.substring(space));
      while (m.find()) {
        keys.put(m.group(1), m.group(2));
      }
      if (!Objects.equals(keys.get("time"), "1.0")) {
        throw new AssertionError("unexpected time from bsdtar: " + line);
      }
      listing.put(
          unescape(line.substring(0, space)),
          new Facts(
              keys.getOrDefault("type", "?").substring(0, 1),
              Integer.parseInt(keys.getOrDefault("mode", ""), 8),
              Long.parseLong(keys.getOrDefault("uid", "")),
              Long.parseLong(keys.getOrDefault("gid", "")),
              unescape(keys.getOrDefault("uname", "")),
              unescape(keys.getOrDefault("gname", "")),
              Long.parseLong(keys.getOrDefault("size", "0")),
              unescape(keys.getOrDefault("link", ""))));
    }
    return listing;
  }

  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    return ESCAPE
        .matcher(text)
        .replaceAll(m -> {
          String code = m.group(1);
          int letter = "abtnvfr".indexOf(code.charAt(0));
          char c =
              code.length() == 3
                  ? (char) Integer.parseInt(code, 8)
                  : letter >= 0 ? (char) (letter + 7) : code.charAt(0);
          return Matcher.quoteReplacement(String.valueOf(c));
        });
  }

  /** Parses the output of {@code list_tar.py}. */
  static TarListing ofPython(InputStream printed) throws IOException {
    TarListing listing = new TarListing();
    for (String line : Tools.read(printed).lines().toList()) {
      String[] f = line.split(",", -1);
      if (f.length != 11 || !f[7].equals("1")) {
        throw new AssertionError("unexpected output of Python: " + line);
      }
      String name = hex(f[9]);
      listing.put(
          name,
          new Facts(
              f[0],
              Integer.parseInt(f[1], 8),
              Long.parseLong(f[2]),
              Long.parseLong(f[3]),
              f[4],
              f[5],
              Long.parseLong(f[6]),
              hex(f[10])));
      if (f[0].equals("f")) {
        listing.checksums.put(name, Long.parseLong(f[8]));
      }
    }
    return listing;
  }

  private static String hex(String digits) {
    return new String(HexFormat.of().parseHex(digits), ISO_8859_1);
  }

  /** Lists a stream with Commons Compress. */
  static TarListing ofCommonsCompress(InputStream tar) throws IOException {
    TarListing listing = new TarListing();
    try (TarArchiveInputStream in = new TarArchiveInputStream(tar, "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        if (e.getLastModifiedTime().toMillis() != 1000) {
          throw new AssertionError("unexpected time from Commons Compress for " + e.getName());
        }
        listing.put(
            latin1(e.getName()),
            new Facts(
                e.isDirectory() ? "d" : e.isSymbolicLink() ? "l" : e.isFile() ? "f" : "?",
                e.getMode(),
                e.getLongUserId(),
                e.getLongGroupId(),
                e.getUserName(),
                e.getGroupName(),
                e.getSize(),
                latin1(e.getLinkName())));
      }
    }
    return listing;
  }

  private static String latin1(String text) {
    return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
  }

  /**
   * Lists files on disk with {@code find}, as a layer should contain them.
   *
   * @param path a directory or file, in ASCII
   * @param name the name of the path in the listing
   */
  static TarListing ofDisk(String path, String name) throws IOException, InterruptedException {
    TarListing listing = new TarListing();
    Process find =
        Tools.process("find", path, "-printf", "%y\\0%m\\0%s\\0%l\\0%P\\0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] fields = Tools.read(find.getInputStream()).split("\0", -1);
    if (find.waitFor() != 0) {
      throw new IOException("find failed in " + path);
    }
    List<String> files = new ArrayList<>();
    for (int i = 0; i + 4 < fields.length; i += 5) {
      String type = fields[i];
      String below = fields[i + 4].isEmpty() ? name : name + "/" + fields[i + 4];
      boolean file = type.equals("f");
      listing.put(
          below,
          new Facts(
              type,
              Integer.parseInt(fields[i + 1], 8),
              0,
              0,
              ROOT,
              ROOT,
              file ? Long.parseLong(fields[i + 2]) : 0,
              fields[i + 3]));
      if (file) {
        files.add(fields[i + 4]);
      }
    }
    for (String file : files) {
      String clean = (file.isEmpty() ? name : name + "/" + file).replaceAll("\\A/+", "");
      listing.checksums.put(clean, checksum(path + (file.isEmpty() ? "" : "/" + file)));
    }
    return listing;
  }

  private static long checksum(String latin1Path) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    java.nio.file.Path file = dev.strata.io.FileNames.path(latin1Path.getBytes(ISO_8859_1));
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return crc.getValue();
  }

  /** Adds the implied directories that contain a name. */
  void addParents(String name) {
    Facts implied = new Facts("d", 0755, 0, 0, ROOT, ROOT, 0, "");
    for (String p = name.replaceAll("\\A/+", ""); !p.isEmpty(); ) {
      p = p.substring(0, Math.max(0, p.lastIndexOf('/')));
      facts.putIfAbsent(p, implied);
    }
  }

  /** Adds the listing of another path of the same layer. */
  void addAll(TarListing other) {
    facts.putAll(other.facts);
    checksums.putAll(other.checksums);
  }
}
