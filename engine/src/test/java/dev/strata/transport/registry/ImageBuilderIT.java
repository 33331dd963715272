package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.BuiltImage;
import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import dev.strata.io.NotFoundException;
import dev.strata.io.UnreachableException;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds on a base in Debian's docker-registry and pushes the result there. */
@Timeout(120)
final class ImageBuilderIT {
  @TempDir private Path temporary;

  @BeforeAll
  static void requireTools() {
    Tools.require("docker-registry", "skopeo");
  }

  private Path tree(String name, int size) throws IOException {
    Path tree = Files.createDirectory(temporary.resolve(name));
    Files.writeString(tree.resolve("file"), name.repeat(size));
    return tree;
  }

  private static CopyOptions access() {
    return CopyOptions.defaults()
        .registry(RegistryOptions.of(Map.of()).withRetries(1).withFirstWait(Duration.ofMillis(10)));
  }

  @Test
  void buildsOnABaseInARegistryAndPushesTheResult() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      String base = "docker://" + registry.host() + "/base:1";
      try (BuiltImage image =
          ImageBuilder.fromScratch().add(tree("base", 100_000), "/base").cmd("/base/run").build()) {
        image.copyTo(base, access());
      }

      String app = "docker://" + registry.host() + "/team/app:2";
      try (BuiltImage image =
          ImageBuilder.from(base, access()).add(tree("app", 1_000), "/app").env("A", "1").build()) {
        image.copyTo(app, access().zstd().additionalTags("latest"));
      }

      String latest = app.replace(":2", ":latest");
      String manifest = skopeo("inspect", "--raw", "--tls-verify=false", latest);
      assertTrue(manifest.contains("layer.v1.tar+gzip"), manifest);
      assertTrue(manifest.contains("layer.v1.tar+zstd"), manifest);
      String config = skopeo("inspect", "--config", "--tls-verify=false", latest);
      assertTrue(config.contains("\"A=1\""), config);
      assertTrue(config.contains("/base/run"), config);
      skopeo("copy", "--src-tls-verify=false", app, "dir:" + temporary.resolve("copy"));
    }
  }

  @Test
  void saysWhetherTheBaseIsMissingOrItsRegistry() throws IOException {
    String host;
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      host = registry.host();
      ImageBuilder missing = ImageBuilder.from("docker://" + host + "/none:1", access());
      assertThrows(NotFoundException.class, missing::build);
    }
    ImageBuilder unreachable = ImageBuilder.from("docker://" + host + "/none:1", access());
    assertThrows(UnreachableException.class, unreachable::build);
  }

  private static String skopeo(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 2];
    command[0] = "skopeo";
    command[1] = "--insecure-policy";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    Process process = Tools.process(command).redirectErrorStream(true).start();
    String printed = Tools.read(process.getInputStream());
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
