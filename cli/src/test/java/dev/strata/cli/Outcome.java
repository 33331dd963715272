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

/** What a run of the command line did. */
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
      throw new AssertionError("no tar stream", e);
    }
  }

  public Outcome succeeds() {
    assertEquals(0, exit, err);
    return this;
  }

  /** A failure is one line that says what is wrong, without a stack trace. */
  public Outcome fails(String... said) {
    assertEquals(1, exit, err);
    assertEquals(1, err.lines().count(), err);
    return says(said);
  }

  /** Bad usage is a line that says what is wrong, and one that says where help is. */
  public Outcome isBadUsage(int exitCode, String... said) {
    assertEquals(exitCode, exit, err);
    assertEquals(2, err.lines().count(), err);
    assertTrue(err.contains("\nTry 'strata"), err);
    assertEquals("", out());
    return says(said);
  }

  private Outcome says(String... said) {
    assertTrue(err.startsWith("strata: "), err);
    for (String text : said) {
      assertTrue(err.contains(text), () -> "'" + text + "' is not in: " + err);
    }
    return this;
  }
}
