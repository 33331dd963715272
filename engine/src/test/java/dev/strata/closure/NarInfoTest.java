package dev.strata.closure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Digest;
import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are those that {@code nix hash} prints for the SHA-256 hash of "abc". */
final class NarInfoTest {
  private static final Digest ABC = Digest.of("abc".getBytes(StandardCharsets.UTF_8));
  private static final String A = "/nix/store/a";

  @TempDir private Path temporary;

  private StorePath read(String fields) throws IOException {
    Path file = Files.writeString(temporary.resolve("graph.json"), "[{%s}]".formatted(fields));
    return ClosureGraph.read(file).paths().getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
        "\"sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD\"",
        "\"sha256:1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s\"",
        "\"sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\"",
        "\"sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\"",
        """
        {"algorithm": "sha256", "format": "base64",
         "hash": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}
        """,
        """
        {"algorithm": "sha256", "format": "sri",
         "hash": "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}
        """
      })
  void readsEachFormOfAHash(String form) throws IOException {
    StorePath path = read("\"path\": \"/nix/store/a\", \"narSize\": 17, \"narHash\": " + form);

    assertEquals(Optional.of(ABC), path.nar().hash());
    assertEquals(OptionalLong.of(17), path.nar().size());
    String printed = "{\"path\":\"a\",\"narSize\":17,\"narHash\":%s}".formatted(form);
    for (String output : new String[] {"[" + printed + "]", "{\"a\":" + printed + "}"}) {
      byte[] json = output.getBytes(StandardCharsets.UTF_8);
      StorePath known = ClosureGraph.parsePathInfo(json, "/nix/store").paths().getFirst();
      assertEquals(A, known.path());
      assertEquals(Optional.of(ABC), known.nar().hash());
      assertEquals(OptionalLong.of(17), known.nar().size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sha256:0\"",
        "\"sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa\"",
        "\"sha256-1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s\"",
        "\"sha256:zb8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s\"",
        "\"sha256:1e8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s\"",
        "\"sha256:xx7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
        "\"sha1:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"",
        "\"sha256\"",
        "12",
        "{}",
        "[]"
      })
  void namesThePathOfAnInvalidHashWhenItIsUsed(String form) throws IOException {
    StorePath path = read("\"path\": \"/nix/store/a\", \"narHash\": " + form);

    Failures.assertFails(
        InvalidInputException.class, path.nar()::hash, "invalid NAR hash", "of '/nix/store/a'");
    assertEquals(OptionalLong.empty(), path.nar().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e3", "1.5", "\"x\"", "9223372036854775808", "[]"})
  void namesThePathOfAnInvalidSizeWhenItIsUsed(String form) throws IOException {
    StorePath path = read("\"path\": \"/nix/store/a\", \"narSize\": " + form);

    Failures.assertFails(
        InvalidInputException.class, path.nar()::size, "invalid NAR size", "of '/nix/store/a'");
    assertEquals(Optional.empty(), path.nar().hash());
  }

  @Test
  void isUnknownWithoutTheFields() throws IOException {
    assertEquals(NarInfo.UNKNOWN, read("\"path\": \"/nix/store/a\"").nar());
    String nulls = "\"path\": \"/nix/store/a\", \"narHash\": null, \"narSize\": null";
    assertEquals(NarInfo.UNKNOWN, read(nulls).nar());
  }

  @Test
  void isWrittenAndReadAgain() throws IOException {
    StorePath path = new StorePath(A, List.of(), NarInfo.of(ABC, 5));
    Path file = temporary.resolve("written.json");
    Files.writeString(file, new ClosureGraph(List.of(path)).toJson());

    assertEquals(List.of(path), ClosureGraph.read(file).sorted().paths());
  }

  @Test
  void survivesTheAttributesOfABuilder() throws IOException {
    Path file = temporary.resolve("attributes.json");
    Files.writeString(
        file,
        """
        {"onlyPaths": ["/nix/store/a"], "graph": [
          {"path": "/nix/store/a", "references": [], "narHash": "%s", "narSize": 5}]}
        """
            .formatted(ABC));

    assertEquals(NarInfo.of(ABC, 5), ClosureGraph.read(file).paths().getFirst().nar());
  }
}
