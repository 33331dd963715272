package dev.strata.cli.training;

import dev.strata.blob.NullChannel;
import dev.strata.cli.CommandRunner;
import dev.strata.cli.Main;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.TemporaryFolder;
import dev.strata.cli.terminal.Terminal;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs commands on a small sample, so that the AOT cache records which classes they need. The
 * launcher starts it in place of the program when a cache is to be made. Commands that take long
 * anyway are left out: every start loads the whole cache, and a cache of all commands makes each
 * start a third longer.
 */
final class Training {
  private static final int FILES = 120;

  /** So many folders are listed by several workers. */
  private static final int FOLDERS = 40;

  /** So many files in each are enough for a build to record what the folders contain. */
  private static final int FILES_PER_FOLDER = 30;

  private static final int TEXT = 2 << 20;
  private static final int CLASSES = 8 << 20;
  private static final int NOISE = 1 << 20;
  private static final String CONFIG =
      "{\"Cmd\":[\"/bin/sh\"],\"Env\":[\"A=b\"],\"ExposedPorts\":{\"80\":{}},\"Labels\":{\"a\":\"b\"}}";

  private final Path folder;
  private final Context context;

  private Training(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.context =
        new Context(
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            new NullChannel(),
            Terminal.NONE,
            withCacheIn(folder, environment));
  }

  /**
   * Trains in a temporary folder.
   *
   * @param args {@code build} for the commands that build images, {@code move} for those that move
   *     them
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    // What every run needs, and what help needs.
    succeed(Main.run("--version"), "--version");
    succeed(Main.run("build", "--help"), "build --help");
    try (TemporaryFolder temporary = TemporaryFolder.create(environment, false)) {
      Training training = new Training(temporary.path(), environment);
      training.makeSample();
      switch (args[0]) {
        case "build" -> training.build();
        case "move" -> training.move();
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  /** Leaves the user's cache of compressed layers alone. */
  private static Map<String, String> withCacheIn(Path folder, Map<String, String> environment) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return Map.copyOf(changed);
  }

  /** Writes three store paths, a graph of a small one, and one large enough for a warm-up. */
  private void makeSample() throws IOException {
    for (String name : new String[] {"app", "lib"}) {
      Path bin = Files.createDirectories(folder.resolve(name).resolve("bin"));
      for (int i = 0; i < FILES; i++) {
        Files.write(bin.resolve("file" + i), new byte[i * i]);
      }
      Files.createSymbolicLink(bin.resolve("link"), Path.of("file1"));
    }
    for (int i = 0; i < FOLDERS; i++) {
      Path listed = Files.createDirectories(folder.resolve("tree/folder" + i));
      for (int j = 0; j < FILES_PER_FOLDER; j++) {
        Files.createFile(listed.resolve("file" + j));
      }
    }
    write(
        "graph.json",
        "[{\"path\":\"%s\",\"references\":[\"%s\"],\"narSize\":1,\"deriver\":\"%s\"},{\"path\":\"%s\",\"references\":[]}]"
            .formatted(file("app"), file("lib"), "x".repeat(16 << 10), file("lib")));
    Path small = Files.createDirectories(folder.resolve("small"));
    Files.writeString(small.resolve("file"), "text");
    write("small-graph.json", "[{\"path\":\"%s\",\"references\":[]}]".formatted(small));
    write("config.json", CONFIG);
    write(
        "perms.json",
        "[{\"path\":\"%s\",\"regex\":\"/bin/.*\",\"mode\":\"0755\"}]".formatted(file("app")));
    write(
        "rewrites.json",
        "[{\"path\":\"%s\",\"regex\":\"^%s\",\"repl\":\"\"}]".formatted(file("app"), file("app")));
    write("history.json", "{\"created_by\":\"strata\"}");
  }

  private void build() {
    String layers = "layers-from-reproducible-storepaths";
    // First, as it is in a JVM that has not bound libc.
    succeed(layers, file("small.json"), file("small-graph.json"));
    succeed(layers, file("layers1.json"), file("graph.json"));
    succeed(layers, file("layers2.json"), file("graph.json"), "--max-layers", "2");
    succeed(
        layers,
        file("layers3.json"),
        file("graph.json"),
        "--perms",
        file("perms.json"),
        "--rewrites",
        file("rewrites.json"),
        "--history",
        file("history.json"),
        file("layers1.json"));
    succeed("image", file("image1.json"), file("config.json"), file("layers2.json"));
    succeed(
        "image",
        "--from-image",
        file("image1.json"),
        file("image2.json"),
        file("config.json"),
        file("layers3.json"));
    succeed("build", "--closure-graph", file("graph.json"), "-o", file("image3.json"));
    succeed("build", "--closure-graph", file("graph.json"), "-o", file("image3.json"));
    build(file("image4.json"));
    for (int i = 0; i < 2; i++) {
      succeed("build", "-q", "--copy-to-root", file("tree"), "-o", file("image5.json"));
      add(file("tree"), "-o", file("image6.json"));
    }
    add(file("small"), "--from", file("image6.json"), "-o", file("image7.json"));
    succeed("plan", file("graph.json"), "-o", file("plan"), "--max-layers", "1");
    succeed("layer", file("plan/0000.plan.json"), "-o", file("layer.json"));
  }

  /** Builds an image from a folder. */
  private void add(String source, String... options) {
    List<String> command = new ArrayList<>(List.of("build", "-q", "--add", source + ":/srv/app"));
    command.addAll(List.of("--exclude", "*.log", "--exclude", "**/cache/**"));
    command.addAll(List.of("--cmd", "/bin/sh", "--env", "A=b", "--label", "a=b"));
    command.addAll(List.of(options));
    succeed(command.toArray(String[]::new));
  }

  /** Builds the image that is copied, with more options. */
  private void build(String output, String... options) {
    List<String> command = new ArrayList<>(List.of("build", "-q", file("app")));
    command.addAll(List.of("--copy-to-root", file("lib"), "--config", file("config.json")));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", output));
    succeed(command.toArray(String[]::new));
  }

  /** Copies an image to registries and elsewhere, and from there. */
  private void move() throws IOException, InterruptedException {
    String image = file("image.json");
    makeLargeFiles();
    build(image);
    try (RegistryProcess registry = RegistryProcess.start(folder.resolve("registry"))) {
      push(image, registry);
      copyElsewhere(image);
      copyBack(image, registry);
    }
  }

  private void makeLargeFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < TEXT; i++) {
      text.append(Integer.toString(i * 7919 % 9973, Character.MAX_RADIX)).append(' ');
    }
    Files.writeString(folder.resolve("app/text"), text);
    Files.write(folder.resolve("app/classes"), classes());
    byte[] noise = new byte[NOISE];
    new Random(1).nextBytes(noise);
    Files.write(folder.resolve("app/noise"), noise);
  }

  /**
   * Pushes an image to a registry that lacks it, again with one layer changed, and by TLS; and adds
   * a folder to it there.
   */
  private void push(String image, RegistryProcess registry) {
    String target = registry.image("r:1");
    succeed("copy", "-q", image, target);
    write("lib/bin/file1", "changed");
    build(image);
    succeed("copy", "-q", image, target);
    add(file("small"), "--from", target, "--to", registry.image("r:2"));
    String secure = registry.imageByTls("r:1");
    succeed("copy", "-q", "--dest-cert-dir", registry.certificates(), image, secure);
  }

  private void copyElsewhere(String image) {
    add(file("small"), "--from", image, "--to", "dir:" + file("added"));
    for (String format : new String[] {"gzip", "zstd", "none"}) {
      succeed("copy", "-q", "--dest-compress-format", format, image, "dir:" + file(format));
    }
    succeed("copy", "-q", "--dest-compress-level", "1", image, "dir:" + file("fast"));
    succeed("copy", "-q", image, "docker-archive:" + file("docker.tar"));
    succeed("copy", "-q", image, "oci:" + file("layout-of-image") + ":1");
    succeed("inspect", image);
  }

  /** Copies from a registry that has all blobs, to it, and from there to other places. */
  private void copyBack(String image, RegistryProcess registry) throws IOException {
    Reference name = Reference.parse("training:1");
    // With compressed layers, as a registry has them that the image was pushed to before.
    build(file("pushed.json"), "--compressor", "gzip");
    Image read = Image.read(folder.resolve("pushed.json"));
    try (RegistryServer server = new RegistryServer.Builder(1).add(read, name).start()) {
      String served = "docker://" + server.reference(name);
      succeed("manifest", served);
      succeed("copy", "-q", image, served);
      succeed("pull", served, file("pulled"));
      String layout = "oci:" + file("layout") + ":1";
      succeed("copy", "-q", served, layout);
      succeed("copy", "-q", layout, registry.image("r:3"));
      succeed("copy", "-q", layout, "docker-archive:" + file("docker-of-layout.tar"));
    }
  }

  /** Returns part of the JDK's classes, which mix code, names and tables like most closures. */
  private static byte[] classes() throws IOException {
    Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
    if (!Files.isRegularFile(modules)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(modules)) {
      in.skipNBytes(CLASSES);
      return in.readNBytes(CLASSES);
    }
  }

  private void write(String name, String text) {
    OutputFile.write(folder.resolve(name), FileNames.encode(text));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void succeed(String... args) {
    succeed(new CommandRunner(context).run(args), String.join(" ", args));
  }

  private static void succeed(int code, String command) {
    if (code != ExitCode.SUCCESS) {
      throw new IllegalStateException("strata " + command + " failed with exit code " + code);
    }
  }
}
