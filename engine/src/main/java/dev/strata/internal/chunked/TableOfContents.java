package dev.strata.internal.chunked;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the table of contents of a layer: for each entry of the tar stream its metadata, and for a
 * file its digest, where it is in the blob, and its chunks if it has more than one. Keeps the
 * chunks of one file in memory. Not thread-safe.
 */
public final class TableOfContents {
  private final OutputStream out;
  private final List<Chunk> chunks = new ArrayList<>();
  private boolean empty = true;
  private long size;

  /**
   * A part of a file.
   *
   * @param offset where it begins in the blob
   * @param start where it begins in the file
   * @param length its size in the file
   * @param hash the SHA-256 hash of its content
   * @param hole whether it consists of zeros
   */
  public record Chunk(long offset, long start, long length, byte[] hash, boolean hole) {}

  /**
   * Creates a writer.
   *
   * @param out receives the JSON
   * @throws IOException if the output fails
   */
  public TableOfContents(OutputStream out) throws IOException {
    this.out = out;
    write("{\"version\":1,\"entries\":");
  }

  /** Returns the number of bytes written. */
  public long size() {
    return size;
  }

  /**
   * Adds an entry without content.
   *
   * @param entry its metadata
   * @throws IOException if the output fails
   */
  public void add(ChunkedEntry entry) throws IOException {
    write(end(begin(entry)));
  }

  /** Adds a chunk to the file that comes next. */
  public void addChunk(Chunk chunk) {
    chunks.add(chunk);
  }

  /**
   * Adds a file with the chunks before it.
   *
   * @param entry its metadata
   * @param digest the digest of its content
   * @param end where it ends in the blob
   * @throws IOException if the output fails
   */
  public void add(ChunkedEntry entry, Digest digest, long end) throws IOException {
    Chunk first = chunks.getFirst();
    JsonOutput json = begin(entry).field("digest", digest.value());
    json.field("offset", first.offset()).field("endOffset", end);
    if (chunks.size() == 1) {
      write(end(json));
      chunks.clear();
      return;
    }
    describe(json, first);
    write(end(json));
    for (Chunk chunk : chunks.subList(1, chunks.size())) {
      JsonOutput more = JsonOutput.compact().beginObject();
      more.field("type", "chunk").field("name", entry.name()).field("offset", chunk.offset());
      describe(more, chunk);
      write(end(more));
    }
    chunks.clear();
  }

  private static void describe(JsonOutput json, Chunk chunk) {
    json.field("chunkSize", chunk.length());
    number(json, "chunkOffset", chunk.start());
    json.field("chunkDigest", Digest.sha256(chunk.hash()).value());
    json.fieldUnlessEmpty("chunkType", chunk.hole() ? "zeros" : "");
  }

  private static JsonOutput begin(ChunkedEntry entry) {
    JsonOutput json = JsonOutput.compact().beginObject();
    json.field("type", entry.type()).field("name", entry.name());
    json.fieldUnlessEmpty("linkName", entry.link());
    number(json, "mode", entry.mode());
    number(json, "size", entry.size());
    number(json, "uid", entry.uid());
    number(json, "gid", entry.gid());
    time(json, "modtime", entry.modified());
    time(json, "accesstime", entry.accessed());
    time(json, "changetime", entry.changed());
    number(json, "devMajor", entry.major());
    number(json, "devMinor", entry.minor());
    if (!entry.attributes().isEmpty()) {
      TreeMap<String, byte[]> sorted = new TreeMap<>(JsonOutput.KEY_ORDER);
      sorted.putAll(entry.attributes());
      json.name("xattrs").beginObject();
      sorted.forEach((key, value) -> json.field(key, Base64.getEncoder().encodeToString(value)));
      json.endObject();
    }
    return json;
  }

  private static void number(JsonOutput json, String name, long value) {
    if (value != 0) {
      json.field(name, value);
    }
  }

  private static void time(JsonOutput json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private String end(JsonOutput json) {
    String before = empty ? "[" : ",";
    empty = false;
    return before + json.endObject();
  }

  /**
   * Ends the table.
   *
   * @param tarSplit the digest of the compressed data of tar-split
   * @throws IOException if the output fails
   */
  public void finish(Digest tarSplit) throws IOException {
    write((empty ? "null" : "]") + ",\"tarSplitDigest\":\"" + tarSplit + "\"}");
  }

  private void write(String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    size += bytes.length;
  }
}
