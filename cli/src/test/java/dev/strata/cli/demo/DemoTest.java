package dev.strata.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.Terminal;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.FileTrees;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DemoTest {
  private Path directory = Path.of("");
  private final StringWriter output = new StringWriter();

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("strata-demo-test");
  }

  @AfterEach
  void deleteDirectory() throws IOException {
    FileTrees.deleteRecursively(directory);
  }

  private Demo demo(BooleanSupplier cancelled) {
    return demo("work", cancelled);
  }

  private Demo demo(String folder, BooleanSupplier cancelled) {
    PrintWriter out = new PrintWriter(output);
    Context context =
        new Context(
            out,
            out,
            Channels.newChannel(OutputStream.nullOutputStream()),
            Terminal.NONE,
            Map.of());
    return new Demo(context, directory.resolve(folder), ClosureProfile.TINY, 2, cancelled);
  }

  @Test
  void buildsWritesAndVerifiesAnImage() throws InterruptedException {
    Demo.Outcome outcome = demo(() -> false).run();

    assertEquals(5, outcome.build().image().layers().size());
    assertEquals(7, outcome.verified().blobs());
    assertEquals(outcome.build().entries(), outcome.entries());
    assertTrue(Files.exists(directory.resolve("work/oci/index.json")));
    assertTrue(Files.exists(directory.resolve("work/image.json")));
    assertEquals(5, output.toString().lines().count(), output.toString());
  }

  @Test
  void makesTheSameImageInAnyFolder() throws InterruptedException {
    String here = demo("here", () -> false).run().build().configDigest();
    assertEquals(here, demo("there", () -> false).run().build().configDigest());
  }

  @Test
  void stopsWhenItIsCancelled() {
    assertThrows(CancellationException.class, () -> demo(() -> true).run());
    assertFalse(Files.exists(directory.resolve("work/oci")));
  }

  @Test
  void rejectsAFileThatIsNotATar() throws IOException {
    Path file = Files.writeString(directory.resolve("x.tar"), "x".repeat(3000));
    assertThrows(StrataException.class, () -> TarCheck.countEntries(List.of(file), 1));
  }
}
