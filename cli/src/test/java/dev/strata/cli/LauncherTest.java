package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The JVM ignores a compile command for a method that it does not find. */
final class LauncherTest {
  private static final Pattern METHOD =
      Pattern.compile("CompileThresholdScaling,([\\w.$]+)::(\\w+),");
  private static final Pattern MAIN_CLASS = Pattern.compile("main=([\\w.]+)");

  private static List<MatchResult> find(Pattern pattern) throws IOException {
    String launcher = Files.readString(Path.of("src/main/dist/bin/strata"));
    return pattern.matcher(launcher).results().toList();
  }

  @Test
  void everyMethodWithACompileCommandExists() throws IOException {
    List<MatchResult> named = find(METHOD);
    assertTrue(named.stream().anyMatch(m -> m.group(1).startsWith("dev.strata.")), "none of ours");
    assertTrue(named.stream().anyMatch(m -> m.group(1).startsWith("sun.")), "none of the JDK's");

    for (MatchResult m : named) {
      Class<?> type = assertDoesNotThrow(() -> Class.forName(m.group(1)), m.group(1));
      List<String> methods = Arrays.stream(type.getDeclaredMethods()).map(Method::getName).toList();
      assertTrue(methods.contains(m.group(2)), () -> m.group(1) + " has no " + m.group(2));
    }
  }

  @Test
  void everyMainClassExists() throws IOException {
    List<MatchResult> named = find(MAIN_CLASS);
    assertEquals(2, named.size());

    for (MatchResult m : named) {
      Class<?> type = assertDoesNotThrow(() -> Class.forName(m.group(1)), m.group(1));
      assertDoesNotThrow(() -> type.getDeclaredMethod("main", String[].class));
    }
  }
}
