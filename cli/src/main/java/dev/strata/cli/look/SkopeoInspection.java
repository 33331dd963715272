package dev.strata.cli.look;

import dev.strata.cli.template.GoDigest;
import dev.strata.cli.template.GoList;
import dev.strata.cli.template.GoMap;
import dev.strata.cli.template.GoStruct;
import dev.strata.cli.template.GoTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code skopeo inspect} shows, with its names and in its order. */
final class SkopeoInspection {
  private SkopeoInspection() {}

  /**
   * Describes an image.
   *
   * @param name the name of its repository; empty if it has none
   * @param digest the digest of its manifest, or of the index it is in
   * @param tags the tags of its repository
   * @param manifest its manifest
   * @param config its configuration
   */
  static GoStruct image(
      String name, String digest, List<String> tags, JsonTree manifest, JsonTree config) {
    List<JsonTree> blobs = manifest.objects("layers");
    List<String> layers = new ArrayList<>();
    List<GoStruct> data = new ArrayList<>();
    for (JsonTree layer : blobs == null ? List.<JsonTree>of() : blobs) {
      layers.add(layer.text("digest"));
      data.add(
          new GoStruct.Builder()
              .field("MIMEType", layer.text("mediaType"))
              .field("Digest", new GoDigest(layer.text("digest")))
              .field("Size", layer.number("size", -1))
              .field("Annotations", map(layer.textsByName("annotations")))
              .build());
    }
    JsonTree settings = config.object("config");
    return new GoStruct.Builder()
        .optional("Name", "Name", name)
        .optional("Tag", "Tag", "")
        .field("Digest", new GoDigest(digest))
        .field("RepoTags", GoList.of(tags))
        .field("Created", time(config))
        .field("DockerVersion", config.text("docker_version"))
        .field("Labels", map(settings.textsByName("Labels")))
        .field("Architecture", config.text("architecture"))
        .field("Os", config.text("os"))
        .field("Layers", GoList.of(layers))
        .field("LayersData", GoList.of(data))
        .field("Env", list(settings.texts("Env")))
        .build();
  }

  /** Describes a configuration, with the fields of the OCI specification alone, as Skopeo does. */
  static GoStruct config(JsonTree config) {
    JsonTree settings = config.object("config");
    GoStruct run =
        new GoStruct.Builder()
            .optional("User", "User", settings.text("User"))
            .optional("ExposedPorts", "ExposedPorts", set(settings.textsByName("ExposedPorts")))
            .optional("Env", "Env", list(settings.texts("Env")))
            .optional("Entrypoint", "Entrypoint", list(settings.texts("Entrypoint")))
            .optional("Cmd", "Cmd", list(settings.texts("Cmd")))
            .optional("Volumes", "Volumes", set(settings.textsByName("Volumes")))
            .optional("WorkingDir", "WorkingDir", settings.text("WorkingDir"))
            .optional("Labels", "Labels", map(settings.textsByName("Labels")))
            .optional("StopSignal", "StopSignal", settings.text("StopSignal"))
            .optional("ArgsEscaped", "ArgsEscaped", settings.flag("ArgsEscaped"))
            .build();
    JsonTree rootfs = config.object("rootfs");
    List<String> diffIds = rootfs.texts("diff_ids");
    GoStruct layers =
        new GoStruct.Builder()
            .field("Type", "type", false, rootfs.text("type"))
            .field(
                "DiffIDs",
                "diff_ids",
                false,
                diffIds == null
                    ? GoList.NIL
                    : GoList.of(diffIds.stream().map(GoDigest::new).toList()))
            .build();
    return new GoStruct.Builder()
        .optional("Created", "created", time(config))
        .optional("Author", "author", config.text("author"))
        .field("Architecture", "architecture", false, config.text("architecture"))
        .field("OS", "os", false, config.text("os"))
        .optional("OSVersion", "os.version", config.text("os.version"))
        .optional("OSFeatures", "os.features", list(config.texts("os.features")))
        .optional("Variant", "variant", config.text("variant"))
        .field("Config", "config", false, run)
        .field("RootFS", "rootfs", false, layers)
        .optional("History", "history", history(config.objects("history")))
        .build();
  }

  private static GoList history(@Nullable List<JsonTree> entries) {
    if (entries == null) {
      return GoList.NIL;
    }
    List<GoStruct> history = new ArrayList<>();
    for (JsonTree entry : entries) {
      history.add(
          new GoStruct.Builder()
              .optional("Created", "created", time(entry))
              .optional("CreatedBy", "created_by", entry.text("created_by"))
              .optional("Author", "author", entry.text("author"))
              .optional("Comment", "comment", entry.text("comment"))
              .optional("EmptyLayer", "empty_layer", entry.flag("empty_layer"))
              .build());
    }
    return GoList.of(history);
  }

  /** The time of creation; the text itself if it is not a valid time, which Skopeo would refuse. */
  private static @Nullable Object time(JsonTree object) {
    String text = object.text("created");
    Object time = text.isEmpty() ? null : GoTime.parse(text);
    return time != null || text.isEmpty() ? time : text;
  }

  private static GoList list(@Nullable List<String> texts) {
    return texts == null ? GoList.NIL : GoList.of(texts);
  }

  private static GoMap map(@Nullable Map<String, String> texts) {
    return texts == null ? GoMap.NIL : GoMap.of(texts);
  }

  /** A map to empty structs, which is how Go writes a set. */
  private static GoMap set(@Nullable Map<String, String> names) {
    if (names == null) {
      return GoMap.NIL;
    }
    java.util.SortedMap<String, Object> members = new java.util.TreeMap<>();
    names.keySet().forEach(name -> members.put(name, GoStruct.EMPTY));
    return GoMap.of(members, GoStruct.EMPTY);
  }
}
