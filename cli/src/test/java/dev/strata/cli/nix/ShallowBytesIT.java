package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a shallow base moves, measured as docs/transports/registry.md says. */
class ShallowBytesIT {
  private static final int MEBIBYTES = 4;
  private static final long BASE = (long) MEBIBYTES << 20;
  private static final long LITTLE = 100_000;
  private static final Pattern LINE = Pattern.compile("(?m)^(.+?) +(\\d+) bytes$");

  @Test
  void onlyWhatADestinationNeedsMoves() {
    Tools.require("docker", "docker-registry", "dockerd", "ip", "skopeo", "unshare");
    Tools.require("root".equals(System.getProperty("user.name")), "needs root");
    String script = Nix.root().resolve("nix/tests/shallow.sh").toString();
    String home = System.getProperty("strata.home", "target/strata");
    String out =
        Nix.run("unshare", "-n", script, Path.of(home).toAbsolutePath().toString(), MEBIBYTES + "")
            .ok()
            .out();
    Map<String, Long> bytes = new HashMap<>();
    for (MatchResult line : LINE.matcher(out).results().toList()) {
      bytes.put(line.group(1), Long.parseLong(line.group(2)));
    }
    for (String what :
        new String[] {
          "shallow: pull",
          "shallow: on disk",
          "shallow: to the repository of the base",
          "shallow: to another repository",
          "shallow: to another registry, again",
          "whole: to another registry, again",
        }) {
      assertTrue(bytes.getOrDefault(what, BASE) < LITTLE, what + "\n" + out);
    }
    for (String what :
        new String[] {
          "whole: pull", "whole: to another repository", "shallow: to docker-archive:"
        }) {
      assertTrue(bytes.getOrDefault(what, 0L) > BASE * 9 / 10, what + "\n" + out);
    }
    for (String what : new String[] {"shallow: to another registry", "shallow: to Docker"}) {
      long moved = bytes.getOrDefault(what, 0L);
      assertTrue(moved > BASE * 19 / 10 && moved < BASE * 22 / 10, what + "\n" + out);
    }
  }
}
