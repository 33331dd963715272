package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Continues an upload whose process was killed. */
final class ResumeIT {
  private static final long PART = 16 << 20;
  private static final int LAYER = 100_000_000;

  @TempDir private Path temporary;

  @Test
  void sendsOnlyWhatTheRegistryLacks() throws IOException, InterruptedException {
    Tools.require("docker-registry");
    SampleFolders samples = new SampleFolders(temporary);
    Files.createDirectories(temporary.resolve("big"));
    byte[] content = new byte[LAYER];
    new Random(1).nextBytes(content);
    Files.write(temporary.resolve("big/data"), content);
    String image = samples.path("image.json");
    strata("build", "-q", samples.path("big"), "-o", image).succeeds();
    Path file = temporary.resolve("uploads.json");
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "");
        CountingProxy proxy = new CountingProxy(Integer.parseInt(registry.host().split(":")[1]))) {
      String target = "docker://" + proxy.host() + "/team/app:1";
      proxy.holdAfter(4);
      List<String> command = new ArrayList<>(Tools.java(Main.class));
      command.addAll(List.of("copy", "--resume", file.toString(), image, target));
      Process process = new ProcessBuilder(command).inheritIO().start();
      proxy.awaitHeld();
      process.destroyForcibly().waitFor();
      proxy.release();
      proxy.sent();
      assertTrue(Files.readString(file).contains("\"offset\": " + 4 * PART));

      strata("copy", "-q", "--resume", file.toString(), image, target).succeeds();
      CountingProxy.Sent sent = proxy.sent();
      assertTrue(sent.bytes() < LAYER - 4 * PART + 200_000, "bytes: " + sent.bytes());
      assertFalse(Files.exists(file));
      strata("copy", "-q", target, "dir:" + samples.path("back")).succeeds();
      assertEquals(List.of(), proxy.sent().blobs());
    }
  }
}
