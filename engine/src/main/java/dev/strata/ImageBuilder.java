package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.image.ConfigJson;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerChecks;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Rewrite;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a container image: a base, layers of store paths, files and folders on top, and how
 * containers run. No layer is written anywhere; {@link BuiltImage#copyTo} streams each from its
 * files to where the image goes.
 *
 * <pre>{@code
 * try (BuiltImage image =
 *     ImageBuilder.from("docker://debian:12")
 *         .addClosure(Path.of("closure-graph.json"), 40)
 *         .add(Path.of("target/app"), "/app")
 *         .entrypoint("/app/run")
 *         .build()) {
 *   image.copyTo("docker://registry.example.org/app:1");
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe: each method returns another builder.
 *
 * @since 0.1.0
 */
public final class ImageBuilder {
  private static final String CREATED_BY = "strata";

  private final @Nullable String base;
  private CopyOptions baseAccess = CopyOptions.defaults();
  private @Nullable Platform platform;
  private List<List<LayerPath>> layers = List.of();
  private ImageConfig settings = ImageConfig.EMPTY;
  private Timestamp created = Timestamp.ZERO;
  private int jobs = Runtime.getRuntime().availableProcessors();
  private ProgressListener listener = (_, _) -> {};
  private BooleanSupplier cancelled = () -> false;

  private ImageBuilder(@Nullable String base) {
    this.base = base;
  }

  private ImageBuilder(ImageBuilder other) {
    base = other.base;
    baseAccess = other.baseAccess;
    platform = other.platform;
    layers = other.layers;
    settings = other.settings;
    created = other.created;
    jobs = other.jobs;
    listener = other.listener;
    cancelled = other.cancelled;
  }

  /**
   * Starts with an empty image.
   *
   * @return a builder
   */
  public static ImageBuilder fromScratch() {
    return new ImageBuilder((String) null);
  }

  /**
   * Starts with a base image, whose layers and configuration are kept. The base is read when {@link
   * #build} is called, its layers only when the image is copied to a place that lacks them.
   *
   * @param image a place by Skopeo's transport names, such as {@code docker://debian:12} or {@code
   *     oci:folder:tag}, or the name of an image.json file
   * @return a builder
   */
  public static ImageBuilder from(String image) {
    return from(image, CopyOptions.defaults());
  }

  /**
   * Starts with a base image in a registry that needs credentials or other settings.
   *
   * @param image a place, as for {@link #from(String)}
   * @param access how to access its registry; compression settings are not used
   * @return a builder
   */
  public static ImageBuilder from(String image, CopyOptions access) {
    ImageBuilder builder = new ImageBuilder(image);
    builder.baseAccess = access;
    return builder;
  }

  /**
   * Sets the platform of the image, and which image of a multi-platform base to use.
   *
   * @param name an operating system and a Go architecture name, such as {@code linux/arm64} or
   *     {@code linux/arm/v7}; by default Linux on the architecture of this machine
   * @return a builder
   * @throws InvalidInputException if the name is malformed
   */
  public ImageBuilder platform(String name) {
    ImageBuilder next = new ImageBuilder(this);
    next.platform = Platform.parse(name);
    return next;
  }

  /**
   * Adds the store paths of a closure graph, the most popular in layers of their own.
   *
   * @param closureGraph the JSON file that Nix's {@code exportReferencesGraph} writes
   * @param maxLayers the largest number of layers for it, at least 1
   * @return a builder
   * @throws dev.strata.io.StrataException if the file cannot be read or is malformed
   */
  public ImageBuilder addClosure(Path closureGraph, int maxLayers) {
    if (maxLayers < 1) {
      throw new IllegalArgumentException("maxLayers must be at least 1, got " + maxLayers);
    }
    List<String> paths = ClosureGraph.read(closureGraph).byPopularity();
    return withLayers(LayerPlanner.create().withMaxLayers(maxLayers).plan(paths));
  }

  /**
   * Adds a file or folder as a layer.
   *
   * @param source the file or folder; a symbolic link is followed
   * @param target where it goes in the image: the absolute path of the file, or of the folder that
   *     gets the contents of {@code source}; {@code /} for the root
   * @return a builder
   * @throws NotFoundException if {@code source} does not exist
   * @throws InvalidInputException if {@code target} is not absolute
   */
  public ImageBuilder add(Path source, String target) {
    if (!target.startsWith("/")) {
      throw new InvalidInputException(
          FileNames.quote(target) + " is not an absolute path in the image");
    }
    Path real;
    try {
      real = source.toRealPath();
    } catch (IOException e) {
      throw new NotFoundException(
          "cannot add "
              + FileNames.quote(FileNames.decode(FileNames.bytes(source)))
              + ": no such file or folder",
          e);
    }
    if (target.equals("/") && !Files.isDirectory(real)) {
      throw new InvalidInputException(
          "cannot add the file "
              + FileNames.quote(FileNames.decode(FileNames.bytes(source)))
              + " at /: pass its full path in the image");
    }
    String path = FileNames.decode(FileNames.bytes(real));
    PathOptions options = new PathOptions(Rewrite.moving(path, target), null);
    return withLayers(List.of(List.of(new LayerPath(path, options))));
  }

  /**
   * Adds layers that were planned by {@link LayerPlanner}, with all its options.
   *
   * @param plan the paths of each layer
   * @return a builder
   */
  public ImageBuilder addLayers(List<List<LayerPath>> plan) {
    return withLayers(plan);
  }

  private ImageBuilder withLayers(List<List<LayerPath>> more) {
    ImageBuilder next = new ImageBuilder(this);
    List<List<LayerPath>> all = new ArrayList<>(layers);
    all.addAll(more);
    next.layers = List.copyOf(all);
    return next;
  }

  private ImageBuilder with(ImageConfig.Builder changed) {
    ImageBuilder next = new ImageBuilder(this);
    next.settings = changed.build();
    return next;
  }

  /**
   * Sets the entry point. The command of the base is dropped, unless {@link #cmd} sets another.
   *
   * @param arguments the program and its first arguments
   * @return a builder
   */
  public ImageBuilder entrypoint(String... arguments) {
    return with(settings.toBuilder().entrypoint(List.of(arguments)));
  }

  /**
   * Sets the command, or the default arguments of the entry point.
   *
   * @param arguments the arguments
   * @return a builder
   */
  public ImageBuilder cmd(String... arguments) {
    return with(settings.toBuilder().cmd(List.of(arguments)));
  }

  /**
   * Sets an environment variable.
   *
   * @param name its name
   * @param value its value
   * @return a builder
   * @throws InvalidInputException if the name is empty or contains {@code =}
   */
  public ImageBuilder env(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new InvalidInputException(
          "invalid name of an environment variable: " + FileNames.quote(name));
    }
    List<String> env = new ArrayList<>(settings.env());
    env.removeIf(variable -> variable.startsWith(name + "="));
    env.add(name + "=" + value);
    return with(settings.toBuilder().env(env));
  }

  /**
   * Sets the user.
   *
   * @param user a name or number, with {@code :group} if needed
   * @return a builder
   */
  public ImageBuilder user(String user) {
    return with(settings.toBuilder().user(user));
  }

  /**
   * Sets the working directory.
   *
   * @param directory an absolute path in the image
   * @return a builder
   */
  public ImageBuilder workingDirectory(String directory) {
    return with(settings.toBuilder().workingDir(directory));
  }

  /**
   * Sets a label.
   *
   * @param name its name
   * @param value its value
   * @return a builder
   */
  public ImageBuilder label(String name, String value) {
    Map<String, String> labels = new HashMap<>(settings.labels());
    labels.put(name, value);
    return with(settings.toBuilder().labels(labels));
  }

  /**
   * Adds an exposed port.
   *
   * @param port a number with an optional protocol, such as {@code 8080/tcp}
   * @return a builder
   */
  public ImageBuilder exposedPort(String port) {
    List<String> ports = new ArrayList<>(settings.exposedPorts());
    ports.add(port);
    return with(settings.toBuilder().exposedPorts(ports));
  }

  /**
   * Adds a volume.
   *
   * @param directory an absolute path in the image
   * @return a builder
   */
  public ImageBuilder volume(String directory) {
    List<String> volumes = new ArrayList<>(settings.volumes());
    volumes.add(directory);
    return with(settings.toBuilder().volumes(volumes));
  }

  /**
   * Sets the time of creation that the image records.
   *
   * @param time the time; by default 0001-01-01T00:00:00Z, so that equal inputs give equal images
   * @return a builder
   */
  public ImageBuilder created(Instant time) {
    ImageBuilder next = new ImageBuilder(this);
    next.created = Timestamp.parse(time.toString());
    return next;
  }

  /**
   * Sets the number of threads that build layers. The image does not depend on it.
   *
   * @param threads at least 1; by default one for each processor
   * @return a builder
   */
  public ImageBuilder jobs(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, got " + threads);
    }
    ImageBuilder next = new ImageBuilder(this);
    next.jobs = threads;
    return next;
  }

  /**
   * Sets the listener for progress, of the build and of each copy.
   *
   * @param progress called from several threads; should return quickly
   * @return a builder
   */
  public ImageBuilder onProgress(ProgressListener progress) {
    ImageBuilder next = new ImageBuilder(this);
    next.listener = progress;
    return next;
  }

  /**
   * Sets what cancels the build and each copy. An interrupt of the calling thread cancels them in
   * any case.
   *
   * @param condition asked often and from several threads; once it returns true, the work ends
   *     within 200 ms with a {@link java.util.concurrent.CancellationException}
   * @return a builder
   */
  public ImageBuilder cancelWhen(BooleanSupplier condition) {
    ImageBuilder next = new ImageBuilder(this);
    next.cancelled = condition;
    return next;
  }

  /**
   * Computes the digests of all layers, and reads the manifest of the base.
   *
   * @return the image; to be closed when it has been copied
   * @throws dev.strata.io.StrataException if a file or the base cannot be read
   * @throws java.util.concurrent.CancellationException if the build is cancelled or the calling
   *     thread is interrupted
   */
  public BuiltImage build() {
    Source source = base == null ? null : openBase(base);
    try {
      BuiltImage image = build(source);
      source = null;
      return image;
    } finally {
      if (source != null) {
        source.close();
      }
    }
  }

  private Source openBase(String image) {
    return baseAccess.source(ImageLocation.parseSource(image), jobs, cancelled);
  }

  private BuiltImage build(@Nullable Source source) {
    Platform wanted = platform == null ? Platform.local() : platform;
    PlatformChoice choice =
        platform == null ? PlatformChoice.local() : PlatformChoice.one(platform);
    List<Blob> blobs = new ArrayList<>();
    ConfigJson config = ConfigJson.of(wanted);
    if (source != null) {
      ImageBlobs found = single(source.open(choice));
      config = ConfigJson.parse("the configuration of " + base, Manifest.bytes(found.config()));
      blobs.addAll(found.layers());
      if (config.layerCount() != blobs.size()) {
        throw new InvalidInputException(
            base
                + " has "
                + blobs.size()
                + " layers, but its configuration lists "
                + config.layerCount()
                + " diff ids");
      }
    }
    List<Layer> built = buildLayers();
    List<Digest> diffIds = new ArrayList<>();
    for (Layer layer : built) {
      diffIds.add(layer.diffId());
    }
    return new BuiltImage(
        source,
        blobs,
        built,
        config.withSettings(settings).withLayers(diffIds, history()).withCreated(created),
        created,
        new BuiltImage.Work(jobs, listener, cancelled));
  }

  private History history() {
    return new History(created, CREATED_BY, "", "", false);
  }

  private List<Layer> buildLayers() {
    return LayerBuilder.create()
        .withJobs(jobs)
        .withHistory(history())
        .withProgress(LayerChecks.before(new BuildProgress(listener, cancelled)))
        .build(layers);
  }

  private ImageBlobs single(CopySource image) {
    if (image instanceof CopySource.Single one) {
      return one.image();
    }
    throw new InvalidInputException(base + " is an index of several images; name one of them");
  }
}
