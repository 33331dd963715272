package dev.strata.cli.move;

import dev.strata.blob.Digest;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.LayerChanges;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.cli.options.BaseLayers;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.Sizes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.ImageBlobs;
import dev.strata.image.ImageFile;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.LayerChangedException;
import dev.strata.layer.SourceStamps;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.transport.registry.RegistryLayers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** Serves images to any client that can pull. */
public final class ServeCommand extends Command {
  /** The hash at the start of the name of a store path. */
  private static final Pattern STORE_HASH = Pattern.compile("^[0-9a-df-np-sv-z]{32}-");

  private static final Pattern NO_NAME = Pattern.compile("[^a-z0-9]+");

  private final Jobs jobs = new Jobs(arguments());
  private final BaseLayers base = new BaseLayers(arguments());
  private final Argument<Integer> wantedPort =
      arguments()
          .value(
              WholeNumber::read, "PORT", "Port to listen on (default: 0, any free port)", "--port");
  private final Argument<List<String>> called =
      arguments()
          .texts("NAME[:TAG]", "Image name, in order (default: from the file name)", "--name");
  private final Argument<List<String>> allowedHosts =
      arguments()
          .texts("NAME", "Host that clients may use for this one (e.g. a tunnel)", "--allow-host");
  private final Argument<Compression> compression =
      arguments()
          .value(
              Compression::parse,
              "FORMAT",
              "Compress layers: gzip, zstd or zstd:chunked (default: no)",
              "--compress")
          .suggest("gzip", "zstd", "zstd:chunked");
  private final Argument<Boolean> quiet = arguments().flag("Do not log requests", "-q", "--quiet");
  private final Argument<List<String>> files =
      arguments().parameters(true, "IMAGE", "image.json files, or indexes of them");

  public ServeCommand() {
    super(
        "serve",
        "Serve images from a read-only registry on 127.0.0.1.",
        "",
        "Layers are streamed from the store; nothing is written to disk. Base layers that are in a"
            + " registry are streamed from there.");
    daily("--port", "--name", "--allow-host", "--quiet");
    footer(
        "Examples:",
        "  strata serve image.json",
        "  strata serve --port 5000 --name app:1.0 image.json",
        "  strata serve --compress zstd:chunked image.json");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    List<String> images = files.orElse(List.of());
    List<String> names = called.orElse(List.of());
    int port = wantedPort.orElse(0);
    if (names.size() > images.size()) {
      throw new UsageException(
          "--name is used " + names.size() + " times for " + images.size() + " images");
    }
    if (port < 0 || port > 65535) {
      throw new UsageException("invalid --port " + port + "; use 0 to 65535");
    }
    try (RegistryLayers registries = base.layers(context, CopyReport.SILENT)) {
      return serve(context, images, names, port, registries);
    }
  }

  private int serve(
      Context context, List<String> images, List<String> names, int port, RegistryLayers registries)
      throws InterruptedException {
    List<Reference> references = new ArrayList<>();
    RegistryServer.Builder builder =
        new RegistryServer.Builder(jobs.count())
            .port(port)
            .registryLayers(image -> checked(image, registries))
            .listener(new Log(context, quiet.isSet(), ConcurrentHashMap.newKeySet()));
    allowedHosts.orElse(List.of()).forEach(builder::host);
    Compression format = compression.orElse(Compression.NONE);
    if (format != Compression.NONE) {
      CompressCache cache = CompressCache.ofUser(context.environment());
      builder.compress(Compressor.of(format, format.defaultLevel(), jobs.count(), cache));
    }
    for (int i = 0; i < images.size(); i++) {
      String file = images.get(i);
      Reference name = reference(i < names.size() ? names.get(i) : nameOf(file));
      builder.add(ImageFile.read(FileNames.path(file)), name);
      references.add(name);
    }
    CountDownLatch closed = new CountDownLatch(1);
    try (RegistryServer server = builder.start()) {
      // On SIGTERM and SIGINT, close connections instead of leaving clients waiting.
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      printNames(context.out(), server, references);
      closed.await();
    }
    return ExitCode.SUCCESS;
  }

  private static Reference reference(String name) {
    try {
      return Reference.parse(name);
    } catch (InvalidInputException e) {
      throw new UsageException("--name: " + e.getMessage());
    }
  }

  private static ImageBlobs checked(ImageBlobs image, RegistryLayers registries) {
    SourceStamps.check(image.layers());
    return registries.in(image);
  }

  private static void printNames(
      PrintWriter out, RegistryServer server, List<Reference> references) {
    out.println(
        "serving on http://" + server.address() + " (press Ctrl-C to stop); pull with one of:");
    for (Reference name : references) {
      Reference served = server.reference(name);
      out.println("  docker pull " + served);
      out.println("  podman pull --tls-verify=false " + served);
      out.println("  skopeo copy --src-tls-verify=false docker://" + served + " DESTINATION");
    }
    out.flush();
  }

  /** Returns a name such as {@code app} for {@code /nix/store/…-image-App.json}. */
  static String nameOf(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    name = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    name = STORE_HASH.matcher(name).replaceFirst("");
    name = name.startsWith("image-") ? name.substring("image-".length()) : name;
    name = NO_NAME.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    name = name.replaceAll("^-|-$", "");
    return name.isEmpty() ? "image" : name;
  }

  /** Logs each blob that was sent, and each request that failed. */
  private record Log(Context context, boolean quiet, Set<Digest> explained)
      implements RegistryServer.Listener {
    @Override
    public void responded(String method, String path, int status, long bytes) {
      if (!quiet && method.equals("GET") && path.contains("/blobs/")) {
        context.err().println(path + " " + Sizes.bytes(bytes));
      }
    }

    @Override
    public void changed(String path, LayerChangedException error) {
      failed(path, String.valueOf(error.getMessage()));
      // Clients try again, but finding out what has changed takes time, for which none should wait.
      if (explained.add(error.layer().digest())) {
        Runnable explanation = () -> LayerChanges.print(error, context);
        try {
          Thread.ofPlatform().daemon().start(explanation);
        } catch (OutOfMemoryError _) {
          // The system permits no more threads.
          explanation.run();
        }
      }
    }

    @Override
    public void failed(String path, String problem) {
      context.err().println("strata: " + path + ": " + problem);
    }
  }
}
