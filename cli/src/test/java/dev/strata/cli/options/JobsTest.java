package dev.strata.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobsTest {
  private final Arguments arguments = new Arguments();
  private final Jobs jobs = new Jobs(arguments);

  private void accept(String text) {
    Argument<?> option = arguments.options().getFirst();
    option.accept("--jobs", text);
  }

  @Test
  void takesNumbersUpToTheMaximum() {
    accept(Integer.toString(Jobs.cap()));

    assertEquals(Jobs.cap(), jobs.count());
    assertEquals(List.of(), arguments.warnings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"100000", "2147483647", "2147483648", "99999999999999999999999"})
  void largerNumbersAreCappedWithAWarning(String text) {
    accept(text);

    assertEquals(Jobs.cap(), jobs.count());
    assertEquals(1, arguments.warnings().size());
    String warning = arguments.warnings().getFirst();
    assertTrue(warning.contains(text), warning);
    assertTrue(warning.endsWith("using the maximum, " + Jobs.cap()), warning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "", "x", "1.5", "1e9", "00000000000", "-99999999999999"})
  void refusesWhatIsNoPositiveNumber(String text) {
    assertThrows(UsageException.class, () -> accept(text));
  }
}
