package dev.strata.cli.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.PackedProgram;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Almost all registries are reached by TLS, which takes hundreds of classes. */
final class TlsCacheIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void theCacheHoldsTheClassesOfTls() throws IOException, InterruptedException {
    new SampleFolders(directory).file("site/index.html", "<p>hello");
    new PackedProgram().in(directory).run("build", "--copy-to-root", "site").succeeds();
    Path log = directory.resolve("log");
    try (RegistryProcess registry = RegistryProcess.start(directory.resolve("registry"))) {
      new PackedProgram()
          .in(directory)
          .with("STRATA_JAVA_OPTS", "-Xlog:class+load:file=" + log)
          .run(
              "copy",
              "--dest-cert-dir",
              registry.certificates(),
              "image.json",
              registry.imageByTls("r:1"))
          .succeeds();
    }

    List<String> loaded =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" sun.security.ssl."))
            .filter(line -> !line.contains("$$"))
            .toList();
    assertTrue(loaded.size() > 100, () -> loaded.size() + " classes");
    assertEquals(
        List.of(), loaded.stream().filter(l -> !l.contains("shared objects file")).toList());
  }
}
