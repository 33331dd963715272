package dev.strata.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.workload.Workload.OnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContendersTest {
  private static final Path GRAPH = Path.of("/it's a graph");
  private static final Input INPUT =
      new Input(
          new Workload("w", "", new OnDisk(GRAPH, null), 40), GRAPH, Path.of("/p"), List.of());
  private static final Contender.Job JOB = new Contender.Job("/out", "/paths");

  @Test
  void layersUseTheCommandLineOfTheReference() {
    List<String> command = Contenders.layers("n", Path.of("/bin/x")).command(INPUT, JOB);

    assertEquals(
        List.of(
            "/bin/x",
            "layers-from-reproducible-storepaths",
            "/out",
            "/it's a graph",
            "--max-layers",
            "40",
            "--perms",
            "/p"),
        command);
  }

  @Test
  void quotesValuesInShellCommands() {
    Contender c = Contenders.shell("n", "x {graph} -n {max-layers} <{paths} >{out}");

    assertEquals("x '/it'\\''s a graph' -n 40 <'/paths' >'/out'", c.command(INPUT, JOB).getLast());
  }

  @Test
  void locatesDistributionsCheckoutsAndExecutables(@TempDir Path folder) throws IOException {
    Path executable = folder.resolve("cli/target/strata/bin/strata");
    Files.createDirectories(executable.getParent());
    Files.createFile(executable);
    assertThrows(
        IllegalArgumentException.class, () -> Contenders.strataExecutable(folder), "no x bit");
    assertTrue(executable.toFile().setExecutable(true));

    assertEquals(executable, Contenders.strataExecutable(folder));
    assertEquals(executable, Contenders.strataExecutable(folder.resolve("cli/target/strata")));
    assertEquals(executable, Contenders.strataExecutable(executable).normalize());
  }

  @Test
  void yardstickHashesATarStreamOfAllFiles(@TempDir Path folder) throws IOException {
    Path store = Files.createDirectories(folder.resolve("store/a"));
    Files.writeString(store.resolve("file"), "content");
    Files.createSymbolicLink(store.resolve("link"), Path.of("file"));
    Path list = Files.writeString(folder.resolve("paths"), store + "\n");
    Path out = folder.resolve("out");

    WalkTarHash.main(new String[] {list.toString(), out.toString()});
    String digest = Files.readString(out);
    Files.writeString(store.resolve("file"), "changed");
    WalkTarHash.main(new String[] {list.toString(), out.toString()});

    assertTrue(digest.matches("[0-9a-f]{64}\n"), digest);
    assertTrue(!Files.readString(out).equals(digest), "the content is hashed");
  }
}
