package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.closure.ClosureGraph;
import dev.strata.compress.Compressor;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerCache;
import dev.strata.layer.LayerChecks;
import dev.strata.layer.SourceStamps;
import dev.strata.layer.WitnessWriter;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
  private static final int READERS = 4;

  /**
   * The creation time of images for which none is set: the time of the files in layers. Container
   * tools show no time for the year 1.
   */
  public static final Timestamp USUAL_TIME = new Timestamp("1970-01-01T00:00:01Z");

  /**
   * A layer: planned paths, or files whose owners are found out when the base is known; or layers
   * that are planned then.
   */
  private record Part(
      List<LayerPath> paths,
      @Nullable AddedFiles added,
      @Nullable IntFunction<List<List<LayerPath>>> plan) {
    static Part of(List<LayerPath> paths) {
      return new Part(paths, null, null);
    }
  }

  private final @Nullable String base;
  private final SourceSettings access;
  private boolean inherits = true;
  private @Nullable Platform platform;
  private List<Part> parts = List.of();
  private List<Layer> built = List.of();
  private List<UserFiles.User> users = List.of();
  private List<String> groups = List.of();
  private ImageConfig settings = ImageConfig.EMPTY;
  private @Nullable List<String> entrypoint;
  private @Nullable List<String> cmd;
  private SortedMap<String, String> annotations = new TreeMap<>();
  private Timestamp created = USUAL_TIME;
  private String createdBy = CREATED_BY;
  private LayerCache cache = LayerCache.NONE;
  private BaseCache baseCache = BaseCache.NONE;
  private int jobs = Runtime.getRuntime().availableProcessors();
  private ProgressListener listener = (_, _) -> {};
  private @Nullable Progress progress;
  private BooleanSupplier cancelled = () -> false;
  private @Nullable Compressor compressor;
  private String compressedFolder = "";
  private Predicate<String> changes = _ -> false;
  private @Nullable WitnessWriter witness;

  private ImageBuilder(@Nullable String base, SourceSettings access) {
    this.base = base;
    this.access = access;
  }

  private ImageBuilder(ImageBuilder other) {
    base = other.base;
    access = other.access;
    inherits = other.inherits;
    platform = other.platform;
    parts = other.parts;
    built = other.built;
    users = other.users;
    groups = other.groups;
    settings = other.settings;
    entrypoint = other.entrypoint;
    cmd = other.cmd;
    annotations = other.annotations;
    created = other.created;
    createdBy = other.createdBy;
    cache = other.cache;
    baseCache = other.baseCache;
    jobs = other.jobs;
    listener = other.listener;
    progress = other.progress;
    cancelled = other.cancelled;
    compressor = other.compressor;
    compressedFolder = other.compressedFolder;
    changes = other.changes;
    witness = other.witness;
  }

  /**
   * Starts with an empty image.
   *
   * @return a builder
   */
  public static ImageBuilder fromScratch() {
    return new ImageBuilder(null, CopyOptions.defaults().access());
  }

  /**
   * Starts with a base image, whose layers and configuration are kept. The base is read when {@link
   * #build} is called, its layers only when the image is copied to a place that lacks them, or if
   * users or {@linkplain AddedFiles directories} of the base have to be known.
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
    return from(image, access.access());
  }

  /**
   * Starts with a base image that needs settings to be read.
   *
   * @param image a place, as for {@link #from(String)}
   * @param access how to read it; the number of workers is that of the builder
   * @return a builder
   */
  public static ImageBuilder from(String image, SourceSettings access) {
    return new ImageBuilder(image, access);
  }

  /**
   * Drops the settings of the base image: how containers run is only what the builder sets.
   *
   * @return a builder
   */
  public ImageBuilder withoutBaseSettings() {
    ImageBuilder next = new ImageBuilder(this);
    next.inherits = false;
    return next;
  }

  /**
   * Sets the platform of the image, and which image of a multi-platform base to use. By default,
   * the image is for the platform of its base, and without one for Linux on this machine.
   *
   * @param name an operating system and a Go architecture name, such as {@code linux/arm64} or
   *     {@code linux/arm/v7}
   * @return a builder
   * @throws InvalidInputException if the name is malformed, or the operating system is not Linux
   */
  public ImageBuilder platform(String name) {
    return platform(Platform.parse(name));
  }

  private ImageBuilder platform(Platform wanted) {
    if (!wanted.os().equals("linux")) {
      throw new InvalidInputException(
          "cannot build an image for "
              + FileNames.quote(wanted.os())
              + ": only linux is supported");
    }
    ImageBuilder next = new ImageBuilder(this);
    next.platform = wanted;
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
    return addLayers(LayerPlanner.create().withMaxLayers(maxLayers).plan(paths));
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
    return add(AddedFiles.of(source, target));
  }

  /**
   * Adds a file or folder as a layer.
   *
   * @param files the files, with where they go, their owner and modes, and what is left out
   * @return a builder
   */
  public ImageBuilder add(AddedFiles files) {
    return with(List.of(new Part(List.of(), files, null)));
  }

  /**
   * Adds layers that were planned by {@link LayerPlanner}, with all its options. A layer that the
   * base has, or that was planned before, is left out.
   *
   * @param plan the paths of each layer
   * @return a builder
   */
  public ImageBuilder addLayers(List<List<LayerPath>> plan) {
    List<Part> planned = new ArrayList<>();
    plan.forEach(paths -> planned.add(Part.of(paths)));
    return with(planned);
  }

  /**
   * Adds layers that are planned when the base is known, so that its layers count against a limit.
   *
   * @param plan returns the paths of each layer, given the number of the other layers of the image:
   *     those of the base, of users and of added files, and those that were planned before. Called
   *     for each platform
   * @return a builder
   */
  public ImageBuilder addLayers(IntFunction<List<List<LayerPath>>> plan) {
    return with(List.of(new Part(List.of(), null, plan)));
  }

  /**
   * Adds layers that have been built already, above all others.
   *
   * @param layers the layers, such as those of {@link PlannedLayers}, the lowest first
   * @return a changed copy
   */
  public ImageBuilder addBuilt(List<Layer> layers) {
    ImageBuilder next = new ImageBuilder(this);
    next.built = joined(built, layers);
    return next;
  }

  private ImageBuilder with(List<Part> more) {
    ImageBuilder next = new ImageBuilder(this);
    next.parts = joined(parts, more);
    return next;
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /**
   * Adds a user to {@code /etc/passwd}, a group of the same name to {@code /etc/group} unless the
   * image has one with that number, and the home directory if it is missing. For this, the layers
   * of the base are read.
   *
   * @param name the name of the user
   * @param uid the number of the user
   * @param gid the number of its group
   * @param home its home directory, an absolute path
   * @return a builder
   * @throws InvalidInputException if the name, a number or the directory is malformed
   */
  public ImageBuilder addUser(String name, long uid, long gid, String home) {
    boolean valid =
        Owners.isName(name)
            && name.indexOf(':') < 0
            && Owners.isNumber(String.valueOf(uid))
            && Owners.isNumber(String.valueOf(gid));
    if (!valid) {
      throw new InvalidInputException(
          "invalid user " + FileNames.quote(name) + ": use a name and numbers up to 4294967294");
    }
    Owners.check(name);
    checkHome(home);
    ImageBuilder next = new ImageBuilder(this);
    next.users = joined(users, List.of(new UserFiles.User(name, uid, gid, home)));
    return next;
  }

  /**
   * Adds groups to {@code /etc/group}. For this, the layers of the base are read.
   *
   * @param lines lines of that file, such as {@code staff:x:50:app}
   * @return a builder
   * @throws InvalidInputException if a line is malformed
   */
  public ImageBuilder addGroups(List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields.length != 4 || fields[0].isEmpty() || !Owners.isNumber(fields[2])) {
        throw new InvalidInputException(
            "invalid group " + FileNames.quote(line) + "; use the form name:x:50:user,user");
      }
    }
    ImageBuilder next = new ImageBuilder(this);
    next.groups = joined(groups, lines);
    return next;
  }

  private static void checkHome(String directory) {
    if (!directory.startsWith("/") || directory.indexOf(':') >= 0 || directory.indexOf('\n') >= 0) {
      throw new InvalidInputException(
          "invalid home directory " + FileNames.quote(directory) + "; use an absolute path");
    }
  }

  private ImageBuilder with(ImageConfig.Builder changed) {
    ImageBuilder next = new ImageBuilder(this);
    next.settings = changed.build();
    return next;
  }

  /**
   * Sets how containers run. Later calls change single settings. What is not set here is that of
   * the base; its environment variables, labels, ports and volumes are kept.
   *
   * @param config the settings
   * @return a builder
   * @throws InvalidInputException if a setting is invalid
   */
  public ImageBuilder settings(ImageConfig config) {
    return with(SettingRules.checked(config));
  }

  /**
   * Sets the entry point. The command of the base is dropped, unless {@link #cmd} sets another.
   *
   * @param arguments the program and its first arguments; none to drop that of the base
   * @return a builder
   */
  public ImageBuilder entrypoint(String... arguments) {
    ImageBuilder next = new ImageBuilder(this);
    next.entrypoint = List.of(arguments);
    return next;
  }

  /**
   * Sets the command, or the default arguments of the entry point.
   *
   * @param arguments the arguments; none to drop those of the base
   * @return a builder
   */
  public ImageBuilder cmd(String... arguments) {
    ImageBuilder next = new ImageBuilder(this);
    next.cmd = List.of(arguments);
    return next;
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
    SettingRules.checkVariableName(name);
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
   * @throws InvalidInputException if the name or number is malformed
   */
  public ImageBuilder user(String user) {
    Owners.checkUser(user);
    return with(settings.toBuilder().user(user));
  }

  /**
   * Sets the working directory.
   *
   * @param directory an absolute path in the image
   * @return a builder
   * @throws InvalidInputException if the path is not absolute
   */
  public ImageBuilder workingDirectory(String directory) {
    SettingRules.checkWorkingDirectory(directory);
    return with(settings.toBuilder().workingDir(directory));
  }

  /**
   * Sets a label.
   *
   * @param name its name
   * @param value its value
   * @return a builder
   * @throws InvalidInputException if the name is empty
   */
  public ImageBuilder label(String name, String value) {
    SettingRules.checkLabel(name);
    Map<String, String> labels = new HashMap<>(settings.labels());
    labels.put(name, value);
    return with(settings.toBuilder().labels(labels));
  }

  /**
   * Sets an annotation of the image's manifest.
   *
   * @param name its name
   * @param value its value
   * @return a builder
   * @throws InvalidInputException if the name is empty
   */
  public ImageBuilder annotation(String name, String value) {
    if (name.isEmpty()) {
      throw new InvalidInputException("an annotation has an empty name; use NAME=VALUE");
    }
    ImageBuilder next = new ImageBuilder(this);
    next.annotations = new TreeMap<>(annotations);
    next.annotations.put(name, value);
    return next;
  }

  /**
   * Sets the signal that stops a container.
   *
   * @param signal a name or number, such as {@code SIGTERM}
   * @return a builder
   * @throws InvalidInputException if Linux has no such signal
   */
  public ImageBuilder stopSignal(String signal) {
    Signals.check(signal);
    return with(settings.toBuilder().stopSignal(signal));
  }

  /**
   * Sets how a container is checked.
   *
   * @param check the check
   * @return a builder
   * @throws InvalidInputException if the test, a time or the number of retries is invalid
   */
  public ImageBuilder healthcheck(Healthcheck check) {
    SettingRules.check(check);
    return with(settings.toBuilder().healthcheck(check));
  }

  /**
   * Adds an exposed port or a range of ports.
   *
   * @param port a number with an optional protocol, such as {@code 8080/tcp} or {@code
   *     8000-8010/udp}
   * @return a builder
   * @throws InvalidInputException if it is neither
   */
  public ImageBuilder exposedPort(String port) {
    List<String> ports = new ArrayList<>(settings.exposedPorts());
    ports.addAll(SettingRules.ports(port));
    return with(settings.toBuilder().exposedPorts(ports));
  }

  /**
   * Adds a volume.
   *
   * @param directory an absolute path in the image
   * @return a builder
   * @throws InvalidInputException if the path is not absolute, is the root, or has a colon
   */
  public ImageBuilder volume(String directory) {
    SettingRules.checkVolume(directory);
    List<String> volumes = new ArrayList<>(settings.volumes());
    volumes.add(directory);
    return with(settings.toBuilder().volumes(volumes));
  }

  /**
   * Sets the time of creation that the image records.
   *
   * @param time the time; by default 1970-01-01T00:00:01Z, so that equal inputs give equal images
   * @return a builder
   */
  public ImageBuilder created(Instant time) {
    return created(Timestamp.parse(time.toString()));
  }

  /**
   * Sets the time of creation that the image and the history of its layers record.
   *
   * @param time the time
   * @return a builder
   */
  public ImageBuilder created(Timestamp time) {
    ImageBuilder next = new ImageBuilder(this);
    next.created = time;
    return next;
  }

  /**
   * Sets what the history of the layers says they were created by.
   *
   * @param command a command; {@code strata} by default
   * @return a builder
   */
  public ImageBuilder createdBy(String command) {
    ImageBuilder next = new ImageBuilder(this);
    next.createdBy = command;
    return next;
  }

  /**
   * Stores compressed layers in a folder, which the description of the image then refers to.
   *
   * @param how compresses them
   * @param folder the folder as it is recorded, a name for {@link FileNames#path(String)}
   * @return a builder
   */
  public ImageBuilder storeCompressed(Compressor how, String folder) {
    ImageBuilder next = new ImageBuilder(this);
    next.compressor = how;
    next.compressedFolder = folder;
    return next;
  }

  /**
   * Sets where digests of layers are remembered, so that layers that have not changed are not read
   * again. The image does not depend on it.
   *
   * @param digests the cache, such as {@link LayerCache#ofUser}; by default {@link LayerCache#NONE}
   * @return a builder
   */
  public ImageBuilder cache(LayerCache digests) {
    ImageBuilder next = new ImageBuilder(this);
    next.cache = digests;
    return next;
  }

  /**
   * Sets where the directories, links, users and groups of base images are remembered, so that
   * their layers are not read again. The image does not depend on it.
   *
   * @param layers the cache, such as {@link BaseCache#ofUser}; by default {@link BaseCache#NONE}
   * @return a builder
   */
  public ImageBuilder baseCache(BaseCache layers) {
    ImageBuilder next = new ImageBuilder(this);
    next.baseCache = layers;
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
   * Records the state of paths that can change in the description of the image, so that a later
   * change is noticed before the image is copied.
   *
   * @param paths whether the files of a path can change, such as those outside a Nix store; none by
   *     default
   * @return a builder
   */
  public ImageBuilder noticeChanges(Predicate<String> paths) {
    ImageBuilder next = new ImageBuilder(this);
    next.changes = paths;
    return next;
  }

  /**
   * Records the files of the layers in a witness.
   *
   * @param writer the witness; to be committed after the build
   * @return a builder
   */
  public ImageBuilder witness(WitnessWriter writer) {
    ImageBuilder next = new ImageBuilder(this);
    next.witness = writer;
    return next;
  }

  /**
   * Sets the receiver of the events of the build, which may cancel it, too.
   *
   * @param events receives the events
   * @return a builder
   */
  public ImageBuilder onBuild(Progress events) {
    ImageBuilder next = new ImageBuilder(this);
    next.progress = events;
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
    return buildOne(null);
  }

  /**
   * Builds the same image for several platforms, each on the base for that platform.
   *
   * @param platforms the platforms, as for {@link #platform}
   * @return the images; to be closed when they have been copied
   * @throws InvalidInputException if a platform is malformed, or is named twice
   * @throws dev.strata.io.StrataException if a file or the base cannot be read
   * @throws java.util.concurrent.CancellationException if the build is cancelled or the calling
   *     thread is interrupted
   */
  public BuiltIndex build(List<String> platforms) {
    Map<Platform, BuiltImage> images = new LinkedHashMap<>();
    Map<List<List<LayerPath>>, List<Layer>> known = new HashMap<>();
    try {
      for (String name : platforms) {
        Platform wanted = Platform.parse(name);
        if (images.containsKey(wanted)) {
          throw new InvalidInputException(
              "the platform " + wanted + " is named twice; name each platform once");
        }
        images.put(wanted, platform(wanted).buildOne(known));
      }
      BuiltIndex index = new BuiltIndex(images);
      images = Map.of();
      return index;
    } finally {
      images.values().forEach(BuiltImage::close);
    }
  }

  /**
   * Builds an image.
   *
   * @param known the layers of earlier plans, to be used again; null if there is only one plan
   */
  private BuiltImage buildOne(@Nullable Map<List<List<LayerPath>>, List<Layer>> known) {
    if (base == null) {
      return buildOn(null, null, known);
    }
    ImageLocation place = ImageLocation.parseSource(base);
    Transfer.Listener events = new BaseListener(access.listener(), cancelled);
    Source source = Transports.source(place, access.withJobs(jobs).withListener(events));
    try {
      boolean tlsVerify = !Boolean.FALSE.equals(access.registry().tlsVerify());
      BaseImage read = BaseImage.read(base, place, source, platform, tlsVerify).dated(created);
      BuiltImage image = buildOn(source, read, known);
      source = null;
      return image;
    } finally {
      if (source != null) {
        source.close();
      }
    }
  }

  private BuiltImage buildOn(
      @Nullable Source source,
      @Nullable BaseImage on,
      @Nullable Map<List<List<LayerPath>>, List<Layer>> known) {
    List<Layer> layers = new ArrayList<>(on == null ? List.of() : on.image().layers());
    int baseLayers = layers.size();
    Supplier<List<Blob>> baseBlobs = on == null ? List::of : on.layers();
    Map<Integer, Blob> own = new HashMap<>();
    Owners owners = Owners.NONE;
    ImageDirectories directories = ImageDirectories.of(Map.of());
    if (needsUsers() || on != null && needsBase(on.image().config())) {
      UserFiles files =
          UserFiles.of(
              baseBlobs.get(),
              baseCache,
              new Transfer(READERS, new CopyProgress((_, _) -> {}, cancelled)));
      if (needsUsers()) {
        files = files.with(users, groups);
        owners = files.owners();
      }
      directories = files.directories();
      if (!users.isEmpty() || !groups.isEmpty()) {
        Blob blob = new BytesBlob(MediaTypes.LAYER, files.tar());
        Descriptor d = blob.descriptor();
        own.put(layers.size(), blob);
        layers.add(
            Layer.builder()
                .digest(d.digest())
                .size(d.size())
                .diffId(d.digest())
                .history(history())
                .build());
      }
    }
    List<Part> all = planned(layers.size());
    List<List<LayerPath>> plan = plan(all, owners, directories);
    List<Layer> fresh = known == null ? null : known.get(plan);
    if (fresh == null) {
      fresh = buildLayers(plan);
      if (known != null) {
        known.put(plan, fresh);
      }
    }
    addLayers(fresh, all, layers, own);
    addBuiltTo(layers, own);
    Platform target = platform == null ? Platform.local() : platform;
    if (on != null && !on.image().arch().isEmpty()) {
      target = new Platform(target.os(), on.image().arch(), on.image().variant());
    }
    SortedMap<String, String> merged = new TreeMap<>(on == null ? Map.of() : on.annotations());
    merged.putAll(annotations);
    Image image =
        new Image(
            Image.VERSION,
            config(on == null || !inherits ? ImageConfig.EMPTY : on.image().config()),
            layers,
            target.architecture(),
            created,
            merged,
            target.variant());
    return new BuiltImage(
        source, image, baseLayers, baseBlobs, own, new BuiltImage.Work(jobs, listener, cancelled));
  }

  private boolean needsUsers() {
    boolean named = parts.stream().anyMatch(p -> p.added != null && p.added.hasOwnerName());
    return named || !users.isEmpty() || !groups.isEmpty();
  }

  /** Plans the layers that depend on the number of the others. */
  private List<Part> planned(int below) {
    int others = below + built.size();
    for (Part part : parts) {
      others += part.plan == null ? 1 : 0;
    }
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      if (part.plan == null) {
        all.add(part);
      } else {
        for (List<LayerPath> paths : part.plan.apply(others)) {
          all.add(Part.of(paths));
          others++;
        }
      }
    }
    return all;
  }

  private boolean needsBase(ImageConfig inherited) {
    return parts.stream()
        .anyMatch(p -> p.added != null && ImageDirectories.needBase(p.added, inherited));
  }

  private static List<List<LayerPath>> plan(List<Part> all, Owners owners, ImageDirectories base) {
    List<List<LayerPath>> plan = new ArrayList<>();
    ImageDirectories known = base;
    for (Part part : all) {
      if (part.added == null) {
        plan.add(part.paths);
      } else {
        PlacedFiles placed = PlacedFiles.of(part.added, owners, known);
        plan.add(List.of(placed.planned()));
        known = known.with(placed);
      }
    }
    return plan;
  }

  /**
   * Adds layers on top. A planned layer that is there already is left out; added files are not,
   * since those between may hide them.
   */
  private void addLayers(
      List<Layer> built, List<Part> all, List<Layer> layers, Map<Integer, Blob> own) {
    Map<Digest, Integer> positions = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).hasDigest()) {
        positions.putIfAbsent(layers.get(i).digest(), i);
      }
    }
    for (int i = 0; i < built.size(); i++) {
      Layer layer = built.get(i);
      Blob blob = LayerBlobs.of(layer, jobs);
      Integer same = positions.putIfAbsent(layer.digest(), layers.size());
      if (same == null || all.get(i).added != null) {
        own.put(layers.size(), blob);
        layers.add(layer);
      } else if (!layers.get(same).isLocal()) {
        // The bytes need not be read from the registry.
        layers.set(same, layer.toBuilder().history(layers.get(same).history()).build());
        own.put(same, blob);
      }
    }
  }

  /** Adds the layers that were built before, unless they are there already. */
  private void addBuiltTo(List<Layer> layers, Map<Integer, Blob> own) {
    Set<Digest> there = new HashSet<>();
    layers.stream().filter(Layer::hasDigest).forEach(layer -> there.add(layer.digest()));
    for (Layer layer : built) {
      if (there.add(layer.digest())) {
        own.put(layers.size(), LayerBlobs.of(layer, jobs));
        layers.add(layer);
      }
    }
  }

  private ImageConfig config(ImageConfig inherited) {
    Set<String> ports = new HashSet<>(inherited.exposedPorts());
    ports.addAll(settings.exposedPorts());
    Set<String> volumes = new HashSet<>(inherited.volumes());
    volumes.addAll(settings.volumes());
    ImageConfig.Builder merged =
        settings.inheriting(inherited).toBuilder().exposedPorts(ports).volumes(volumes);
    if (entrypoint != null) {
      merged.entrypoint(entrypoint).cmd(settings.cmd()).argsEscaped(false);
    }
    if (cmd != null) {
      merged.cmd(cmd).argsEscaped(false);
    }
    return merged.build();
  }

  private History history() {
    return new History(created, createdBy, "", "", false);
  }

  private List<Layer> buildLayers(List<List<LayerPath>> plan) {
    Progress events = progress == null ? new BuildProgress(listener, cancelled) : progress;
    SourceStamps stamps = SourceStamps.take(changeable(plan), jobs, events, cache);
    LayerBuilder builder =
        LayerBuilder.create()
            .withJobs(jobs)
            .withHistory(history())
            .withCache(cache, stamps)
            .withProgress(LayerChecks.before(events));
    List<Layer> built =
        stamps.addTo((witness == null ? builder : builder.withWitness(witness)).build(plan));
    return compressor == null ? built : compressor.writeAll(built, compressedFolder, jobs);
  }

  private List<String> changeable(List<List<LayerPath>> plan) {
    return plan.stream().flatMap(List::stream).map(LayerPath::path).filter(changes).toList();
  }
}
