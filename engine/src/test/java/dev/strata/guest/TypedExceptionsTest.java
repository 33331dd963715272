package dev.strata.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.NullChannel;
import dev.strata.compress.Compression;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.image.JsonFiles;
import dev.strata.io.ConflictException;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.io.SourceChangedException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerRange;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Rewrite;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import dev.strata.transport.folder.SkopeoDirectory;
import dev.strata.transport.folder.SkopeoDirectorySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A program can tell the kinds of failures apart. */
final class TypedExceptionsTest {
  @TempDir private Path temporary;

  private static Layer layer(Path tree) {
    List<LayerPath> paths = List.of(new LayerPath(tree.toString(), null));
    return LayerBuilder.create().build(List.of(paths)).getFirst();
  }

  private Path tree(String name, String content) throws IOException {
    Path tree = Files.createDirectories(temporary.toRealPath().resolve(name));
    Files.writeString(tree.resolve("file"), content);
    return tree;
  }

  @Test
  void malformedInput() throws IOException {
    Path file = Files.writeString(temporary.resolve("x.json"), "{\"layers\": 1}");
    byte[] json = "[]".getBytes(StandardCharsets.UTF_8);
    List<Executable> malformed =
        List.of(
            () -> Image.read(file),
            () -> JsonFiles.readLayers(file),
            () -> Image.read(temporary),
            () -> Manifest.parse("it", json, ""),
            () -> Digest.parse("sha256:1"),
            () -> new Digest("not a digest"),
            () -> new Descriptor("a/b", Digest.of(json), -1),
            () -> Timestamp.parse("now"),
            () -> Reference.parse("A B"),
            () -> ManifestFormat.parse("v1"),
            () -> Compression.parse("xz"),
            () -> Compression.GZIP.checkLevel(10));

    malformed.forEach(m -> assertThrows(InvalidInputException.class, m));
  }

  @Test
  void missingFiles() {
    Path missing = temporary.resolve("missing");
    Digest digest = Digest.of(new byte[0]);

    assertThrows(NotFoundException.class, () -> Image.read(missing));
    assertThrows(NotFoundException.class, () -> layer(missing));
    assertThrows(NotFoundException.class, () -> FileBlob.of(missing, "a/b", digest));
    Descriptor descriptor = new Descriptor("a/b", digest, 1);
    assertThrows(
        NotFoundException.class,
        () -> new FileBlob(missing, descriptor).writeTo(new NullChannel()));
    Layer layer = Layer.builder().digest(digest).file(missing.toString()).build();
    assertThrows(NotFoundException.class, () -> LayerRange.write(layer, 0, 1, new NullChannel()));
  }

  @Test
  void missingPlatform() {
    Manifest index =
        new Manifest(ManifestFormat.DOCKER_INDEX, null, List.of(), List.of(), Map.of());

    PlatformChoice arm = PlatformChoice.one(new Platform("linux", "arm64", ""));
    assertThrows(
        NotFoundException.class,
        () -> CopySource.of("it", index.toBlob(), _ -> null, _ -> null, arm));
  }

  @Test
  void changedSources() throws IOException {
    Path tree = tree("tree", "text");
    Layer layer = layer(tree);
    Files.writeString(tree.resolve("file"), "TEXT");
    assertThrows(
        SourceChangedException.class, () -> LayerBlobs.of(layer, 1).writeTo(new NullChannel()));
    Files.write(tree.resolve("file"), new byte[1000]);
    assertThrows(
        SourceChangedException.class, () -> LayerRange.write(layer, 0, 1, new NullChannel()));

    Path file = Files.writeString(temporary.resolve("blob"), "text");
    FileBlob blob = FileBlob.of(file, "a/b", Digest.of(new byte[0]));
    assertThrows(SourceChangedException.class, () -> blob.writeTo(new NullChannel()));
  }

  @Test
  void damagedBlobsInFolders() throws IOException {
    ImageBlobs image =
        ImageBlobs.of(
            List.of(new BytesBlob(MediaTypes.LAYER, new byte[1000])),
            new BytesBlob(MediaTypes.CONFIG, "{}".getBytes(UTF_8)));
    Path layout = temporary.resolve("layout");
    Path folder = temporary.resolve("dir");
    OciLayout.at(layout).write(image, Transfer.quiet(1));
    SkopeoDirectory.at(folder).write(image, Transfer.quiet(1));
    String hex = image.layers().getFirst().descriptor().digest().hex();
    for (byte[] wrong : List.of(new byte[999], new byte[1001], "x".repeat(1000).getBytes(UTF_8))) {
      Files.write(layout.resolve("blobs/sha256/" + hex), wrong);
      Files.write(folder.resolve(hex), wrong);
      for (Source source : List.of(OciLayoutSource.at(layout), SkopeoDirectorySource.at(folder))) {
        ImageBlobs read = ((CopySource.Single) source.open(PlatformChoice.all())).image();
        CorruptDataException e =
            assertThrows(
                CorruptDataException.class,
                () -> read.layers().getFirst().writeTo(new NullChannel()));
        assertTrue(
            String.valueOf(e.getMessage()).endsWith("; the file is damaged: copy the image again"),
            e.getMessage());
      }
    }
  }

  @Test
  void fullDiskAndMissingFolder() {
    byte[] content = new byte[10];

    assertThrows(OutputException.class, () -> OutputFile.write(Path.of("/dev/full"), content));
    assertThrows(
        OutputException.class, () -> OutputFile.write(temporary.resolve("missing/file"), content));
    assertThrows(OutputException.class, () -> OutputFile.write(temporary, content));
  }

  @Test
  void otherBytesThanStored() {
    byte[] bytes = {1, 2, 3};

    assertThrows(
        CorruptDataException.class,
        () -> new BytesBlob(new Descriptor("a/b", Digest.of(new byte[3]), 3), bytes));
  }

  @Test
  void conflictingFiles() throws IOException {
    Path one = tree("one", "text");
    Path two = tree("two", "other");
    List<LayerPath> paths = List.of(atRoot(one), atRoot(two));

    assertThrows(ConflictException.class, () -> LayerBuilder.create().build(List.of(paths)));
  }

  private static LayerPath atRoot(Path tree) {
    return new LayerPath(tree.toString(), new PathOptions(new Rewrite("^" + tree, ""), null));
  }
}
