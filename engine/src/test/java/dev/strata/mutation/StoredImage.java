package dev.strata.mutation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** A place that has an image, which must survive a copy that fails, and be whole after another. */
final class StoredImage {
  private final String kind;
  private final Path place;
  private final Map<String, String> before;

  private StoredImage(String kind, Path place, Map<String, String> before) {
    this.kind = kind;
    this.place = place;
    this.before = before;
  }

  /** Stores an image without changes. */
  static StoredImage create(String kind, Path place) throws IOException {
    Random random = new Random(0);
    switch (kind) {
      case "oci" -> {
        Map<String, byte[]> files = SampleImage.layout("", random);
        byte[] index = files.get("index.json");
        String renamed =
            new String(index, StandardCharsets.UTF_8)
                .replace("ref.name\":\"1\"", "ref.name\":\"old\"");
        // The copied image often has the same blobs: only this one's list of images is kept.
        Files.createDirectories(place);
        for (Map.Entry<String, byte[]> f : files.entrySet()) {
          if (!f.getKey().startsWith("blobs/")) {
            Files.write(place.resolve(f.getKey()), f.getValue());
          }
        }
        Files.writeString(place.resolve("index.json"), renamed);
      }
      case "dir" -> {
        Files.createDirectories(place);
        for (Map.Entry<String, byte[]> f : SampleImage.folder("", random).entrySet()) {
          Files.write(place.resolve(f.getKey()), f.getValue());
        }
      }
      default -> Files.writeString(place, "an older file");
    }
    return new StoredImage(kind, place, MutatedCopies.digests(place.resolveSibling("")));
  }

  /** Returns what follows the place in the name of the new image. */
  String newName() {
    return switch (kind) {
      case "dir" -> "";
      case "docker-archive" -> ":app:new";
      default -> ":new";
    };
  }

  /** Returns what a failed copy changed. Whole blobs may be left in a layout or a folder. */
  String problemAfterFailure() throws IOException {
    Map<String, String> after = MutatedCopies.digests(place.resolveSibling(""));
    for (Map.Entry<String, String> file : before.entrySet()) {
      if (!file.getValue().equals(after.get(file.getKey()))) {
        return "a failed copy changed or deleted " + file.getKey();
      }
    }
    return leftovers(after);
  }

  private String leftovers(Map<String, String> after) {
    for (Map.Entry<String, String> file : after.entrySet()) {
      String hex = file.getKey().substring(file.getKey().lastIndexOf('/') + 1);
      boolean blob = file.getValue().equals("sha256:" + hex);
      boolean oldFile = before.containsKey(file.getKey());
      boolean sha512 = hex.length() == 128;
      if (!blob && !oldFile && !sha512) {
        return "left " + file.getKey();
      }
    }
    return "";
  }

  /** Returns what is wrong with the new image. */
  String problemAfterCopy(Map<String, byte[]> sourceFiles, boolean newConfig) throws IOException {
    Set<String> known = new HashSet<>();
    sourceFiles.values().forEach(bytes -> known.add(SampleImage.sha256(bytes)));
    // A blob that the older image has is not read from the source.
    before.values().forEach(known::add);
    Map<String, byte[]> files = files();
    if (newConfig) {
      files.values().forEach(bytes -> known.add(SampleImage.sha256(bytes)));
    }
    if (kind.equals("docker-archive")) {
      return savedProblem(files, known);
    }
    byte[] root = root(files);
    if (root == null) {
      return "the copy has no manifest";
    }
    return manifestProblem(root, files, known);
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    if (Files.isDirectory(place)) {
      for (String name : MutatedCopies.digests(place).keySet()) {
        files.put(name, Files.readAllBytes(place.resolve(name)));
      }
      return files;
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(place)))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        if (entry.isFile()) {
          files.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    return files;
  }

  private byte @Nullable [] root(Map<String, byte[]> files) {
    if (kind.equals("dir")) {
      return files.get("manifest.json");
    }
    JsonTree entries = JsonTree.parse(files.getOrDefault("index.json", new byte[] {'{', '}'}));
    JsonTree manifests = entries.member("manifests");
    List<JsonTree> list = manifests == null ? List.of() : manifests.children;
    for (JsonTree entry : list) {
      if (new String(entry.bytes(), StandardCharsets.UTF_8).contains("ref.name\":\"new\"")) {
        return files.get("blobs/" + text(entry, "digest").replace(':', '/'));
      }
    }
    return null;
  }

  /** Checks a manifest, or an index with all its manifests. */
  private String manifestProblem(byte[] json, Map<String, byte[]> files, Set<String> known) {
    JsonTree manifest = JsonTree.parse(json);
    JsonTree images = manifest.member("manifests");
    if (images != null && images.kind == JsonTree.Kind.ARRAY && !images.children.isEmpty()) {
      for (JsonTree image : images.children) {
        byte[] child = blob(files, text(image, "digest"));
        if (child == null) {
          return "an image of the index is missing: " + text(image, "digest");
        }
        String problem = manifestProblem(child, files, known);
        if (!problem.isEmpty()) {
          return problem;
        }
      }
      return "";
    }
    List<String> digests = new ArrayList<>();
    JsonTree config = manifest.member("config");
    if (config != null && config.kind == JsonTree.Kind.OBJECT) {
      digests.add(text(config, "digest"));
    }
    JsonTree layers = manifest.member("layers");
    if (layers != null) {
      layers.children.forEach(l -> digests.add(text(l, "digest")));
    }
    for (String digest : digests) {
      byte[] bytes = blob(files, digest);
      if (bytes == null) {
        return "the blob " + digest + " is missing";
      }
      if (digest.startsWith("sha256:") && !SampleImage.sha256(bytes).equals(digest)) {
        return "the blob " + digest + " has other bytes";
      }
      if (digest.startsWith("sha256:") && !known.contains(digest) && !kind.equals("oci")) {
        return "the blob " + digest + " is not one of the source";
      }
    }
    return "";
  }

  private byte @Nullable [] blob(Map<String, byte[]> files, String digest) {
    String hex = digest.substring(digest.indexOf(':') + 1);
    if (!kind.equals("dir")) {
      return files.get("blobs/" + digest.replace(':', '/'));
    }
    byte[] blob = files.get(hex);
    return blob != null ? blob : files.get(hex + ".manifest.json");
  }

  /** Checks an archive of {@code docker save}: each layer must have the diff id of its config. */
  private static String savedProblem(Map<String, byte[]> files, Set<String> known) {
    JsonTree list = JsonTree.parse(files.getOrDefault("manifest.json", new byte[] {'[', ']'}));
    if (list.children.size() != 1) {
      return "the archive has " + list.children.size() + " images";
    }
    JsonTree image = list.children.getFirst();
    byte[] config = files.get(text(image, "Config"));
    if (config == null || !known.contains(SampleImage.sha256(config))) {
      return "the archive has another configuration";
    }
    JsonTree rootfs = JsonTree.parse(config).member("rootfs");
    JsonTree diffIds = rootfs == null ? null : rootfs.member("diff_ids");
    JsonTree layers = image.member("Layers");
    List<JsonTree> ids = diffIds == null ? List.of() : diffIds.children;
    List<JsonTree> names = layers == null ? List.of() : layers.children;
    if (ids.size() != names.size()) {
      return names.size() + " layers for " + ids.size() + " diff ids";
    }
    for (int i = 0; i < ids.size(); i++) {
      byte[] layer = files.get(unquoted(names.get(i)));
      if (layer == null || !SampleImage.sha256(layer).equals(unquoted(ids.get(i)))) {
        return "layer " + i + " does not have its diff id";
      }
    }
    return "";
  }

  private static String text(JsonTree object, String name) {
    JsonTree member = object.member(name);
    return member == null ? "" : unquoted(member);
  }

  private static String unquoted(JsonTree scalar) {
    return scalar.text.replace("\"", "");
  }
}
