package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which platforms suit which wish. */
final class PlatformChoiceTest {
  /** The wish, the entries of an index, and those that suit, the best first. */
  @ParameterizedTest
  @CsvSource({
    // No variant: the plain one, or else the least demanding one.
    "linux/amd64, linux/amd64/v3 linux/amd64/v2 linux/amd64, linux/amd64 linux/amd64/v2"
        + " linux/amd64/v3",
    "linux/amd64, linux/amd64/v3 linux/amd64/v1, linux/amd64/v1 linux/amd64/v3",
    "linux/amd64, linux/386 linux/arm64 windows/amd64, ''",
    // A variant, then the plain one, as in Skopeo; then what the variant runs.
    "linux/amd64/v3, linux/amd64 linux/amd64/v3, linux/amd64/v3 linux/amd64",
    "linux/amd64/v3, linux/amd64/v2 linux/amd64, linux/amd64 linux/amd64/v2",
    "linux/amd64/v3, linux/amd64/v1 linux/amd64/v4 linux/amd64/v2, linux/amd64/v2 linux/amd64/v1",
    "linux/amd64/v1, linux/amd64/v2 linux/amd64, linux/amd64",
    // arm64 is arm64/v8.
    "linux/arm64, linux/arm64/v8, linux/arm64/v8",
    "linux/arm64/v8, linux/arm64, linux/arm64",
    "linux/arm64/8, linux/arm64, linux/arm64",
    "linux/arm64/v8, linux/arm64 linux/arm64/v8, linux/arm64/v8 linux/arm64",
    "linux/arm64, linux/arm64/v9 linux/arm64/v8, linux/arm64/v8 linux/arm64/v9",
    "linux/arm64/v9, linux/arm64/v8 linux/arm64, linux/arm64 linux/arm64/v8",
    "linux/arm64/v8, linux/arm64/v9 linux/arm/v7, ''",
    // arm falls back to what its variant runs.
    "linux/arm/v7, linux/arm/v5 linux/arm/v6, linux/arm/v6 linux/arm/v5",
    "linux/arm/v7, linux/arm/v8 linux/arm/v7 linux/arm, linux/arm/v7 linux/arm",
    "linux/arm/v7, linux/arm linux/arm/v5, linux/arm/v5 linux/arm",
    "linux/arm/v6, linux/arm/v7 linux/arm/v5, linux/arm/v5",
    "linux/arm/v8, linux/arm/v5 linux/arm/v7, linux/arm/v7 linux/arm/v5",
    "linux/arm, linux/arm/v6 linux/arm/v7, linux/arm/v7 linux/arm/v6",
    "linux/arm, linux/arm linux/arm/v7, linux/arm linux/arm/v7",
    // Variants of other architectures, and other names of architectures.
    "linux/riscv64/rva22, linux/riscv64 linux/riscv64/rva20, linux/riscv64",
    "linux/ppc64le, linux/ppc64le/power9 linux/ppc64le, linux/ppc64le",
    "linux/x86_64, linux/amd64, linux/amd64",
    "linux/aarch64, linux/arm64/v8, linux/arm64/v8",
    "linux/armhf, linux/arm/v6, linux/arm/v6",
    "linux/amd64, linux/x86_64, linux/x86_64",
    "windows/amd64, linux/amd64 windows/amd64, windows/amd64",
    "linux/amd64, unknown/unknown, ''",
  })
  void suits(String wish, String entries, String suitable) {
    PlatformChoice choice = PlatformChoice.one(Platform.parse(wish));
    List<Platform> found = new ArrayList<>();
    for (String entry : entries.split(" ", -1)) {
      found.add(Platform.parse(entry));
    }
    found.removeIf(p -> choice.rank(p) < 0);
    found.sort(Comparator.comparingInt(choice::rank));
    assertEquals(suitable, String.join(" ", found.stream().map(Platform::toString).toList()));
  }

  /** What suits the machine itself: no variant above its own. */
  @ParameterizedTest
  @CsvSource({
    "amd64, v3, ' v3 v2 v1'",
    "amd64, v1, ' v1'",
    "amd64, '', ' v1 v2 v3 v4'",
    "arm64, v8, 'v8 '",
    "arm, v6, 'v6 v5 '",
    "arm, '', ' v8 v7 v6 v5'",
    "s390x, '', ''",
  })
  void suitsAMachine(String architecture, String machine, String variants) {
    Platform here = new Platform("linux", architecture, "");
    List<Platform> suitable = PlatformChoice.suitable(here, machine);
    assertEquals(variants, String.join(" ", suitable.stream().map(Platform::variant).toList()));
  }

  @Test
  void choosesThisMachine() {
    Platform here = new Platform("linux", Platform.localArchitecture(), "");
    assertTrue(PlatformChoice.local().rank(here) >= 0);
    assertEquals(List.of(here), PlatformChoice.local().wanted());
    assertTrue(PlatformChoice.local("windows").rank(here) < 0);
    assertTrue(PlatformChoice.local().isOne());
    assertFalse(PlatformChoice.all().isOne());
    assertEquals(-1, PlatformChoice.all().rank(here));
  }
}
