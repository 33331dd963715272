package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes many images, most of whose layers are shared, with one command. */
final class FleetIT {
  private static final int IMAGES = 30;
  private static final int SHARED = 8;
  private static final int LAYER = 100_000;

  @TempDir private Path temporary;

  @Test
  void sendsEachLayerOnce() throws IOException {
    Tools.require("docker-registry");
    SampleFolders samples = new SampleFolders(temporary);
    List<String> lines = new ArrayList<>();
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "");
        CountingProxy proxy = new CountingProxy(Integer.parseInt(registry.host().split(":")[1]))) {
      for (int i = 0; i < SHARED; i++) {
        fill("shared" + i, i, LAYER);
      }
      for (int i = 0; i < IMAGES; i++) {
        fill("own" + i, 100 + i, 1000);
        String image = samples.path(i + ".json");
        List<String> build = new ArrayList<>(List.of("build", "-q", "-o", image));
        for (int j = 0; j < SHARED; j++) {
          build.add(samples.path("shared" + j));
        }
        build.add(samples.path("own" + i));
        strata(build.toArray(String[]::new)).succeeds();
        lines.add(image + " docker://" + proxy.host() + "/fleet/i" + i + ":1");
      }
      Path list = Files.write(temporary.resolve("list"), lines);
      strata("copy", "--list", list.toString()).succeeds();
      CountingProxy.Sent sent = proxy.sent();
      assertEquals(new HashSet<>(sent.blobs()).size(), sent.blobs().size());
      assertEquals(SHARED + 2 * IMAGES, sent.blobs().size());
      assertTrue(sent.bytes() < SHARED * LAYER * 2, "bytes: " + sent.bytes());
      int most = IMAGES * (2 * SHARED + 10);
      assertTrue(sent.requests().size() < most, "requests: " + sent.requests().size());

      strata("copy", "--list", list.toString()).succeeds();
      CountingProxy.Sent again = proxy.sent();
      assertEquals(List.of(), again.blobs());
    }
  }

  private void fill(String folder, int seed, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    Files.createDirectories(temporary.resolve(folder));
    Files.write(temporary.resolve(folder).resolve("data"), content);
  }
}
