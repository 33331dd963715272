package dev.strata.explain.sbom;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ClosureAnalysis;
import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageFiles;
import dev.strata.explain.ImageFiles.Placed;
import dev.strata.explain.sbom.Found.Kind;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Combines what was found in the layers with what is known about the image. Used once. */
final class ModelBuilder {
  private static final Pattern STORE_PATH =
      Pattern.compile("(/nix/store/[0-9a-df-np-sv-z]{32}-[^/]+)(?:/.*)?", Pattern.DOTALL);

  /** The names that Nixpkgs gives to outputs, which follow the version in store paths. */
  private static final Set<String> OUTPUTS =
      Set.of(
          "bin", "data", "debug", "dev", "devdoc", "devman", "dist", "doc", "info", "lib", "man",
          "out", "static");

  private static final String UNPACKED_SOURCE = "source";
  private static final String BASE_NAME = "org.opencontainers.image.base.name";
  private static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
  private static final String LAYER = "strata:layer";

  private final ImageBlobs image;
  private final SbomOptions options;
  private final List<LayerScan.Result> layers;
  private final Set<String> knownPaths;
  private final Map<String, StorePath> graph = new HashMap<>();

  /** The layer of each store path; null if the path is not in a layer under its own name. */
  private final SortedMap<String, @Nullable Integer> storePaths = new TreeMap<>();

  /** The packages by the store paths that contain them, or by an empty text, and identifiers. */
  private final Map<String, SortedMap<String, Part>> parts = new HashMap<>();

  private final Set<String> notes = new TreeSet<>();
  private @Nullable Found distribution;

  /** A package and the files it was found in. */
  private record Part(Found found, TreeSet<String> locations) {}

  /** What the configuration says. */
  private static final class Config {
    private String architecture = "";
    private String os = "";
    private String created = "";
  }

  ModelBuilder(ImageBlobs image, SbomOptions options, List<LayerScan.Result> layers) {
    this.image = image;
    this.options = options;
    this.layers = layers;
    knownPaths = new HashSet<>(options.storePaths());
    if (options.graph() != null) {
      options.graph().paths().forEach(path -> graph.put(path.path(), path));
    }
    knownPaths.addAll(graph.keySet());
  }

  Model build() {
    List<Placed> files =
        ImageFiles.of(layers.stream().map(LayerScan.Result::files).toList()).files();
    distribution = distribution(files);
    options.storePaths().forEach(path -> storePaths.put(path, null));
    files.forEach(this::addFile);
    List<Component> components = new ArrayList<>();
    storePaths.forEach((path, layer) -> components.add(storePath(path, layer)));
    components.addAll(parts(""));
    components.addAll(bases());
    components.sort(Comparator.comparing(Component::ref));
    Component root = root();
    SortedMap<String, List<String>> dependencies = new TreeMap<>();
    boolean known = addReferences(dependencies);
    addRoots(root, components, known, dependencies);
    return new Model(
        root,
        created(),
        options.timestamp(),
        components,
        List.copyOf(storePaths.keySet()),
        dependencies,
        known,
        List.copyOf(notes));
  }

  private Digest digest() {
    return options.digest() == null ? image.manifest().descriptor().digest() : options.digest();
  }

  private @Nullable Found distribution(List<Placed> files) {
    Found found = null;
    for (Placed file : files) {
      for (Found here : found(file)) {
        // The files are sorted: the one in /etc comes before that in /usr, and counts.
        if (here.kind() == Kind.DISTRIBUTION && found == null) {
          found = here;
        }
      }
    }
    return found;
  }

  /** Returns the packages in a file, unless it is only another name of a file. */
  private List<Found> found(Placed file) {
    boolean own = file.file().type() == FileEntry.Type.FILE && file.file().link().isEmpty();
    return own
        ? layers.get(file.layer()).found().getOrDefault(file.file().path(), List.of())
        : List.of();
  }

  private void addFile(Placed file) {
    String path = file.file().path();
    String owner = storePathOf(path);
    if (!owner.isEmpty() && storePaths.get(owner) == null) {
      storePaths.put(owner, file.layer());
    }
    for (Found found : found(file)) {
      if (found.kind() != Kind.DISTRIBUTION || found.equals(distribution)) {
        String ref = ref(found, owner);
        parts
            .computeIfAbsent(found.kind().isSystem() ? "" : owner, _ -> new TreeMap<>())
            .computeIfAbsent(ref, _ -> new Part(found, new TreeSet<>()))
            .locations()
            .add(found.location());
      }
    }
    for (Notes.Note note : layers.get(file.layer()).notes()) {
      if (note.file().equals(path)) {
        notes.add(note.text());
      }
    }
  }

  private String storePathOf(String path) {
    Matcher inStore = STORE_PATH.matcher(path);
    if (inStore.matches()) {
      return inStore.group(1);
    }
    for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      if (knownPaths.contains(at)) {
        return at;
      }
    }
    return "";
  }

  private String ref(Found found, String owner) {
    String own =
        switch (found.kind()) {
          case DISTRIBUTION -> "os:" + found.name() + "@" + found.version();
          case JAR -> "file:" + found.location();
          default -> purl(found);
        };
    return owner.isEmpty() || found.kind().isSystem() ? own : owner + "#" + own;
  }

  private String purl(Found found) {
    Kind kind = found.kind();
    if (kind.purlType().isEmpty()) {
      return "";
    }
    String namespace = found.namespace();
    Map<String, String> qualifiers = new TreeMap<>(found.qualifiers());
    if (kind.isSystem()) {
      Found system = distribution;
      namespace =
          system != null
              ? system.name().toLowerCase(Locale.ROOT)
              : kind == Kind.DEB ? "debian" : "alpine";
      if (system != null && !system.version().isEmpty()) {
        qualifiers.put("distro", system.name() + "-" + system.version());
      }
    }
    return Purl.of(kind.purlType(), namespace, found.name(), found.version(), qualifiers);
  }

  private List<Component> parts(String owner) {
    List<Component> components = new ArrayList<>();
    parts
        .getOrDefault(owner, new TreeMap<>())
        .forEach((ref, part) -> {
          Found found = part.found();
          boolean system = found.kind().isSystem();
          components.add(
              new Component(
                  ref,
                  found.kind() == Kind.DISTRIBUTION
                      ? Component.Type.DISTRIBUTION
                      : Component.Type.PACKAGE,
                  found.namespace(),
                  found.name(),
                  found.version(),
                  purl(found),
                  part.locations().size() == 1 ? found.content() : null,
                  found.qualifiers().getOrDefault("title", ""),
                  new TreeMap<>(),
                  system ? List.of() : List.copyOf(part.locations()),
                  List.of()));
        });
    return components;
  }

  private Component storePath(String path, @Nullable Integer layer) {
    StorePathName name = StorePathName.of(path);
    String version = name.version();
    String output = version.substring(version.lastIndexOf('-') + 1);
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put(name.hash().isEmpty() ? "strata:path" : "nix:output_path", path);
    if (output.length() < version.length() && OUTPUTS.contains(output)) {
      version = version.substring(0, version.length() - output.length() - 1);
      properties.put("nix:output", output);
    }
    if (layer != null) {
      properties.put(LAYER, Integer.toString(layer));
    }
    StorePath known = graph.get(path);
    Digest hash = null;
    if (known != null) {
      hash = known.nar().hash().orElse(null);
      known.nar().size().ifPresent(size -> properties.put("nix:nar_size", Long.toString(size)));
      if (hash != null) {
        properties.put("nix:nar_hash", hash.value());
      }
    }
    boolean named = !name.hash().isEmpty() && !name.full().equals(UNPACKED_SOURCE);
    return new Component(
        path,
        Component.Type.SOFTWARE,
        "",
        name.name(),
        version,
        named ? Purl.of("nix", "", name.name(), version, Map.of()) : "",
        hash,
        "",
        properties,
        List.of(),
        parts(path));
  }

  /** Returns the base images: those whose layers lie in a registry, and the one in annotations. */
  private List<Component> bases() {
    Map<String, String> annotations = Manifest.of(image.manifest()).annotations();
    Map<String, List<Integer>> repositories = new TreeMap<>();
    String name = annotations.getOrDefault(BASE_NAME, "");
    String digest = annotations.getOrDefault(BASE_DIGEST, "");
    String annotated = name.isEmpty() ? "" : repository(name);
    if (!annotated.isEmpty()) {
      repositories.put(annotated, new ArrayList<>());
    }
    for (int i = 0; i < image.layers().size(); i++) {
      Blob layer = image.layers().get(i);
      if (layer instanceof RegistryLayer remote) {
        Reference repository = remote.source().repository();
        repositories
            .computeIfAbsent(
                repository.registry() + "/" + repository.repository(), _ -> new ArrayList<>())
            .add(i);
      }
    }
    List<Component> bases = new ArrayList<>();
    repositories.forEach((repository, numbers) -> {
      String version = repository.equals(annotated) ? digest : "";
      String purl = Purl.ofImage(repository, "", version, Map.of());
      SortedMap<String, String> properties = new TreeMap<>();
      if (!numbers.isEmpty()) {
        properties.put("strata:layers", numbers.toString().replaceAll("[\\[\\] ]", ""));
      }
      bases.add(
          new Component(
              "base:" + purl,
              Component.Type.IMAGE,
              "",
              repository,
              version,
              purl,
              null,
              "base image",
              properties,
              List.of(),
              List.of()));
    });
    return bases;
  }

  private static String repository(String name) {
    try {
      Reference parsed = Reference.parse(name);
      return parsed.registry() + "/" + parsed.repository();
    } catch (InvalidInputException _) {
      return "";
    }
  }

  private Config config() {
    Config config = new Config();
    JsonInput.parse(
        "the configuration",
        Manifest.bytes(image.config()),
        in -> {
          in.object(
              "of an image",
              (key, value) -> {
                switch (key) {
                  case "architecture" -> config.architecture = value.string("");
                  case "os" -> config.os = value.string("");
                  case "created" -> config.created = value.string("");
                  default -> value.skip();
                }
              });
          return config;
        });
    return config;
  }

  private @Nullable Timestamp created() {
    String created = config().created;
    Timestamp time = created.isEmpty() ? Timestamp.ZERO : Timestamp.parse(created);
    return time.equals(Timestamp.ZERO) ? null : time;
  }

  private Component root() {
    Config config = config();
    Reference name = options.name();
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("arch", config.architecture);
    String repository = "";
    if (name != null) {
      repository = name.registry() + "/" + name.repository();
      qualifiers.put("tag", name.tag() == null ? "" : name.tag());
    }
    String purl = Purl.ofImage(repository, "image", digest().value(), qualifiers);
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("oci:config_digest", image.config().descriptor().digest().value());
    properties.put("oci:platform", config.os + "/" + config.architecture);
    return new Component(
        purl,
        Component.Type.IMAGE,
        "",
        name == null ? "image" : repository,
        digest().value(),
        purl,
        digest(),
        "",
        properties,
        List.of(),
        List.of());
  }

  /** Adds the references between store paths, and returns whether all of them are known. */
  private boolean addReferences(SortedMap<String, List<String>> dependencies) {
    boolean all = true;
    for (String path : storePaths.keySet()) {
      StorePath known = graph.get(path);
      // As strata closure has it, a path that is not in a store refers to nothing.
      all &= known != null || StorePathName.of(path).hash().isEmpty();
      if (known != null) {
        List<String> references =
            known.references().stream()
                .filter(r -> storePaths.containsKey(r) && !r.equals(path))
                .sorted()
                .distinct()
                .toList();
        dependencies.put(path, references);
      }
    }
    if (!all) {
      notes.add(
          options.graph() == null
              ? "the references between the store paths are unknown: without a closure graph, the"
                  + " image depends on each of them directly"
              : "the closure graph does not contain all store paths of the image; it depends on the"
                  + " others directly");
    }
    return all;
  }

  /** The image depends on all that no other component depends on. */
  private void addRoots(
      Component root,
      List<Component> components,
      boolean known,
      SortedMap<String, List<String>> dependencies) {
    List<StorePath> referring = new ArrayList<>();
    dependencies.forEach((path, references) -> referring.add(new StorePath(path, references)));
    Set<String> direct =
        new TreeSet<>(ClosureAnalysis.of(new ClosureGraph(referring), List.of()).roots());
    for (Component component : components) {
      boolean referred = dependencies.containsKey(component.ref());
      if (!referred && (known || !isReferred(component.ref(), dependencies))) {
        direct.add(component.ref());
      }
    }
    dependencies.put(root.ref(), List.copyOf(direct));
  }

  private static boolean isReferred(String ref, SortedMap<String, List<String>> dependencies) {
    return dependencies.values().stream().anyMatch(references -> references.contains(ref));
  }
}
