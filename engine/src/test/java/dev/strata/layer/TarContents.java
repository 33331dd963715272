package dev.strata.layer;

import dev.strata.blob.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a tar stream holds, as Commons Compress reads it. */
public final class TarContents {
  private TarContents() {}

  /** The digest of the content of every regular file, by its name without a slash in front. */
  public static Map<String, String> digests(byte[] tar) {
    Map<String, String> digests = new TreeMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        if (e.isFile()) {
          String name = e.getName().startsWith("/") ? e.getName().substring(1) : e.getName();
          digests.put(name, Digest.of(in.readAllBytes()).value());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }
}
