package dev.strata.transport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.Digest;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Docker's socket is on macOS. */
final class DockerHostTest {
  @TempDir private Path home;

  private String host(String... variables) {
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return DockerHost.onDarwin(environment, home.resolve("var/run/docker.sock"));
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(home.resolve(name).getParent());
    Files.writeString(home.resolve(name), text);
  }

  private void context(String folder, String name, String host) throws IOException {
    String id = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    write(
        folder + "/contexts/meta/" + id + "/meta.json",
        """
        {"Name":"%s","Metadata":{},"Endpoints":{"docker":{"Host":"%s","SkipTLSVerify":false}}}
        """
            .formatted(name, host));
  }

  @Test
  void isTheSocketThatExists() throws IOException {
    String usual = "unix://" + home + "/var/run/docker.sock";
    assertEquals(usual, host());
    write(".docker/run/docker.sock", "");
    assertEquals("unix://" + home + "/.docker/run/docker.sock", host());
    write("var/run/docker.sock", "");
    assertEquals(usual, host());
  }

  @Test
  void isThatOfTheCurrentContext() throws IOException {
    write("var/run/docker.sock", "");
    write(".docker/config.json", "{\"auths\":{},\"currentContext\":\"colima\"}");
    assertEquals("unix://" + home + "/var/run/docker.sock", host());
    context(".docker", "colima", "unix:///Users/a/.colima/default/docker.sock");
    assertEquals("unix:///Users/a/.colima/default/docker.sock", host());
    context(".docker", "orbstack", "unix:///Users/a/.orbstack/run/docker.sock");
    assertEquals("unix:///Users/a/.orbstack/run/docker.sock", host("DOCKER_CONTEXT", "orbstack"));
    assertEquals("unix://" + home + "/var/run/docker.sock", host("DOCKER_CONTEXT", "default"));
    context("other", "orbstack", "tcp://10.0.0.1:2375");
    assertEquals(
        "tcp://10.0.0.1:2375",
        host("DOCKER_CONTEXT", "orbstack", "DOCKER_CONFIG", home.resolve("other").toString()));
  }

  @Test
  void reportsAConfigurationThatIsNotJson() throws IOException {
    write(".docker/config.json", "currentContext: colima");
    assertThrows(InvalidInputException.class, this::host);
  }
}
