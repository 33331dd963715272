package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Nix functions and the command line make the same files of the same closure. */
class SameAsCommandLineIT {
  private final Nix nix = Nix.require();

  @Test
  void layersAndImageAreTheSameToTheByte(@TempDir Path folder) throws IOException {
    List<Path> built =
        nix.build(
            "strata",
            "commandLine.image",
            "commandLine.parent",
            "commandLine.config",
            "commandLine.graph",
            "commandLine.parentGraph",
            "commandLine.rewrites",
            "commandLine.perms",
            "commandLine.history");
    String strata = built.get(0).resolve("bin/strata").toString();
    String parent = folder.resolve("parent.json").toString();
    String layers = folder.resolve("layers.json").toString();
    String image = folder.resolve("image.json").toString();
    String command = "layers-from-reproducible-storepaths";
    String history = built.get(8).toString();
    Nix.run(strata, command, parent, built.get(5).toString(), "--history", history).ok();
    Nix.run(
            strata,
            command,
            layers,
            built.get(4).toString(),
            parent,
            "--max-layers",
            "2",
            "--rewrites",
            built.get(6).toString(),
            "--perms",
            built.get(7).toString(),
            "--history",
            history)
        .ok();
    Nix.run(
            strata,
            "image",
            image,
            built.get(3).toString(),
            parent,
            layers,
            "--arch",
            "arm64",
            "--created",
            "2025-02-03T04:05:06Z")
        .ok();
    assertEquals(
        Files.readString(Path.of(parent)), Files.readString(built.get(2).resolve("layers.json")));
    assertEquals(Files.readString(Path.of(image)), Files.readString(built.get(1)));
  }
}
