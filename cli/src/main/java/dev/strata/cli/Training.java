package dev.strata.cli;

import dev.strata.fixtures.ClosureProfile;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.json.JsonInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs every command once or more on small input, so that the AOT cache learns which classes and
 * methods they need. Prints nothing.
 */
final class Training {
  /** The system property that picks the way files are read. */
  private static final String FILES = "strata.files";

  private static final double SCALE = 0.1;
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
            new Nowhere(),
            Terminal.NONE,
            environment);
  }

  /** Trains in a temporary folder. */
  static void run(Map<String, String> environment) throws InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create(environment, false)) {
      new Training(folder.path(), environment).run(folder);
    }
  }

  private void run(TemporaryFolder temporary) throws InterruptedException {
    new Demo(context, folder, ClosureProfile.DEMO.scaled(SCALE), 2, temporary::ending).run();
    String sample = samplePath();
    write("config.json", CONFIG);
    write("perms.json", "[{\"path\":\"" + sample + "\",\"regex\":\"/bin/.*\",\"mode\":\"0755\"}]");
    write(
        "rewrites.json",
        "[{\"path\":\"" + sample + "\",\"regex\":\"^" + sample + "\",\"repl\":\"\"}]");
    write("history.json", "{\"created_by\":\"strata\"}");
    Files.exists(folder);
    for (String files : List.of("nio", "auto")) {
      String before = System.setProperty(FILES, files);
      layers();
      if (before == null) {
        System.clearProperty(FILES);
      } else {
        System.setProperty(FILES, before);
      }
    }
    pulledImages();
    friendly(sample);
    helpAndErrors();
  }

  private String samplePath() {
    return JsonInput.read(
        folder.resolve("closure-graph.json"),
        in -> {
          List<String> paths = new ArrayList<>();
          in.list(
              "store paths",
              element -> {
                element.object(
                    "a store path",
                    (key, value) -> {
                      if (key.equals("path")) {
                        paths.add(value.string(""));
                      } else {
                        value.skip();
                      }
                    });
                return element;
              });
          return paths.getLast();
        });
  }

  private void write(String name, String text) {
    OutputFile.write(folder.resolve(name), FileNames.encode(text));
  }

  private void layers() {
    for (int jobs = 1; jobs <= 4; jobs *= 2) {
      for (int max = 1; max <= 8; max *= 8) {
        succeed(
            "layers-from-reproducible-storepaths",
            file("layers.json"),
            file("closure-graph.json"),
            "--max-layers",
            Integer.toString(max),
            "--jobs=" + jobs);
      }
    }
    succeed(
        "layers-from-reproducible-storepaths",
        file("layers2.json"),
        file("closure-graph.json"),
        "--perms",
        file("perms.json"),
        "--rewrites",
        file("rewrites.json"),
        "--history",
        file("history.json"),
        file("layers.json"));
    succeed(
        "layers-from-non-reproducible-storepaths",
        file("layers3.json"),
        file("closure-graph.json"),
        "--tar-directory",
        folder.toString());
    succeed(
        "image",
        "--created",
        "2024-05-13T09:31:10Z",
        file("image1.json"),
        file("config.json"),
        file("layers.json"),
        file("layers2.json"));
    succeed(
        "image",
        "--from-image",
        file("image1.json"),
        file("image2.json"),
        file("config.json"),
        file("layers3.json"));
  }

  /** Pulled images, made of the layout that the demo has left. */
  private void pulledImages() {
    String index = text("oci/index.json");
    String manifest = text("oci/blobs/sha256/" + firstHex(index));
    String config = firstHex(manifest);
    write("manifest.json", manifest);
    StringBuilder blobs = new StringBuilder("{\"" + config + "\":\"" + blob(config) + "\"");
    for (int at = manifest.indexOf("\"layers\""); ; ) {
      at = manifest.indexOf("sha256:", at);
      if (at < 0) {
        break;
      }
      String hex = firstHex(manifest.substring(at));
      blobs.append(",\"").append(hex).append("\":\"").append(blob(hex)).append('"');
      at++;
    }
    write("blobs.json", blobs.append('}').toString());
    write(config, text("oci/blobs/sha256/" + config));
    succeed("image-from-manifest", file("base1.json"), file("manifest.json"), file("blobs.json"));
    succeed("image-from-dir", file("base2.json"), folder.toString());
  }

  private String text(String name) {
    return new String(InputFile.readAll(folder.resolve(name)), StandardCharsets.UTF_8);
  }

  private String blob(String hex) {
    return file("oci/blobs/sha256/" + hex);
  }

  private static String firstHex(String text) {
    int at = text.indexOf("sha256:") + "sha256:".length();
    return text.substring(at, at + 64);
  }

  private void friendly(String sample) {
    succeed("closure", sample, folder.toString());
    succeed("closure", "-o", file("closure2.json"), sample);
    succeed(
        "build",
        "--closure-graph",
        file("closure-graph.json"),
        "--copy-to-root",
        sample,
        "--config",
        file("config.json"),
        "--perms",
        file("perms.json"),
        "--from-image",
        file("base1.json"),
        "-o",
        file("image3.json"));
    succeed("build", sample, "--json", "-o", file("image4.json"));
    succeed("tar", file("image4.json"));
    succeed("tar", file("image.json"), "--layer", "1", "-o", file("layer.tar"));
    succeed("completion", "bash");
  }

  private void helpAndErrors() {
    succeed("--help");
    succeed("--version");
    for (CommandTable.Entry entry : CommandTable.ALL) {
      // What "skopeo" does not know it leaves to the program of that name, help included.
      if (!entry.name().equals("skopeo")) {
        succeed(entry.name(), "--help");
      }
    }
    fail("biuld");
    fail("image");
    fail("build", "--jobs=0", folder.toString());
    fail("build", file("is-not-there"));
    fail("closure", file("is-not-there"));
    fail("layers-from-reproducible-storepaths", file("x"), file("is-not-there"));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void succeed(String... args) {
    if (run(args) != CommandRunner.SUCCESS) {
      throw new StrataException("the training failed at: strata " + String.join(" ", args));
    }
  }

  private void fail(String... args) {
    if (run(args) == CommandRunner.SUCCESS) {
      throw new StrataException("the training should fail at: strata " + String.join(" ", args));
    }
  }

  private int run(String... args) {
    return new CommandRunner(context).run(args);
  }

  /** Takes bytes and drops them. */
  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() throws IOException {}
  }
}
