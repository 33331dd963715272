package dev.strata.mutation;

import com.github.luben.zstd.Zstd;
import dev.strata.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The files of a small image in one of the formats that images are stored in. One of its JSON
 * documents may be changed; whether what refers to that document is changed with it is chosen at
 * random.
 */
final class SampleImage {
  private static final String OCI = "application/vnd.oci.image.";
  private static final String DOCKER = "application/vnd.docker.";

  /** The documents of an OCI layout. */
  static final List<String> LAYOUT_DOCUMENTS =
      List.of(
          "config",
          "manifest",
          "docker-config",
          "docker-manifest",
          "attestation",
          "nested",
          "index",
          "index.json",
          "oci-layout");

  /** The documents of an image in a {@code dir:} folder. */
  static final List<String> FOLDER_DOCUMENTS = List.of("config", "manifest");

  /** The documents of a {@code docker save} archive. */
  static final List<String> SAVED_DOCUMENTS = List.of("config", "manifest.json");

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final String document;
  private final boolean consistent;
  private final Random random;

  private record Stored(String digest, long size) {}

  private SampleImage(String document, Random random) {
    this.document = document;
    this.consistent = random.nextInt(4) != 0;
    this.random = random;
  }

  /** Returns the files of an OCI layout with one document changed. */
  static Map<String, byte[]> layout(String document, Random random) {
    return new SampleImage(document, random).layout();
  }

  /** Returns the files of a {@code dir:} folder with one document changed. */
  static Map<String, byte[]> folder(String document, Random random) {
    return new SampleImage(document, random).folder();
  }

  /** Returns the files of a {@code docker save} archive with one document changed. */
  static Map<String, byte[]> saved(String document, Random random) {
    return new SampleImage(document, random).saved();
  }

  private Map<String, byte[]> layout() {
    files.put("oci-layout", changed("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"));
    String manifest = manifest("amd64", "manifest", "config", OCI, "");
    String docker = manifest("arm64", "docker-manifest", "docker-config", DOCKER, "");
    Stored empty = blob("empty", "{}".getBytes(StandardCharsets.UTF_8));
    Stored statement = blob("statement", "{\"_type\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    String attestation =
        document(
            "attestation",
            OCI + "manifest.v1+json",
            "{\"schemaVersion\":2,\"mediaType\":\""
                + OCI
                + "manifest.v1+json\",\"artifactType\":\"application/vnd.docker.attestation\",\"config\":"
                + descriptor("application/vnd.oci.empty.v1+json", empty)
                + ",\"layers\":["
                + descriptor("application/vnd.in-toto+json", statement)
                + "]}",
            ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}");
    String nested = index("nested", List.of(docker));
    String root = index("index", List.of(manifest, attestation, nested));
    String tagged =
        root.substring(0, root.length() - 1)
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}}";
    files.put(
        "index.json",
        changed("index.json", "{\"schemaVersion\":2,\"manifests\":[" + tagged + "]}"));
    return files;
  }

  private Map<String, byte[]> folder() {
    boolean docker = random.nextBoolean();
    String entry = manifest("amd64", "manifest", "config", docker ? DOCKER : OCI, "");
    String hex = entry.replaceAll("(?s).*sha256:([0-9a-f]{64}).*", "$1");
    Map<String, byte[]> folder = new LinkedHashMap<>();
    folder.put("version", "Directory Transport Version: 1.1\n".getBytes(StandardCharsets.UTF_8));
    files.forEach((name, bytes) -> {
      String blob = name.substring(name.lastIndexOf('/') + 1);
      folder.put(blob.equals(hex) ? "manifest.json" : blob, bytes);
    });
    return folder;
  }

  private Map<String, byte[]> saved() {
    byte[] plain = layer("a", 3_000);
    byte[] other = layer("b", 100);
    byte[] config =
        changed("config", config("amd64", List.of(sha256(plain), sha256(other), sha256(plain))));
    files.put("config.json", config);
    files.put("1/layer.tar", plain);
    files.put("2.tar.gz", gzip(other));
    files.put("3/layer.tar", plain);
    files.put(
        "manifest.json",
        changed(
            "manifest.json",
            "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"1/layer.tar\","
                + "\"2.tar.gz\",\"3/layer.tar\"]}]"));
    return files;
  }

  private String manifest(String arch, String name, String config, String prefix, String more) {
    boolean docker = prefix.equals(DOCKER);
    byte[] plain = layer(arch + " plain", 2_000);
    byte[] gzipped = layer(arch + " gzip", 20_000);
    byte[] zstd = layer(arch + " zstd", 3_000);
    String text = config(arch, List.of(sha256(plain), sha256(gzipped), sha256(zstd)));
    byte[] changed = changed(config, text);
    Stored stored = stored(changed, text);
    String tar = docker ? DOCKER + "image.rootfs.diff.tar" : OCI + "layer.v1.tar";
    String dot = docker ? "." : "+";
    byte[] last = docker ? gzip(zstd) : Zstd.compress(zstd);
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + (docker ? DOCKER + "distribution.manifest.v2+json" : OCI + "manifest.v1+json")
            + "\",\"config\":"
            + descriptor(
                docker ? DOCKER + "container.image.v1+json" : OCI + "config.v1+json", stored)
            + ",\"layers\":["
            + descriptor(tar, blob(name, plain))
            + ","
            + descriptor(tar + dot + "gzip", blob(name, gzip(gzipped)))
            + ","
            + descriptor(tar + dot + (docker ? "gzip" : "zstd"), blob(name, last))
            + "]"
            + (docker ? "" : ",\"annotations\":{\"a\":\"b\",\"c\":\"d\"}")
            + more
            + "}";
    return document(
        name,
        docker ? DOCKER + "distribution.manifest.v2+json" : OCI + "manifest.v1+json",
        json,
        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + arch + "\"}");
  }

  private String index(String name, List<String> entries) {
    String type = OCI + "index.v1+json";
    return document(
        name,
        type,
        "{\"schemaVersion\":2,\"mediaType\":\""
            + type
            + "\",\"manifests\":["
            + String.join(",", entries)
            + "]}",
        "");
  }

  /** Stores a document and returns its entry in an index. */
  private String document(String name, String type, String json, String more) {
    String descriptor = descriptor(type, stored(changed(name, json), json));
    return descriptor.substring(0, descriptor.length() - 1) + more + "}";
  }

  /** Stores bytes under their digest, or under that of the text they were made from. */
  private Stored stored(byte[] bytes, String before) {
    byte[] addressed = consistent ? bytes : before.getBytes(StandardCharsets.UTF_8);
    String digest = sha256(addressed);
    files.put("blobs/" + digest.replace(':', '/'), bytes);
    return new Stored(digest, addressed.length);
  }

  private Stored blob(String owner, byte[] bytes) {
    String digest = sha256(bytes);
    files.put("blobs/" + digest.replace(':', '/'), bytes);
    return new Stored(digest, bytes.length);
  }

  private byte[] changed(String name, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return name.equals(document) ? JsonMutation.apply(bytes, random) : bytes;
  }

  private static String config(String arch, List<String> diffIds) {
    return "{\"architecture\":\""
        + arch
        + "\",\"os\":\"linux\",\"created\":\"2026-01-01T00:00:00Z\",\"config\":{\"Env\":[\"A=b\"],"
        + "\"Labels\":{\"a\":\"b\"}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
        + String.join("\",\"", diffIds)
        + "\"]},\"history\":[{\"created_by\":\"x\"}]}";
  }

  private static String descriptor(String type, Stored stored) {
    return "{\"mediaType\":\""
        + type
        + "\",\"digest\":\""
        + stored.digest()
        + "\",\"size\":"
        + stored.size()
        + "}";
  }

  static String sha256(byte[] bytes) {
    return Digest.of(bytes).value();
  }

  private static byte[] layer(String name, int size) {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    return tar(Map.of(name, content));
  }

  /** Returns a tar archive of files. */
  static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
