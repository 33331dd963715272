package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.StrataException;
import dev.strata.oci.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file that names the image.json files of several platforms: what an OCI index is to manifests.
 * Immutable and thread-safe.
 *
 * @param images the images
 */
public record ImageIndex(List<Entry> images) {
  /** The version this library writes. */
  public static final int VERSION = 1;

  /** Copies the list. */
  public ImageIndex {
    images = List.copyOf(images);
  }

  /**
   * An image of the index.
   *
   * @param image its image.json file
   * @param platform where it runs
   */
  public record Entry(String image, Platform platform) {}

  /**
   * The text of the file.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().field("version", VERSION).name("images").beginArray();
    for (Entry e : images) {
      out.beginObject()
          .field("image", e.image())
          .field("os", e.platform().os())
          .field("architecture", e.platform().architecture())
          .fieldUnlessEmpty("variant", e.platform().variant())
          .endObject();
    }
    return out.endArray().endObject().toString();
  }

  /**
   * Reads an image.json file or such an index.
   *
   * @param file the file
   * @param jobsPerLayer how many workers may read ahead for one layer, at least 1
   * @return the image, or the index
   * @throws StrataException if the file is neither, or an image is incomplete
   */
  public static CopySource open(Path file, int jobsPerLayer) {
    ImageIndex index = JsonInput.parse(name(file), InputFile.readAll(file), ImageIndex::read);
    if (index.images().isEmpty()) {
      return new CopySource.Single(ImageBlobs.of(Image.readFile(file), jobsPerLayer));
    }
    List<IndexBlobs.Member> members = new ArrayList<>();
    for (Entry e : index.images()) {
      ImageBlobs image = ImageBlobs.of(Image.readFile(FileNames.path(e.image())), jobsPerLayer);
      members.add(new IndexBlobs.Member(image, e.platform(), Map.of()));
    }
    return new CopySource.Several(IndexBlobs.of(members));
  }

  private static ImageIndex read(JsonInput in) {
    List<Entry> entries = new ArrayList<>();
    in.object(
        "an image",
        (key, value) -> {
          if (key.equals("images")) {
            List<Entry> read = value.list("images", ImageIndex::readEntry);
            entries.addAll(read == null ? List.of() : read);
          } else {
            value.skip();
          }
        });
    return new ImageIndex(entries);
  }

  private static Entry readEntry(JsonInput in) {
    String[] words = {"", "linux", "", ""};
    in.object(
        "an image of an index",
        (key, value) -> {
          switch (key) {
            case "image" -> words[0] = value.string("");
            case "os" -> words[1] = value.string("linux");
            case "architecture" -> words[2] = value.string("");
            case "variant" -> words[3] = value.string("");
            default -> value.skip();
          }
        });
    if (words[0].isEmpty() || words[2].isEmpty()) {
      throw in.failure("names no image or no architecture: write it by strata index");
    }
    return new Entry(words[0], new Platform(words[1], words[2], words[3]));
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
