package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * Puts the data of a report into one HTML file, which loads nothing else: the policy in it allows
 * this script and this style only, so that text from an image cannot become code.
 */
final class ReportPage {
  private static final int LEVEL = 9;

  private ReportPage() {}

  /**
   * Makes the page.
   *
   * @param title the title, any text
   * @param json the data
   * @param jobs the number of threads that compress
   * @return the file, the same for the same data
   */
  static byte[] of(String title, String json, int jobs) {
    String script = resource("report.js");
    String style = resource("report.css");
    String data = Base64.getEncoder().encodeToString(gzip(json, jobs));
    String page = resource("report.html");
    return fill(
            page,
            "TITLE",
            escape(title),
            "SCRIPT-HASH",
            hash(script),
            "STYLE-HASH",
            hash(style),
            "STYLE",
            style,
            "DATA",
            data,
            "SCRIPT",
            script)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Replaces each {@code {{NAME}}} once, from the front to the back, so not in what replaced. */
  private static String fill(String page, String... values) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int i = 0; i < values.length; i += 2) {
      String mark = "{{" + values[i] + "}}";
      int found = page.indexOf(mark, at);
      out.append(page, at, found).append(values[i + 1]);
      at = found + mark.length();
    }
    return out.append(page, at, page.length()).toString();
  }

  private static byte[] gzip(String json, int jobs) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Compressor gzip = Compressor.of(Compression.GZIP, LEVEL, jobs, CompressCache.NONE);
    Blob compressed = gzip.compress(new BytesBlob(MediaTypes.LAYER, bytes), Digest.of(bytes));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      compressed.writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String hash(String text) {
    MessageDigest sha256 = Digest.newSha256();
    return Base64.getEncoder().encodeToString(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
