package dev.strata.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MutatedCopiesIT {
  private static final int SEEDS = 2_500;

  @TempDir Path folder;

  @Test
  void changedImagesAreRefusedClearlyOrCopiedRightInLittleMemory() throws Exception {
    List<String> command = Tools.java(MutatedCopies.class, "-Xmx256m");
    command.addAll(List.of(folder.toString(), "0", String.valueOf(SEEDS)));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = Tools.read(child.getInputStream());
    assertTrue(child.waitFor(1, TimeUnit.MINUTES));

    assertEquals(0, child.exitValue(), printed);
    Matcher totals = Pattern.compile("copied (\\d+), refused (\\d+), wrong 0\\s*").matcher(printed);
    assertTrue(totals.matches(), printed);
    // Neither outcome is rare, or the changes would show nothing.
    assertFalse(Integer.parseInt(totals.group(1)) < SEEDS / 10, printed);
    assertFalse(Integer.parseInt(totals.group(2)) < SEEDS / 10, printed);
  }
}
