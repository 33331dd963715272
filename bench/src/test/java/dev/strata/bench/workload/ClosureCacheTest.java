package dev.strata.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.workload.Workload.OnDisk;
import dev.strata.fixtures.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosureCacheTest {
  private final List<String> messages = new ArrayList<>();
  private Path directory;
  private ClosureCache cache;

  @BeforeEach
  void open() throws IOException {
    directory = Files.createTempDirectory("closures");
    cache = new ClosureCache(directory, messages::add);
  }

  @AfterEach
  void delete() throws IOException {
    FileTrees.deleteRecursively(directory);
  }

  @Test
  void generatesAClosureOnceAndKeepsIt() throws IOException {
    Input first = cache.prepare(Workloads.named("trivial"));
    Input second = cache.prepare(Workloads.named("TRIVIAL"));

    assertEquals(first, second);
    assertEquals(1, messages.size());
    assertEquals(1, first.storePaths().size());
    assertTrue(Files.isDirectory(first.storePaths().getFirst()));
    assertNull(first.permissions());
  }

  @Test
  void replacesAnIncompleteClosure() throws IOException {
    Input first = cache.prepare(Workloads.named("trivial"));
    Files.delete(first.graph());

    cache.prepare(Workloads.named("trivial"));

    assertEquals(2, messages.size());
    assertTrue(Files.exists(first.graph()));
  }

  @Test
  void usesAClosureGraphOfTheUser() throws IOException {
    Path graph = cache.prepare(Workloads.named("trivial")).graph();

    Input own = cache.prepare(new Workload("own", "", new OnDisk(graph, graph), 7));

    assertEquals(1, own.storePaths().size());
    assertNotNull(own.permissions());
    Workload missing = new Workload("own", "", new OnDisk(Path.of("/no/graph"), null), 7);
    IOException e = assertThrows(IOException.class, () -> cache.prepare(missing));
    assertEquals("cannot read /no/graph; check the path", e.getMessage());
  }

  @Test
  void listsAvailableWorkloadsForAnUnknownName() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Workloads.named("huge"));

    assertTrue(message(e).contains("m-40"), () -> message(e));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
