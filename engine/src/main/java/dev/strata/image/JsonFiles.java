package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The JSON files an image is built from: layers, the configuration and a history entry. {@link
 * Image} has those of the image itself. Keys are recognised in upper or lower case and unknown ones
 * are ignored. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class JsonFiles {
  private JsonFiles() {}

  /**
   * Reads a {@code layers.json} file.
   *
   * @param file the file
   * @return its layers; empty for {@code null}
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   */
  public static List<Layer> readLayers(Path file) {
    return JsonInput.read(file, LayerJson::readList);
  }

  /**
   * Reads the layers of a {@code layers.json} or an {@code image.json} file, whichever it is.
   *
   * @param file the file
   * @return the layers, the lowest first
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is neither
   */
  public static List<Layer> readLayersOrImage(Path file) {
    return JsonInput.read(
        file, in -> in.isObject() ? ImageFile.of(in).image().layers() : LayerJson.readList(in));
  }

  /**
   * Parses the content of a {@code layers.json} file.
   *
   * @param source the name of the content in messages
   * @param json the content in UTF-8
   * @return its layers; empty for {@code null}
   * @throws dev.strata.io.InvalidInputException if the content is not such JSON
   */
  public static List<Layer> parseLayers(String source, byte[] json) {
    return JsonInput.parse(source, json, LayerJson::readList);
  }

  /**
   * Returns the content of a {@code layers.json} file.
   *
   * @param layers the layers
   * @return JSON, without a line end
   */
  public static String toJson(List<Layer> layers) {
    JsonOutput out = JsonOutput.indented();
    LayerJson.writeList(layers, out);
    return out.toString();
  }

  /**
   * Reads a container configuration: the {@code config} object of the OCI image specification.
   *
   * @param file the file
   * @return the configuration
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or of another kind
   */
  public static ImageConfig readConfig(Path file) {
    return readConfig(file, true);
  }

  /**
   * Reads a container configuration.
   *
   * @param file the file
   * @param withDockers whether to read {@code Healthcheck}, {@code OnBuild} and {@code Shell},
   *     which only Docker defines; the reference implementation ignores them
   * @return the configuration
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or of another kind
   */
  public static ImageConfig readConfig(Path file, boolean withDockers) {
    return readConfig(file, withDockers, _ -> {});
  }

  /**
   * Reads a container configuration, and reports unknown keys, which the other methods ignore.
   *
   * @param file the file
   * @param withDockers whether to read {@code Healthcheck}, {@code OnBuild} and {@code Shell}
   * @param unknownKey receives each unknown key as it is written, such as {@code Comand}, or {@code
   *     Healthcheck.Tset}; may throw
   * @return the configuration
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or of another kind
   */
  public static ImageConfig readConfig(
      Path file, boolean withDockers, Consumer<String> unknownKey) {
    return JsonInput.read(file, in -> ImageConfigJson.readFile(in, withDockers, unknownKey));
  }

  /**
   * Reads a history entry.
   *
   * @param file the file
   * @return the entry
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or of another kind
   */
  public static History readHistory(Path file) {
    return JsonInput.read(file, HistoryJson::readFile);
  }

  /**
   * Reads annotations: an object whose values are strings.
   *
   * @param file the file
   * @return the annotations by key
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   */
  public static SortedMap<String, String> readAnnotations(Path file) {
    SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);
    JsonInput.read(
        file,
        in -> {
          in.addTo(annotations, "strings", v -> v.string(""));
          return annotations;
        });
    return annotations;
  }

  /**
   * Parses the words of a command.
   *
   * @param source the name of the text in messages
   * @param json an array of strings, in JSON
   * @return the words
   * @throws dev.strata.io.InvalidInputException if the text is not such JSON
   */
  public static List<String> parseWords(String source, String json) {
    return JsonInput.parse(source, FileNames.encode(json), JsonInput::strings);
  }

  /**
   * Parses a health check.
   *
   * @param source the name of the text in messages
   * @param json an object with the keys of {@link Healthcheck}, such as {@code Test} and {@code
   *     Interval}, in JSON
   * @return the health check
   * @throws dev.strata.io.InvalidInputException if the text is not such JSON
   */
  public static Healthcheck parseHealthcheck(String source, String json) {
    return JsonInput.parse(
        source,
        FileNames.encode(json),
        in ->
            Objects.requireNonNull(
                ImageConfigJson.readHealthcheck(
                    in,
                    key -> {
                      throw in.failure("has the unknown key " + FileNames.quote(key));
                    })));
  }
}
