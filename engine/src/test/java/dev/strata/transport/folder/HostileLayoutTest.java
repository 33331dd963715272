package dev.strata.transport.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.PulledImage;
import dev.strata.io.PlainText;
import dev.strata.io.StrataException;
import dev.strata.oci.Manifest;
import dev.strata.testing.Failures;
import dev.strata.testing.Growth;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of images that come from anyone. */
@Timeout(120)
final class HostileLayoutTest {
  private static final String HEX = "0".repeat(64);
  private static final String CONFIG = "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";

  @TempDir private Path folder;

  @BeforeEach
  void createBlobs() throws IOException {
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  private String add(String mediaType, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    Files.write(folder.resolve("blobs/sha256/" + digest.hex()), content);
    return descriptor(mediaType, digest.value(), "" + content.length);
  }

  private static String descriptor(String mediaType, String digest, String size) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%s}"
        .formatted(mediaType, digest, size);
  }

  private void index(String entries) throws IOException {
    Files.writeString(
        folder.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + entries + "]}");
  }

  /** Makes a layout of one image, whose manifest has the given fields besides its configuration. */
  private void image(String fields) throws IOException {
    String config = add(MediaTypes.CONFIG, CONFIG.getBytes(UTF_8));
    String json = "{\"schemaVersion\":2,\"config\":" + config + "," + fields + "}";
    index(add(MediaTypes.MANIFEST, json.getBytes(UTF_8)));
  }

  private void read() {
    OciLayoutSource.Verified verified = OciLayoutSource.at(folder).verify(1);
    assertTrue(verified.blobs() >= 2, verified::toString);
  }

  /** Returns the message of the failure, which is one short line of printable text. */
  private static String refused(Executable action) {
    String message = Failures.messageOf(action);
    assertFalse(message.codePoints().anyMatch(PlainText::isHidden), message);
    return message;
  }

  @Test
  void readsAnHonestImage() throws IOException {
    image("\"layers\":[]");
    read();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1e999999999",
        "1.0",
        "99999999999999999999",
        "\"7\"",
        "true",
        "[7]",
        "{}",
        "9223372036854775807",
        "0"
      })
  void refusesOddSizesOfALayer(String size) throws IOException {
    Digest digest = Digest.of("content".getBytes(UTF_8));
    add(MediaTypes.LAYER, "content".getBytes(UTF_8));
    image("\"layers\":[" + descriptor(MediaTypes.LAYER, digest.value(), size) + "]");

    refused(this::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "4194305", "0", "1"})
  void refusesOddSizesOfAManifest(String size) throws IOException {
    image("\"layers\":[]");
    String index = Files.readString(folder.resolve("index.json"));
    Files.writeString(
        folder.resolve("index.json"), index.replaceAll("\"size\":\\d+", "\"size\":" + size));

    refused(this::read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:../../../../../../../../../../../../../../../../../../etc/./passwd000",
        "sha256:../../index.json",
        "sha256:" + "0" + "/../../../../../../../../../../../../../../../../../etc/hostname",
        "SHA256:0000000000000000000000000000000000000000000000000000000000000000",
        "sha256:000000000000000000000000000000000000000000000000000000000000000A",
        "sha256:00000000000000000000000000000000000000000000000000000000000000000",
        "sha512:0000000000000000000000000000000000000000000000000000000000000000",
        "md5:00000000000000000000000000000000",
        "sha256",
        "sha256:",
        "",
        "sha256:\\u001b[2J\\u202e",
        "sha256:\\u0000",
      })
  void refusesOddDigests(String digest) throws IOException {
    image("\"layers\":[" + descriptor(MediaTypes.LAYER, digest, "1") + "]");
    assertTrue(refused(this::read).contains("digest"));

    index(descriptor(MediaTypes.MANIFEST, digest, "1"));
    assertTrue(refused(this::read).contains("digest"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:../../etc/passwd",
        "sha256:../../../../../../../../../../../../../../../../../../../../../x",
        "x"
      })
  void describingAPulledImageChecksDigestsToo(String digest) throws IOException {
    Files.writeString(
        folder.resolve("manifest.json"),
        "{\"config\":" + descriptor(MediaTypes.CONFIG, digest, "1") + ",\"layers\":[]}");

    assertTrue(refused(() -> PulledImage.fromDirectory(folder.toString())).contains("digest"));
  }

  @Test
  void refusesAnIndexThatIsAManifestAsWell() throws IOException {
    image("\"layers\":[],\"manifests\":[" + descriptor(MediaTypes.MANIFEST, "x", "1") + "]");
    refused(this::read);

    image("\"layers\":[],\"Manifests\":[]");
    refused(this::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "{\"annotations\":{\"a\":", "{\"layers\":[{\"x\":["})
  void refusesDeepNesting(String nested) throws IOException {
    image("\"x\":" + nested.repeat(200_000));
    refused(this::read);

    Files.writeString(folder.resolve("index.json"), nested.repeat(1_000_000));
    refused(this::read);
  }

  @Test
  void refusesALargeConfiguration() throws IOException {
    byte[] large = new byte[(4 << 20) + 1];
    Arrays.fill(large, (byte) ' ');
    String json = "{\"config\":" + add(MediaTypes.CONFIG, large) + ",\"layers\":[]}";
    String config = add(MediaTypes.MANIFEST, json.getBytes(UTF_8));
    index(config);

    refused(() ->
        Manifest.bytes(
            new FileBlob(
                folder.resolve("blobs/sha256/" + Digest.of(large).hex()),
                new Descriptor(MediaTypes.CONFIG, Digest.of(large), large.length))));
  }

  @Test
  void refusesALargeIndex() throws IOException {
    try (var file = new java.io.RandomAccessFile(folder.resolve("index.json").toFile(), "rw")) {
      file.setLength(8L << 30);
    }

    assertTrue(refused(this::read).contains("larger than 16 MiB"));
  }

  private void fifo(Path file) throws IOException {
    Tools.require("mkfifo");
    Files.deleteIfExists(file);
    Tools.run("mkfifo", file.toString());
  }

  @Test
  void refusesABlobThatIsAPipe() throws IOException {
    String layer = add(MediaTypes.LAYER, "content".getBytes(UTF_8));
    image("\"layers\":[" + layer + "]");
    fifo(folder.resolve("blobs/sha256/" + Digest.of("content".getBytes(UTF_8)).hex()));

    assertTrue(refused(this::read).contains("not a regular file"));
  }

  @Test
  void refusesABlobThatIsADeviceOrAFolder() throws IOException {
    String layer = add(MediaTypes.LAYER, "content".getBytes(UTF_8));
    image("\"layers\":[" + layer + "]");
    Path blob = folder.resolve("blobs/sha256/" + Digest.of("content".getBytes(UTF_8)).hex());
    Files.delete(blob);
    Files.createSymbolicLink(blob, Path.of("/dev/zero"));
    assertTrue(refused(this::read).contains("not a regular file"));

    Files.delete(blob);
    Files.createDirectory(blob);
    refused(this::read);
  }

  @Test
  void refusesAnIndexThatIsAPipeOrADevice() throws IOException {
    fifo(folder.resolve("index.json"));
    assertTrue(refused(this::read).contains("not a regular file"));

    Files.delete(folder.resolve("index.json"));
    Files.createSymbolicLink(folder.resolve("index.json"), Path.of("/dev/zero"));
    assertTrue(refused(this::read).contains("not a regular file"));
  }

  @Test
  void refusesPipesInOtherFoldersOfImages() throws IOException {
    fifo(folder.resolve("manifest.json"));

    SkopeoDirectorySource source = SkopeoDirectorySource.at(folder);
    refused(() -> source.open(dev.strata.oci.PlatformChoice.all()));
    refused(() -> PulledImage.fromDirectory(folder.toString()));
  }

  /** Whatever a link leads to is used only if it has the digest. */
  @Test
  void aLinkOutOfTheLayoutDisclosesNothing() throws IOException {
    Path secret = Files.writeString(Files.createTempFile(folder, "secret", ""), "content of it");
    String layer = add(MediaTypes.LAYER, "another text".getBytes(UTF_8));
    image("\"layers\":[" + layer + "]");
    Path blob = folder.resolve("blobs/sha256/" + Digest.of("another text".getBytes(UTF_8)).hex());
    Files.delete(blob);
    Files.createSymbolicLink(blob, secret);

    assertFalse(refused(this::read).contains("content of it"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\\nstrata: done", "\\u001b[2J", "\\u009b2J", "\\u202egpj", "\\u2028", "\\ud800"})
  void showsHostileTagsOnOneLine(String tag) throws IOException {
    String manifest = add(MediaTypes.MANIFEST, "{}".getBytes(UTF_8));
    String entry = manifest.substring(0, manifest.length() - 1);
    String name = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}}";
    index(entry + name);

    refused(() -> OciLayoutSource.at(folder).withTag("other").verify(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{}{}",
        "\uFEFF{}",
        "\u0000",
        "{\"manifests\":7}",
        "{\"manifests\":[7]}",
        "{\"manifests\":{}}",
        "{\"manifests\":[null]}",
        "{\"a\":\"\u001b[2J",
        "{\u202e:1}",
        "{\"manifests\":[{\"size\":\"\u001b[2J\"}]}"
      })
  void refusesAnIndexThatIsNone(String text) throws IOException {
    Files.writeString(folder.resolve("index.json"), text);
    refused(this::read);
  }

  @Test
  void refusesAnIndexThatIsNotText() throws IOException {
    for (byte[] bytes :
        List.of(
            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
            new byte[] {(byte) 0xff, (byte) 0xfe, 0x1b, '['},
            new byte[1000])) {
      Files.write(folder.resolve("index.json"), bytes);
      refused(this::read);
    }
  }

  /** An index may list any number of images. */
  @Test
  void largeIndexesTakeLinearTime() {
    Growth.assertLinear(
        5_000,
        n ->
            IntStream.range(0, n)
                .mapToObj(i -> descriptor(colliding(i), "sha256:" + HEX, "1"))
                .collect(Collectors.joining(",")),
        entries -> {
          index(entries);
          assertThrows(StrataException.class, () -> OciLayoutSource.at(folder).verify(1));
        });
  }

  @Test
  void descriptorsWithEqualHashesTakeLinearTime() {
    Growth.assertLinear(
        5_000,
        n ->
            IntStream.range(0, n)
                .mapToObj(i -> new Descriptor(colliding(i), Digest.parse("sha256:" + HEX), 1))
                .toList(),
        all -> assertEquals(all.size(), new HashSet<>(all).size()));
  }

  /** Returns a media type with the hash code of all others: "Aa" and "BB" have the same. */
  private static String colliding(int number) {
    StringBuilder type = new StringBuilder("application/");
    for (int bit = 0; bit < 17; bit++) {
      type.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return type.toString();
  }
}
