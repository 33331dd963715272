package dev.strata.transport.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SkopeoDirectoryTest {
  @TempDir private Path directory;

  private static Blob blob(String mediaType, String text) {
    return new BytesBlob(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  private static ImageBlobs image(String name) {
    String config = "{\"os\":\"linux\",\"architecture\":\"" + name + "\"}";
    return ImageBlobs.of(List.of(blob(MediaTypes.LAYER, name)), blob(MediaTypes.CONFIG, config));
  }

  private static IndexBlobs index(IndexBlobs.Member... members) {
    return IndexBlobs.of(List.of(members));
  }

  private static IndexBlobs.Member member(String architecture) {
    return IndexBlobs.Member.of(image(architecture), new Platform("linux", architecture, ""));
  }

  private static IndexBlobs.Member nested(IndexBlobs index) {
    return new IndexBlobs.Member(
        index.index().descriptor(), new CopySource.Several(index), null, Map.of());
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(f -> f.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void holdsAnIndexWithNestedOnesAsSkopeoDoes() throws IOException {
    IndexBlobs inner = index(member("arm64"), member("s390x"));
    IndexBlobs whole = index(member("amd64"), nested(inner));
    SkopeoDirectory.at(directory).writeIndex(whole, Transfer.quiet(2));
    Set<String> expected = new TreeSet<>(Set.of("version", "manifest.json"));
    for (Blob manifest : whole.manifests()) {
      expected.add(manifest.descriptor().digest().hex() + ".manifest.json");
    }
    for (ImageBlobs image : whole.images()) {
      expected.add(image.config().descriptor().digest().hex());
      expected.add(image.layers().getFirst().descriptor().digest().hex());
    }
    assertEquals(expected, files());
    assertArrayEquals(
        Manifest.bytes(whole.index()), Files.readAllBytes(directory.resolve("manifest.json")));
    SkopeoDirectorySource source = SkopeoDirectorySource.at(directory);
    CopySource.Several read = (CopySource.Several) source.open(PlatformChoice.all());
    assertEquals(whole.index().descriptor(), read.index().index().descriptor());
    assertEquals(3, read.index().images().size());
    CopySource one = source.open(PlatformChoice.one(new Platform("linux", "s390x", "")));
    assertEquals(
        image("s390x").manifest().descriptor(),
        ((CopySource.Single) one).image().manifest().descriptor());
  }

  @Test
  void anotherImageReplacesAnIndexCompletely() throws IOException {
    SkopeoDirectory place = SkopeoDirectory.at(directory);
    place.writeIndex(index(member("amd64"), member("arm64")), Transfer.quiet(1));
    Files.writeString(directory.resolve("1".repeat(64) + ".signature-1"), "old");
    Files.writeString(directory.resolve("notes"), "not part of the image");
    place.write(image("s390x"), Transfer.quiet(1));
    assertEquals(5, files().size(), files() + "");
    assertTrue(files().contains("notes"));
  }
}
