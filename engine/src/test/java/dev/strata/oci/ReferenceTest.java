package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest",
    "me/app:2, docker.io/me/app:2",
    "docker.io/alpine, docker.io/library/alpine:latest",
    "index.docker.io/me/app, docker.io/me/app:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app:1, localhost:5000/app:1",
    "r.example.org/a/b/c:v1.0_x-y, r.example.org/a/b/c:v1.0_x-y",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "127.0.0.1:80/a__b/c--d, 127.0.0.1:80/a__b/c--d:latest",
  })
  void readsNamesAsDockerDoes(String text, String full) {
    assertEquals(full, Reference.parse(text).toString());
  }

  @Test
  void readsDigests() {
    assertEquals("r.org/a@" + DIGEST, Reference.parse("r.org/a@" + DIGEST).toString());
    Reference both = Reference.parse("r.org/a:1@" + DIGEST);
    assertEquals("r.org/a:1@" + DIGEST, both.toString());
    assertEquals(DIGEST, both.manifestName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "/",
        "r.org/",
        "r.org/A",
        "r.org/a:",
        "r.org/a:b c",
        "r.org/a b",
        "r.org/../a",
        "r.org/a?x=1",
        "user@host/app",
        "r_.org/a",
        "-r.org/a",
        "r.org:port/a",
        "a/b@sha256:12",
      })
  void refusesWhatIsNoName(String text) {
    Failures.messageOf(() -> Reference.parse(text));
  }
}
