package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts stand in for the versions of Nix. */
final class ClosureCommandTest {
  private static final String HELLO = "0123456789abcdfghijklmnpqrsvwxyz-hello-2.12.1";
  private static final String GLIBC = "zyxwvsrqpnmlkjihgfdcba9876543210-glibc-2.39";

  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private CommandLineRun strata = new CommandLineRun();
  private String hello = "";
  private String glibc = "";
  private String graph = "";

  @BeforeEach
  void makeStore() throws IOException {
    directory = directory.toRealPath();
    sample = new SampleFolders(directory);
    sample.file("store/" + HELLO + "/bin/hello", "");
    sample.file("store/" + GLIBC + "/lib/libc.so", "");
    Files.createDirectory(directory.resolve("bin"));
    hello = sample.path("store/" + HELLO);
    glibc = sample.path("store/" + GLIBC);
    strata =
        new CommandLineRun()
            .with("NIX_STORE_DIR", sample.path("store"))
            .with("PATH", sample.path("bin"));
    graph =
        """
        [
        	{
        		"path": "%1$s",
        		"references": [
        			"%1$s",
        			"%2$s"
        		]
        	},
        	{
        		"path": "%2$s",
        		"references": []
        	}
        ]
        """
            .formatted(hello, glibc);
  }

  private void program(String name, String script) throws IOException {
    Path file = directory.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script.replace("$log", sample.path("log")));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void nixAnswers(String json) throws IOException {
    program("nix", "echo \"$@\" >>$log\nPATH=/usr/bin:/bin cat <<'END'\n" + json + "\nEND\n");
  }

  @Test
  void readsTheArrayOfOlderNix() throws IOException {
    nixAnswers(
        """
        [{"path":"%2$s","narSize":1,"references":[],"valid":true},
         {"path":"%1$s","narHash":"sha256:x","references":["%2$s","%1$s"],"valid":true}]
        """
            .formatted(hello, glibc));

    assertEquals(graph, strata.run("closure", hello).succeeds().out());
    String asked = sample.read("log");
    assertTrue(asked.contains("--extra-experimental-features nix-command"), asked);
    assertTrue(asked.contains("path-info --json --recursive " + hello), asked);
  }

  @Test
  void readsTheObjectOfNewerNix() throws IOException {
    nixAnswers(
        """
        {"%1$s":{"narSize":1,"references":["%1$s","%2$s"],"ultimate":false},
         "%2$s":{"ca":null,"references":[]}}
        """
            .formatted(hello, glibc));

    assertEquals(graph, strata.run("closure", hello).succeeds().out());
  }

  @Test
  void readsTheNamesOfNewestNix() throws IOException {
    nixAnswers(
        """
        {"info":{"%1$s":{"references":["%2$s","%1$s"],"storeDir":"%3$s","version":2},
                 "%2$s":{"references":[],"storeDir":"%3$s","version":2}},
         "storeDir":"%3$s","version":2}
        """
            .formatted(HELLO, GLIBC, sample.path("store")));

    assertEquals(graph, strata.run("closure", hello).succeeds().out());
  }

  @Test
  void passesTheFormatToANixThatRequiresIt() throws IOException {
    program(
        "nix",
        """
        PATH=/usr/bin:/bin
        case "$*" in
          *--json-format*) cat <<'END'
        {"info":{"%1$s":{"references":["%2$s","%1$s"]},"%2$s":{"references":[]}},"version":2}
        END
          ;;
          *) echo "error: '--json' without '--json-format'" >&2; exit 1 ;;
        esac
        """
            .formatted(HELLO, GLIBC));

    assertEquals(graph, strata.run("closure", hello).succeeds().out());
  }

  @Test
  void fallsBackToNixStore() throws IOException {
    program("nix", "echo \"error: unknown flag '--recursive'\" >&2; exit 1");
    program(
        "nix-store",
        """
        case "$*" in
          "--query --requisites %1$s") echo %2$s; echo %1$s ;;
          "--query --references %1$s") echo %1$s; echo %2$s ;;
          "--query --references %2$s") ;;
          *) echo "unexpected: $*" >&2; exit 1 ;;
        esac
        """
            .formatted(hello, glibc));

    assertEquals(graph, strata.run("closure", hello).succeeds().out());
  }

  @Test
  void writesTheHashAndTheSizeOfEachArchiveThatNixKnows() throws IOException {
    String hash = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s";
    String written =
        "\"narHash\": \"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
            + "\n\t\t\"narSize\": 17\n";
    nixAnswers(
        "[{\"path\":\"%s\",\"narHash\":\"sha256:%s\",\"narSize\":17,\"references\":[]}]"
            .formatted(hello, hash));
    String out = strata.run("closure", hello).succeeds().out();
    assertTrue(out.contains(written), out);

    program("nix", "exit 1");
    program(
        "nix-store",
        """
        case "$*" in
          "--query --requisites %1$s") echo %2$s; echo %1$s ;;
          "--query --references "*) ;;
          "--check-validity --print-invalid %2$s %1$s") echo %2$s ;;
          "--query --hash %1$s") echo sha256:%3$s ;;
          "--query --size %1$s") echo 17 ;;
          *) echo "unexpected: $*" >&2; exit 1 ;;
        esac
        """
            .formatted(hello, glibc, hash));
    out = strata.run("closure", hello).succeeds().out();
    assertTrue(out.contains(written), out);
    assertEquals(out.indexOf("narHash"), out.lastIndexOf("narHash"), out);
  }

  @Test
  void replacesAFileByItsStorePath() throws IOException {
    nixAnswers("[{\"path\":\"%s\",\"references\":[]}]".formatted(hello));
    Files.createSymbolicLink(directory.resolve("result"), Path.of(hello));

    String direct = strata.run("closure", hello).succeeds().out();
    assertEquals(direct, strata.run("closure", hello + "/bin/hello").succeeds().out());
    assertEquals(direct, strata.run("closure", sample.path("result")).succeeds().out());
    assertEquals(direct, strata.run("closure", sample.path("result/bin")).succeeds().out());
    assertTrue(direct.contains(hello), direct);
  }

  @Test
  void doesNotFollowALinkThatIsAStorePathItself() throws IOException {
    String link = sample.path("store/" + HELLO.replace("hello", "link"));
    Files.createSymbolicLink(Path.of(link), Path.of(hello));
    nixAnswers("[{\"path\":\"%s\",\"references\":[]}]".formatted(link));

    strata.run("closure", link).succeeds();
    assertTrue(sample.read("log").strip().endsWith(link), sample.read("log"));
  }

  @Test
  void warnsWhenNixIsMissing() {
    Outcome outcome = strata.run("closure", hello).succeeds();

    assertTrue(outcome.err().startsWith("strata: warning: nix is not on PATH"), outcome.err());
    assertTrue(outcome.out().contains("\"references\": []"), outcome.out());
  }

  @Test
  void repeatsTheErrorOfNix() throws IOException {
    program("nix", "echo; echo \"error: path '%s' is not valid\" >&2; exit 1".formatted(hello));

    strata.run("closure", hello).fails("Nix cannot list the closure of '" + hello, "is not valid");
  }

  @Test
  void failsOnAPathThatIsNotInTheStore() throws IOException {
    nixAnswers("{\"%s\":null}".formatted(hello));
    strata.run("closure", hello).fails("is not in the Nix store; build it first");

    nixAnswers("[{\"path\":\"%s\",\"valid\":false}]".formatted(hello));
    strata.run("closure", hello).fails("is not in the Nix store; build it first");
  }

  @Test
  void failsOnUnexpectedOutputOfNix() throws IOException {
    nixAnswers("warning: hello");
    strata.run("closure", hello).fails("the output of nix path-info");

    nixAnswers("[1]");
    strata.run("closure", hello).fails("the output of nix path-info", "a store path");
  }

  @Test
  void includesOtherFoldersWithoutReferences() throws IOException {
    nixAnswers("[{\"path\":\"%s\",\"references\":[]}]".formatted(hello));
    sample.file("b/x", "");
    sample.file("a", "");
    String out = strata.run("closure", sample.path("b"), hello, sample.path("a")).succeeds().out();

    int a = out.indexOf('"' + sample.path("a") + '"');
    int b = out.indexOf('"' + sample.path("b") + '"');
    assertTrue(a >= 0 && b > a && out.indexOf(hello) > b, out);
  }

  @Test
  void makesRelativeNamesAbsolute() {
    String here = Path.of("").toAbsolutePath().toString();

    String out = strata.run("closure", ".", "src/./main").succeeds().out();
    assertTrue(out.contains('"' + here + '"'), out);
    assertTrue(out.contains('"' + here + "/src/main\""), out);
  }

  @Test
  void writesToAFile() throws IOException {
    sample.file("a/x", "");
    String expected = strata.run("closure", sample.path("a")).succeeds().out();
    Outcome outcome = strata.run("closure", sample.path("a"), "-o", sample.path("g.json"));

    assertEquals("", outcome.succeeds().out());
    assertEquals(expected, sample.read("g.json"));
  }

  @Test
  void failsOnAMissingPathAndWithoutPaths() {
    strata.run("closure", sample.path("nope")).fails("no such file or directory");
    strata.run("closure").isBadUsage(2, "PATH");
  }
}
