package dev.strata.testing;

import com.github.luben.zstd.ZstdInputStream;
import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonFields;
import dev.strata.internal.json.JsonInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A layer in zstd:chunked, read by its table of contents as a client does that fetches parts of it.
 * Not thread-safe.
 */
public final class ChunkedLayer {
  private static final String PREFIX = "io.github.containers.zstd-chunked.";

  private final Ranges blob;
  private final Map<String, String> annotations;
  private @Nullable String table;
  private long fetched;

  /** The bytes of the blob. */
  @FunctionalInterface
  public interface Ranges {
    /** Returns a part. */
    byte[] get(long offset, int length);
  }

  /** A part of a file: all of it, or a chunk. */
  public record Part(
      String name, long offset, long end, long start, long size, String digest, boolean hole) {}

  public ChunkedLayer(byte[] blob, Map<String, String> annotations) {
    this(
        (offset, length) -> java.util.Arrays.copyOfRange(blob, (int) offset, (int) offset + length),
        annotations);
  }

  public ChunkedLayer(Ranges blob, Map<String, String> annotations) {
    this.blob = blob;
    this.annotations = annotations;
  }

  /** Returns how many bytes have been fetched. */
  public long fetched() {
    return fetched;
  }

  private byte[] fetch(long offset, long length) {
    fetched += length;
    return blob.get(offset, Math.toIntExact(length));
  }

  private long[] place(String annotation) {
    String place = annotations.getOrDefault(PREFIX + annotation, "");
    return java.util.Arrays.stream(place.split(":", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** Returns a layer with a table that was read before. */
  public ChunkedLayer withTable(String json) {
    ChunkedLayer layer = new ChunkedLayer(blob, annotations);
    layer.table = json;
    return layer;
  }

  /** Returns the table of contents, checked against the annotations. */
  public String table() {
    if (table != null) {
      return table;
    }
    long[] place = place("manifest-position");
    byte[] compressed = fetch(place[0], place[1]);
    same(annotations.getOrDefault(PREFIX + "manifest-checksum", ""), Digest.of(compressed).value());
    byte[] json = unpack(compressed);
    same(place[2], (long) json.length);
    same(1L, place[3]);
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Returns the lines of tar-split, checked against the table of contents. */
  public String tarSplit() {
    long[] place = place("tarsplit-position");
    byte[] compressed = fetch(place[0], place[1]);
    String digest = text(JsonFields.parse("the table", utf8(table())).values(), "tarSplitDigest");
    same(digest, Digest.of(compressed).value());
    byte[] lines = unpack(compressed);
    same(place[2], (long) lines.length);
    return new String(lines, StandardCharsets.UTF_8);
  }

  /** Returns the entries of the table of contents, each a map of fields to JSON. */
  public List<Map<String, String>> entries() {
    List<Map<String, String>> entries = new ArrayList<>();
    for (String entry : JsonFields.parse("the table", utf8(table())).elements("entries")) {
      entries.add(new TreeMap<>(JsonFields.parse("an entry", utf8(entry)).values()));
    }
    return entries;
  }

  /** Returns the parts of files, in the order of the layer. */
  public List<Part> parts() {
    List<Map<String, String>> entries = entries();
    List<Part> parts = new ArrayList<>();
    long fileEnd = 0;
    for (int i = 0; i < entries.size(); i++) {
      Map<String, String> e = entries.get(i);
      boolean chunk = text(e, "type").equals("chunk");
      if (!chunk && !e.containsKey("digest")) {
        continue;
      }
      fileEnd = chunk ? fileEnd : number(e, "endOffset");
      boolean whole = !e.containsKey("chunkDigest");
      boolean more = i + 1 < entries.size() && text(entries.get(i + 1), "type").equals("chunk");
      parts.add(
          new Part(
              text(e, "name"),
              number(e, "offset"),
              more ? number(entries.get(i + 1), "offset") : fileEnd,
              number(e, "chunkOffset"),
              whole ? number(e, "size") : number(e, "chunkSize"),
              text(e, whole ? "digest" : "chunkDigest"),
              text(e, "chunkType").equals("zeros")));
    }
    return parts;
  }

  /** Returns the content of a part, checked against its digest. */
  public byte[] content(Part part) {
    byte[] content = unpack(fetch(part.offset(), part.end() - part.offset()));
    same(part.size(), (long) content.length);
    same(part.digest(), Digest.of(content).value());
    return content;
  }

  /**
   * Puts the tar stream together.
   *
   * @param known contents by digest; those of parts that are fetched are added
   */
  public byte[] tar(Map<String, byte[]> known) {
    Map<String, ByteArrayOutputStream> files = new HashMap<>();
    for (Part part : parts()) {
      byte[] content =
          part.hole()
              ? new byte[Math.toIntExact(part.size())]
              : known.computeIfAbsent(part.digest(), _ -> content(part));
      files.computeIfAbsent(part.name(), _ -> new ByteArrayOutputStream()).writeBytes(content);
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    long position = 0;
    for (String line : tarSplit().split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Map<String, String> e = JsonFields.parse("a line", utf8(line)).values();
      same(position++, number(e, "position"));
      if (number(e, "type") == 2) {
        tar.writeBytes(Base64.getDecoder().decode(text(e, "payload")));
      } else if (e.containsKey("size")) {
        byte[] content = files.get(text(e, "name")).toByteArray();
        same(number(e, "size"), (long) content.length);
        tar.writeBytes(content);
      }
    }
    return tar.toByteArray();
  }

  /** Returns a field that is text; empty if it is missing. */
  public static String text(Map<String, String> entry, String field) {
    String json = entry.get(field);
    return json == null ? "" : JsonInput.parse(field, utf8(json), in -> in.string(""));
  }

  /** Returns a field that is a number; 0 if it is missing. */
  public static long number(Map<String, String> entry, String field) {
    return Long.parseLong(entry.getOrDefault(field, "0"));
  }

  /** Decompresses all frames of zstd. */
  public static byte[] unpack(byte[] compressed) {
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void same(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("expected " + expected + ", found " + found);
    }
  }
}
