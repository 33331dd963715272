package dev.strata.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Darwin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostPlatformTest {
  @ParameterizedTest
  @CsvSource({
    "'', Linux, LINUX",
    "'', Mac OS X, DARWIN",
    "'', FreeBSD, OTHER",
    "darwin, Linux, DARWIN",
    "linux, Mac OS X, LINUX"
  })
  void isThatOfTheJvmUnlessItIsForced(String forced, String osName, HostPlatform platform) {
    assertEquals(platform, HostPlatform.of(forced, osName));
  }

  @Test
  void rejectsOtherNames() {
    String message =
        assertThrows(InvalidInputException.class, () -> HostPlatform.of("macos", "Linux"))
            .getMessage();
    assertEquals(
        "invalid value 'macos' of the system property strata.platform; use linux or darwin",
        message);
  }

  @Test
  void theSystemPropertyIsTheSwitch() throws Exception {
    assertFalse(HostPlatform.isDarwin());
    assertTrue(Darwin.call(HostPlatform::isDarwin));
    assertFalse(Darwin.call(HostPlatform::isLinux));
  }

  @Test
  void relativeNamesDoNotDependOnProc() throws Exception {
    byte[] name = "f\u00fcr".getBytes(StandardCharsets.UTF_8);
    Path path = Darwin.call(() -> FileNames.path(name));

    byte[] bytes = FileNames.bytes(path);
    assertFalse(path.toString().startsWith("/proc"), path::toString);
    assertArrayEquals(FileNames.bytes(Path.of("").toAbsolutePath().resolve(path)), bytes);
  }

  @Test
  void theUserIsFoundWithoutProc(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("own"));

    assertEquals(UnixFile.of(file).uid(), (int) Darwin.call(UnixFile::user));
  }
}
