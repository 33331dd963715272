package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.cli.PackedProgram;
import dev.strata.image.Image;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules in docs/examples/bazel build an image. If there is a Bazel, it runs them; else, the
 * command of an action runs in a folder that consists of symbolic links, as Bazel's sandbox does.
 */
final class BazelExampleIT {
  @TempDir private Path folder;

  private final Path workspace = example();

  private static Path example() {
    Path here = Path.of("docs/examples/bazel").toAbsolutePath();
    return Files.exists(here) ? here : Path.of("../docs/examples/bazel").toAbsolutePath();
  }

  private ProcessBuilder in(Path directory, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("STRATA", PackedProgram.launcher().toAbsolutePath().toString());
    builder.environment().put("STRATA_JAVA", System.getProperty("java.home"));
    return builder;
  }

  private Path copied() throws IOException {
    Path copy = folder.resolve("workspace");
    try (Stream<Path> files = Files.walk(workspace)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(workspace.relativize(file).toString()));
      }
    }
    return copy;
  }

  @Test
  void theImageIsTheSameWhereverTheFilesAre() throws IOException, InterruptedException {
    Path copy = copied();
    String plan =
        "{\"paths\": [{\"path\": \"lib.txt\", \"options\": {\"rewrite\": {\"regex\":"
            + " \"^lib\\\\.txt\", \"repl\": \"/lib/lib.txt\"}, \"perms\": [{\"regex\": \".*\","
            + " \"mode\": \"0644\"}]}}], \"history\": {\"created\": \"1970-01-01T00:00:01Z\"}}";
    Path sandbox = Files.createDirectories(folder.resolve("sandbox/strata")).getParent();
    for (String file : List.of("lib.txt", "strata/strata.sh", "strata/layer.sh")) {
      Files.createSymbolicLink(sandbox.resolve(file), copy.resolve(file));
    }
    Files.writeString(sandbox.resolve("plan.json"), plan);
    PackedProgram.finish(
            in(
                sandbox,
                "strata/layer.sh",
                "strata/strata.sh",
                "plan.json",
                "layer.json",
                "lib.txt"))
        .succeeds();
    Path image = folder.resolve("image.json");
    PackedProgram.finish(
            in(sandbox, "strata/strata.sh", "assemble", "-o", image.toString(), "layer.json"))
        .succeeds();
    String digest = Image.read(image).layers().getFirst().digest().value();
    // The files are read again where they lie, not in the sandbox.
    PackedProgram.finish(
            in(copy, PackedProgram.launcher().toString(), "tar", image.toString(), "--layer", "0"))
        .succeeds();
    if (Tools.isThere("bazel")) {
      String output = "--output_user_root=" + folder.resolve("bazel");
      try {
        PackedProgram.finish(
                in(
                    copy,
                    "bazel",
                    output,
                    "build",
                    "//:image",
                    "--action_env=STRATA",
                    "--action_env=STRATA_JAVA"))
            .succeeds();
      } finally {
        PackedProgram.finish(in(copy, "bazel", output, "shutdown"));
      }
      List<String> digests =
          Image.read(copy.resolve("bazel-bin/image.json")).layers().stream()
              .map(layer -> layer.digest().value())
              .toList();
      assertEquals(2, digests.size());
      assertEquals(digest, digests.getFirst());
    }
  }
}
