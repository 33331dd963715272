package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The result of a run of the command line. */
public final class Outcome {
  private final int exit;
  private final byte[] bytes;
  private final String err;

  public Outcome(int exit, byte[] bytes, String err) {
    this.exit = exit;
    this.bytes = bytes.clone();
    this.err = err;
  }

  public int exit() {
    return exit;
  }

  /** Standard error. */
  public String err() {
    return err;
  }

  /** Standard output. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Standard output as text. */
  public String out() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The names in the tar stream on standard output. */
  public List<String> tarNames() {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(bytes), "UTF-8")) {
      List<String> names = new ArrayList<>();
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.add(e.getName());
      }
      return names;
    } catch (IOException e) {
      throw new AssertionError("not a tar stream", e);
    }
  }

  public Outcome succeeds() {
    assertEquals(0, exit, err);
    return this;
  }

  /** Asserts a failure: one line with the error, without a stack trace. */
  public Outcome fails(String... texts) {
    assertEquals(1, exit, err);
    assertEquals(1, err.lines().count(), err);
    return contains(texts);
  }

  /** Asserts bad usage: a line with the error, and one with the command for help. */
  public Outcome isBadUsage(int exitCode, String... texts) {
    assertEquals(exitCode, exit, err);
    assertEquals(2, err.lines().count(), err);
    assertTrue(err.contains("\nTry 'strata"), err);
    assertEquals("", out());
    return contains(texts);
  }

  private Outcome contains(String... texts) {
    assertTrue(err.startsWith("strata: "), err);
    for (String text : texts) {
      assertTrue(err.contains(text), () -> "'" + text + "' is not in: " + err);
    }
    return this;
  }
}
