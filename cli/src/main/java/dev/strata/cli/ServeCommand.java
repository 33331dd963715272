package dev.strata.cli;

import dev.strata.destination.Reference;
import dev.strata.destination.RegistryServer;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves images to any client that can pull. */
@Command(
    name = "serve",
    description = "Serve images as a read-only registry on 127.0.0.1, straight from the store.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  /** The hash that Nix puts before a name. */
  private static final Pattern STORE_HASH = Pattern.compile("^[0-9a-df-np-sv-z]{32}-");

  private static final Pattern NO_NAME = Pattern.compile("[^a-z0-9]+");

  private final Context context;

  @Mixin private JobsOption jobs;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port to listen on; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--name",
      paramLabel = "NAME[:TAG]",
      description = "What to call an image, once for each, in order (default: its file's name).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not tell of requests.")
  private boolean quiet;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "image.json files.")
  private List<String> images = new ArrayList<>();

  ServeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (names.size() > images.size()) {
      throw new StrataException(
          "--name is given " + names.size() + " times for " + images.size() + " images");
    }
    if (port < 0 || port > 65535) {
      throw new StrataException("--port is " + port + ": give 0 to 65535");
    }
    List<Reference> references = new ArrayList<>();
    RegistryServer.Builder builder =
        new RegistryServer.Builder(jobs.count()).port(port).listener(new Log());
    for (int i = 0; i < images.size(); i++) {
      String file = images.get(i);
      Reference name = Reference.parse(i < names.size() ? names.get(i) : nameOf(file));
      builder.add(Image.readFile(FileNames.path(file)), name);
      references.add(name);
    }
    CountDownLatch closed = new CountDownLatch(1);
    try (RegistryServer server = builder.start()) {
      // SIGTERM and SIGINT: clients see their connections end, not hang.
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      tell(server, references);
      closed.await();
    }
    return 0;
  }

  private void tell(RegistryServer server, List<Reference> references) {
    PrintWriter out = context.out();
    out.println("serving on http://" + server.address() + ", Ctrl-C stops; pull by one of:");
    for (Reference name : references) {
      Reference served = server.reference(name);
      out.println("  docker pull " + served);
      out.println("  podman pull --tls-verify=false " + served);
      out.println("  skopeo copy --src-tls-verify=false docker://" + served + " DESTINATION");
    }
    out.flush();
  }

  /** A name such as {@code app} for {@code /nix/store/…-image-App.json}. */
  static String nameOf(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    name = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    name = STORE_HASH.matcher(name).replaceFirst("");
    name = name.startsWith("image-") ? name.substring("image-".length()) : name;
    name = NO_NAME.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    name = name.replaceAll("^-|-$", "");
    return name.isEmpty() ? "image" : name;
  }

  /** A line for each blob that was sent, and for each that was not. */
  private final class Log implements RegistryServer.Listener {
    @Override
    public void answered(String method, String path, int status, long bytes) {
      if (!quiet && method.equals("GET") && path.contains("/blobs/")) {
        context.err().println(path + " " + Sizes.bytes(bytes));
      }
    }

    @Override
    public void brokenOff(String path, String problem) {
      context.err().println("strata: " + path + ": " + problem);
    }
  }
}
