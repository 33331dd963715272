package dev.strata.cli.look;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Main;
import dev.strata.cli.Outcome;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code copy}, {@code tar} and {@code serve} name what has changed in a layer: the file with a
 * witness, without one the store path if Nix knows its hash. Nix has a store of its own here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NamedChangesIT {
  private static final long PATIENCE_SECONDS = 60;
  private static final Pattern ADDRESS = Pattern.compile("serving on (http://\\S+)");

  @TempDir private static Path shared = Path.of("");
  private Path folder = Path.of("");
  private final Map<String, String> environment = new HashMap<>();
  private final CommandLineRun strata = new CommandLineRun();
  private final Map<String, Served> servers = new LinkedHashMap<>();

  /** Changes something in a path. */
  @FunctionalInterface
  private interface Change {
    void make(Path path) throws Exception;
  }

  /**
   * One kind of change, made in a path of its own.
   *
   * @param named the lines that name the files, without the path
   */
  private record Kind(String name, Change change, List<String> named) {}

  private static Kind kind(String name, Change change, String... named) {
    return new Kind(name, change, List.of(named));
  }

  private static final List<Kind> KINDS =
      List.of(
          kind("changed", p -> flip(p.resolve("dir/a")), "/dir/a': content"),
          kind(
              "truncated",
              p -> Files.write(p.resolve("large"), new byte[10]),
              "/large': size 9000 -> 10"),
          kind(
              "grown",
              p -> Files.write(p.resolve("large"), new byte[3_000_000]),
              "/large': size 9000 -> 3000000"),
          kind(
              "swapped",
              p -> {
                Files.move(p.resolve("dir/a"), p.resolve("t"));
                Files.move(p.resolve("dir/b"), p.resolve("dir/a"));
                Files.move(p.resolve("t"), p.resolve("dir/b"));
              },
              "/dir/a': content",
              "/dir/b': content"),
          kind("executable", p -> mode(p.resolve("dir/a"), 0755), "/dir/a': mode 0644 -> 0755"),
          kind("run", p -> mode(p.resolve("run"), 0644), "/run': mode 0755 -> 0644"),
          kind(
              "renamed",
              p -> Files.move(p.resolve("dir/a"), p.resolve("dir/c")),
              "/dir/a': missing",
              "/dir/c': new"),
          kind(
              "retargeted",
              p -> {
                Files.delete(p.resolve("link"));
                Files.createSymbolicLink(p.resolve("link"), Path.of("dir/b"));
              },
              "/link': link 'dir/a' -> 'dir/b'"),
          kind("removed", p -> Files.delete(p.resolve("dir/b")), "/dir/b': missing"),
          kind("added", p -> Files.writeString(p.resolve("dir/z"), "z"), "/dir/z': new"),
          kind(
              "type",
              p -> {
                Files.delete(p.resolve("dir/a"));
                Files.createSymbolicLink(p.resolve("dir/a"), Path.of("b"));
              },
              "/dir/a': was a regular file, is a symbolic link"),
          kind(
              "whole-folder",
              p -> Tools.run("rm", "-r", p.resolve("dir").toString()),
              "/dir': missing"));

  /** A server, and the lines that it has printed on standard error. */
  private record Served(Process process, String address, BlockingQueue<String> lines) {}

  private static void flip(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] content = Files.readAllBytes(file);
    content[0] ^= 1;
    Files.write(file, content);
    // Size and time are those from before.
    Files.setLastModifiedTime(file, time);
  }

  private static void mode(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode);
  }

  @BeforeAll
  void build() throws Exception {
    Tools.require("nix-store", "curl");
    folder = shared.toRealPath();
    environment.put("PATH", System.getenv("PATH"));
    for (String name : List.of("STORE", "STATE", "LOG", "CONF")) {
      Files.createDirectories(folder.resolve("nix/" + name));
      environment.put("NIX_" + name + "_DIR", folder.resolve("nix/" + name).toString());
    }
    environment.put("NIX_REMOTE", "local");
    environment.put("NIX_CONFIG", "build-users-group =\nsandbox = false\nsubstitute = false");
    environment.forEach(strata::with);
    List<String> inStore = new ArrayList<>();
    List<String> elsewhere = new ArrayList<>();
    for (Kind kind : KINDS) {
      Path path = folder.resolve("paths").resolve(kind.name());
      writeTree(path, kind.name());
      String added = nix("nix-store", "--add", path.toString());
      Tools.run("chmod", "-R", "u+w", added);
      inStore.add(added);
      elsewhere.add(path.toString());
    }
    images("nix", inStore);
    images("plain", elsewhere);
    for (String witness : List.of("witness", "none")) {
      servers.put(witness, serve("nix-" + witness, "plain-" + witness));
    }
  }

  private static void writeTree(Path path, String content) throws IOException {
    Files.createDirectories(path.resolve("dir"));
    Files.writeString(path.resolve("dir/a"), "a " + content);
    Files.writeString(path.resolve("dir/b"), "b " + content);
    Files.writeString(path.resolve("large"), "l".repeat(9000));
    Files.writeString(path.resolve("run"), "#!/bin/sh\n");
    mode(path.resolve("run"), 0755);
    Files.createSymbolicLink(path.resolve("link"), Path.of("dir/a"));
  }

  /** Builds an image with a layer for each path, once with a witness and once without. */
  private void images(String name, List<String> paths) throws IOException {
    List<StorePath> graph = paths.stream().map(p -> new StorePath(p, List.of())).toList();
    String file = folder.resolve(name + ".graph").toString();
    Files.writeString(Path.of(file), new ClosureGraph(graph).toJson());
    List<String> command = List.of("build", "-q", "--closure-graph", file, "-o");
    List<String> witness = new ArrayList<>(command);
    witness.addAll(List.of(image(name + "-witness"), "--witness", image(name) + ".witness"));
    strata.run(witness).succeeds();
    List<String> none = new ArrayList<>(command);
    none.add(image(name + "-none"));
    strata.run(none).succeeds();
  }

  private String image(String name) {
    return folder.resolve(name + ".json").toString();
  }

  private String nix(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String printed = Tools.read(process.getInputStream()).strip();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    return printed;
  }

  private Served serve(String... names) throws IOException {
    List<String> command = Tools.java(Main.class);
    command.addAll(List.of("serve", "-q"));
    for (String name : names) {
      command.addAll(List.of("--name", name + ":1"));
    }
    for (String name : names) {
      command.add(image(name));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> collect(process, lines));
    BufferedReader out = process.inputReader();
    Matcher address = ADDRESS.matcher(String.valueOf(out.readLine()));
    if (!address.find()) {
      return fail("the server does not start: " + String.join("\n", lines));
    }
    return new Served(process, address.group(1), lines);
  }

  private static void collect(Process process, BlockingQueue<String> lines) {
    try (BufferedReader err = process.errorReader()) {
      err.lines().forEach(lines::add);
    } catch (IOException e) {
      lines.add(e.toString());
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (Served server : servers.values()) {
      server.process().destroy();
      server.process().waitFor();
    }
    // Nix takes away the permission to write, without which the folder cannot be deleted.
    Tools.run("chmod", "-R", "u+w", folder.toString());
  }

  @Test
  void copyTarAndServeNameWhatHasChanged() {
    List<Executable> checks = new ArrayList<>();
    for (String store : List.of("nix", "plain")) {
      for (Kind kind : KINDS) {
        checks.add(() -> check(store, kind));
      }
    }
    assertAll(checks);
  }

  private void check(String store, Kind kind) throws Exception {
    List<Layer> layers = Image.read(Path.of(image(store + "-none"))).layers();
    int number = 0;
    while (!layers.get(number).paths().getFirst().path().endsWith(kind.name())) {
      number++;
    }
    Path path = Path.of(layers.get(number).paths().getFirst().path());
    Path kept = folder.resolve("kept");
    Tools.run("cp", "-a", path.toString(), kept.toString());
    try {
      kind.change().make(path);
      for (String witness : List.of("witness", "none")) {
        List<String> named = named(store, witness, kind, path);
        String name = store + "-" + witness;
        Path layout = folder.resolve("layout-" + name + "-" + kind.name());
        Outcome copy = strata.run("copy", "-q", image(name), "oci:" + layout);
        assertEquals(1, copy.exit(), () -> name + " " + kind.name());
        assertNamed("copy", named, copy.err().lines().toList());
        assertFalse(Files.exists(layout.resolve("index.json")));
        Outcome tar = strata.run("tar", "--layer", "" + number, image(name));
        assertEquals(1, tar.exit());
        assertNamed("tar", named, tar.err().lines().toList());
        pull(witness, name, layers.get(number), named);
      }
    } finally {
      Tools.run("rm", "-rf", path.toString());
      Tools.run("mv", kept.toString(), path.toString());
    }
  }

  /** Returns the lines that are expected, or parts of them. */
  private static List<String> named(String store, String witness, Kind kind, Path path) {
    List<String> lines = new ArrayList<>();
    if (witness.equals("witness")) {
      kind.named().forEach(line -> lines.add("  '" + path + line));
    } else if (store.equals("nix")) {
      lines.add("  '" + path + "': NAR hash sha256:");
    } else {
      // What has been recorded of other paths is when they changed last.
      lines.add("source changed since the build: '" + path);
    }
    if (store.equals("nix")) {
      lines.add("  the Nix store is damaged: run 'nix-store --verify --check-contents --repair'");
    }
    return lines;
  }

  /** Fails unless there is a message first, and then exactly the lines that name the changes. */
  private static void assertNamed(String command, List<String> named, List<String> lines) {
    String all = command + ":\n" + String.join("\n", lines) + "\nfor " + named;
    assertTrue(lines.getFirst().startsWith("strata: "), all);
    int own = named.getFirst().startsWith("  ") ? 1 : 0;
    assertEquals(named.size() + own, lines.size(), all);
    for (int i = 0; i < named.size(); i++) {
      assertTrue(lines.get(i + own).contains(named.get(i)), all);
    }
    assertTrue(lines.getFirst().contains("build"), all);
  }

  /** Each remedy that {@code verify} prints helps. */
  @Test
  void theRemediesHelp() throws Exception {
    for (String witness : List.of("witness", "none")) {
      aDamagedStoreIsRepaired(witness);
      aPathThatIsNotReproducibleIsBuiltAgain(witness);
      aChangedFolderIsBuiltAgain(witness);
    }
  }

  private void aDamagedStoreIsRepaired(String witness) throws Exception {
    String path = derived("same", "echo 1 > $out");
    buildOne(witness, path);
    Tools.run("chmod", "u+w", path);
    Files.writeString(Path.of(path), "2\n");
    Tools.run("chmod", "u-w", path);
    assertVerified(
        witness,
        path,
        "  the Nix store is damaged: run 'nix-store --verify --check-contents --repair'");
    nix("nix-store", "--verify", "--check-contents", "--repair");
    strata.run("verify", image("one")).succeeds();
  }

  private void aPathThatIsNotReproducibleIsBuiltAgain(String witness) throws Exception {
    String expression = "read x < /proc/sys/kernel/random/uuid; echo $x > $out";
    String path = derived("random", expression);
    buildOne(witness, path);
    nix("nix-store", "--delete", "--ignore-liveness", path);
    assertEquals(path, derived("random", expression));
    Outcome outcome = strata.run("verify", image("one"));
    assertEquals(1, outcome.exit(), outcome::out);
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("layer 0 ("), outcome::out);
    assertEquals(
        witness.equals("witness")
            ? "  '" + path + "': content"
            : "  each path is as it was recorded, so the paths were built again after the layer",
        lines.get(1));
    assertEquals(
        "  Nix has built the path again with another result: build the image again; with"
            + " 'reproducible = false', its layer is stored and no longer depends on that",
        lines.get(2));
    buildOne(witness, path);
    strata.run("verify", image("one")).succeeds();
  }

  private void aChangedFolderIsBuiltAgain(String witness) throws Exception {
    Path path = Files.createDirectories(folder.resolve("folder"));
    Files.writeString(path.resolve("file"), "1");
    buildOne(witness, path.toString());
    Files.writeString(path.resolve("file"), "2");
    Outcome outcome = strata.run("verify", image("one"));
    assertEquals(1, outcome.exit());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        witness.equals("witness")
            ? "  '" + path + "/file': content"
            : "  no path has a recorded hash; build with --witness to see which files change",
        lines.get(1));
    assertEquals(
        "  the files have changed since the layer was built: build it again", lines.get(2));
    buildOne(witness, path.toString());
    strata.run("verify", image("one")).succeeds();
  }

  /** Has Nix build a path by a command of the shell. */
  private String derived(String name, String command) throws Exception {
    Path file = folder.resolve(name + ".nix");
    Files.writeString(
        file,
        """
        derivation {
          name = "%s";
          system = builtins.currentSystem;
          builder = "/bin/sh";
          args = [ "-c" "%s" ];
        }
        """
            .formatted(name, command));
    return nix("nix-build", "--no-out-link", file.toString());
  }

  private void buildOne(String witness, String path) throws IOException {
    List<StorePath> graph = List.of(new StorePath(path, List.of()));
    String file = folder.resolve("one.graph").toString();
    Files.writeString(Path.of(file), new ClosureGraph(graph).toJson());
    List<String> command = new ArrayList<>(List.of("build", "-q", "--closure-graph", file));
    command.addAll(List.of("-o", image("one"), "--no-cache"));
    if (witness.equals("witness")) {
      command.addAll(List.of("--witness", image("one") + ".witness"));
    }
    strata.run(command).succeeds();
  }

  private void assertVerified(String witness, String path, String remedy) {
    Outcome outcome = strata.run("verify", image("one"));
    assertEquals(1, outcome.exit(), outcome::out);
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("layer 0 ("), outcome::out);
    assertTrue(
        lines
            .get(1)
            .startsWith(
                "  '" + path + (witness.equals("witness") ? "': content" : "': NAR hash sha256:")),
        outcome::out);
    assertEquals(remedy, lines.get(2));
    assertEquals(image("one") + ": 1 of 1 blob not as recorded", lines.get(3));
  }

  private void pull(String witness, String name, Layer layer, List<String> named) throws Exception {
    Served server = java.util.Objects.requireNonNull(servers.get(witness));
    server.lines().clear();
    String url = server.address() + "/v2/" + name + "/blobs/" + layer.digest();
    Process curl =
        new ProcessBuilder("curl", "-sS", "-f", "--noproxy", "*", "-o", "/dev/null", url)
            .redirectErrorStream(true)
            .start();
    try (InputStream printed = curl.getInputStream()) {
      printed.readAllBytes();
    }
    assertNotEquals(0, curl.waitFor(), "a changed layer was served");
    List<String> lines = new ArrayList<>();
    int expected = named.size() + (named.getFirst().startsWith("  ") ? 1 : 0);
    while (lines.size() < expected) {
      String line = server.lines().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        fail("serve: " + lines + " instead of " + named);
      }
      lines.add(line);
    }
    assertTrue(lines.getFirst().startsWith("strata: /v2/" + name + "/blobs/"), lines::toString);
    assertNamed("serve", named, lines);
  }
}
