package dev.strata.closure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StorePathNameTest {
  private static final String HASH = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x";

  // The names and versions that builtins.parseDrvName of Nix returns.
  @ParameterizedTest
  @CsvSource({
    "hello-2.12.1, hello, 2.12.1",
    "openssl-3.0.13-bin, openssl, 3.0.13-bin",
    "python3.11-setuptools-65.5.0, python3.11-setuptools, 65.5.0",
    "bash-interactive, bash-interactive, ''",
    "nix-cpp-0.0.1pre1234_abcdef, nix-cpp, 0.0.1pre1234_abcdef",
    "jdk-25+36, jdk, 25+36",
    "lib-, lib-, ''",
    "a--b, a, -b",
    "x-_y, x, _y",
    "-1, '', 1",
    "glibc-locales-2.38-27, glibc-locales, 2.38-27",
  })
  void theVersionStartsAfterTheFirstDashThatNoLetterFollows(
      String full, String name, String version) {
    StorePathName expected = new StorePathName(HASH, name, version);
    assertEquals(expected, StorePathName.of("/nix/store/" + HASH + "-" + full));
    assertEquals(expected, StorePathName.of(HASH + "-" + full));
    assertEquals(new StorePathName("", name, version), StorePathName.of(full));
    assertEquals(full, expected.full());
  }

  @Test
  void otherPathsHaveNoHash() {
    assertEquals(new StorePathName("", "site", ""), StorePathName.of("/home/me/site"));
    assertEquals(
        new StorePathName("", "e".repeat(32) + "-x", ""), StorePathName.of("e".repeat(32) + "-x"));
  }

  @Test
  void findsTheStorePathOfAFile() {
    String name = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
    assertEquals(
        "/nix/store/" + name, StorePathName.storePathOf("/nix/store/" + name + "/bin/" + name));
    assertEquals("/tmp/" + name, StorePathName.storePathOf("/tmp/" + name));
    assertEquals("", StorePathName.storePathOf("/nix/var/nix/gcroots/docker/" + name));
    assertEquals("", StorePathName.storePathOf("/etc/0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x"));
  }
}
