package dev.strata.mutation;

import java.util.List;
import java.util.Random;

/** Changes one node of a JSON document, knowing what manifests and configurations look like. */
final class JsonMutation {
  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "1.5",
          "1e3",
          "1e400",
          "-1e-400",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "99999999999999999999999999",
          "4194305",
          "\"\"",
          "\" \"",
          "\"0\"",
          "\"null\"",
          "{}",
          "[]",
          "[null]",
          "[[]]",
          "{\"a\":1}",
          "\"\\u0000\"",
          "\"\\u001b[2J\"",
          "\"\\ud800\"",
          "\"a\\nb\"",
          "\"../../etc/passwd\"",
          "\"/\"");

  private static final List<String> DIGESTS =
      List.of(
          "sha256:",
          "sha256",
          ":",
          "sha256:0",
          "sha256:../../../../etc/passwd",
          "sha256:" + "A".repeat(64),
          "sha256:" + "0".repeat(63),
          "sha256:" + "0".repeat(64),
          "sha256:" + "0".repeat(65),
          "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "sha512:" + "0".repeat(128),
          "md5:" + "0".repeat(32),
          "../x:" + "0".repeat(64));

  private static final List<String> TYPES =
      List.of(
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.oci.image.layer.v1.tar",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.oci.image.layer.v1.tar+zstd",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
          "application/vnd.docker.distribution.manifest.v1+prettyjws",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.container.image.v1+json",
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
          "application/vnd.oci.empty.v1+json",
          "application/octet-stream",
          "");

  private JsonMutation() {}

  /** Returns a document with one to three changes. */
  static byte[] apply(byte[] json, Random random) {
    if (random.nextInt(25) == 0) {
      return broken(json, random);
    }
    JsonTree root = JsonTree.parse(json);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      change(root, random);
    }
    return root.bytes();
  }

  /** Cuts the text off, or changes a byte of it. */
  private static byte[] broken(byte[] json, Random random) {
    int at = random.nextInt(json.length);
    if (random.nextBoolean()) {
      return java.util.Arrays.copyOf(json, at);
    }
    byte[] changed = json.clone();
    changed[at] = (byte) random.nextInt(256);
    return changed;
  }

  private static void change(JsonTree root, Random random) {
    List<JsonTree> nodes = root.descendants();
    if (nodes.isEmpty()) {
      return;
    }
    JsonTree node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(9)) {
      case 0 -> remove(root, node);
      case 1 -> become(node, JsonTree.scalar(SCALARS.get(random.nextInt(SCALARS.size()))));
      case 2 -> become(node, nodes.get(random.nextInt(nodes.size())).copy());
      case 3 -> repeat(root, node, random);
      case 4 -> named(nodes, "digest", DIGESTS, random);
      case 5 -> named(nodes, "mediaType", TYPES, random);
      case 6 -> size(nodes, random);
      case 7 -> become(node, JsonTree.scalar(nested(random)));
      default -> rename(node, random);
    }
  }

  private static void become(JsonTree node, JsonTree other) {
    node.kind = other.kind;
    node.text = other.text;
    List<JsonTree> children = List.copyOf(other.children);
    node.children.clear();
    node.children.addAll(children);
  }

  private static void remove(JsonTree parent, JsonTree node) {
    if (!parent.children.remove(node)) {
      parent.children.forEach(c -> remove(c, node));
    }
  }

  private static void repeat(JsonTree parent, JsonTree node, Random random) {
    int at = parent.children.indexOf(node);
    if (at < 0) {
      List.copyOf(parent.children).forEach(c -> repeat(c, node, random));
      return;
    }
    int times = random.nextInt(10) == 0 ? 2_000 : 1;
    for (int i = 0; i < times; i++) {
      JsonTree again = node.copy();
      if (random.nextBoolean()) {
        become(again, JsonTree.scalar(SCALARS.get(random.nextInt(SCALARS.size()))));
      }
      parent.children.add(random.nextInt(parent.children.size() + 1), again);
    }
  }

  private static void named(List<JsonTree> nodes, String name, List<String> values, Random random) {
    List<JsonTree> found = nodes.stream().filter(n -> name.equals(n.name)).toList();
    if (found.isEmpty()) {
      return;
    }
    JsonTree node = found.get(random.nextInt(found.size()));
    String value =
        random.nextInt(3) == 0
            ? found.get(random.nextInt(found.size())).text
            : JsonTree.quoted(values.get(random.nextInt(values.size())));
    become(node, JsonTree.scalar(value));
  }

  private static void size(List<JsonTree> nodes, Random random) {
    List<JsonTree> found = nodes.stream().filter(n -> "size".equals(n.name)).toList();
    if (found.isEmpty()) {
      return;
    }
    JsonTree node = found.get(random.nextInt(found.size()));
    if (node.kind == JsonTree.Kind.SCALAR && node.text.matches("\\d{1,9}")) {
      node.text = String.valueOf(Long.parseLong(node.text) + random.nextInt(-2, 3));
    }
  }

  private static String nested(Random random) {
    int depth = random.nextBoolean() ? 200 : 50_000;
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  private static void rename(JsonTree node, Random random) {
    String name = node.name;
    if (name != null) {
      node.name =
          switch (random.nextInt(3)) {
            case 0 -> name.toUpperCase(java.util.Locale.ROOT);
            case 1 -> name + "x".repeat(random.nextInt(100_000));
            default -> "\u202e" + name;
          };
    }
  }
}
