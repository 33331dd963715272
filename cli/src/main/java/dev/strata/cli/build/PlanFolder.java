package dev.strata.cli.build;

import dev.strata.cli.command.UsageException;
import dev.strata.cli.terminal.Sizes;
import dev.strata.image.LayerPlan;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.io.PlainText;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A folder with a file for each step, which builds one layer of an image or several, and files for
 * tools that run these steps. A file whose content stays the same is not written again, so that its
 * time says when the layers have changed.
 */
final class PlanFolder {
  private static final String PLAN = ".plan.json";
  private static final String BUILT = ".layer.json";

  private static final List<String> TOOLS = List.of("make", "ninja", "kubernetes", "argo");
  private static final int LARGEST_OBJECT = 1 << 20;

  /** Descriptions of layers, of less than 680 bytes each, are the termination message of a pod. */
  private static final int MOST_FOR_POD = 6;

  private final Path folder;

  PlanFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The file of a step.
   *
   * @param name its name
   * @param layers the number of layers
   * @param paths the number of paths of the layers
   * @param changed whether its content was not there before
   */
  record Entry(String name, int layers, int paths, boolean changed) {}

  /**
   * Writes the plans, and removes those of steps that no longer exist.
   *
   * @param layers the paths of all layers
   * @param perStep how many layers each step builds
   */
  List<Entry> write(List<List<LayerPath>> layers, History history, int perStep) {
    try {
      Files.createDirectories(folder);
      List<Entry> written = new ArrayList<>();
      for (int i = 0; i < layers.size(); i += perStep) {
        List<List<LayerPath>> some = layers.subList(i, Math.min(i + perStep, layers.size()));
        String name = number(written.size()) + PLAN;
        byte[] content = FileNames.encode(new LayerPlan(some, history).toJson() + "\n");
        int paths = some.stream().mapToInt(List::size).sum();
        written.add(new Entry(name, some.size(), paths, update(name, content)));
      }
      removeOthers(written.size());
      return written;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StrataException failure(IOException e) {
    return new StrataException(
        "cannot write into the folder " + FileNames.quote(folder.toString()) + ": " + e, e);
  }

  private static String number(int step) {
    return String.format(Locale.ROOT, "%04d", step);
  }

  private boolean update(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return false;
    }
    OutputFile.write(file, content);
    return true;
  }

  private void removeOthers(int count) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "[0-9][0-9][0-9][0-9]" + PLAN)) {
      for (Path file : files) {
        if (Integer.parseInt(file.getFileName().toString(), 0, 4, 10) >= count) {
          Files.delete(file);
        }
      }
    }
  }

  /** Checks the name of a tool, and what it can do, before any work is done. */
  static void checkTool(String tool, int perStep) {
    if (!TOOLS.contains(tool)) {
      throw new UsageException(
          "--emit must be make, ninja, kubernetes or argo, got " + FileNames.quote(tool));
    }
    if (tool.equals("kubernetes") && perStep > MOST_FOR_POD) {
      throw new UsageException(
          "--layers-per-step can be at most "
              + MOST_FOR_POD
              + " with --emit kubernetes: the result of a pod can have 4 KiB");
    }
  }

  /**
   * Writes a file that runs all steps.
   *
   * @param tool one of the tools
   * @param written the plans
   * @param store the folder in which pods of a cluster have the paths
   */
  void emit(String tool, List<Entry> written, String store) {
    try {
      int count = written.size();
      switch (tool) {
        case "make" -> update("Makefile", FileNames.encode(makefile(count)));
        case "ninja" -> update("build.ninja", FileNames.encode(ninja(count)));
        case "kubernetes" -> updateForCluster("job.json", cluster(written, store).kubernetes());
        default -> updateForCluster("workflow.json", cluster(written, store).argo());
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private ClusterFiles cluster(List<Entry> written, String store) throws IOException {
    List<String> names = new ArrayList<>();
    List<String> plans = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      names.add(number(i));
      plans.add(Files.readString(folder.resolve(written.get(i).name())));
    }
    return new ClusterFiles(names, plans, store);
  }

  private void updateForCluster(String name, String content) throws IOException {
    byte[] bytes = FileNames.encode(content + "\n");
    if (bytes.length > LARGEST_OBJECT) {
      throw new InvalidInputException(
          "the plans are too large for a Kubernetes object, which can have 1 MiB: "
              + Sizes.bytes(bytes.length)
              + "; use make or ninja in a pod, or plan fewer layers");
    }
    update(name, bytes);
  }

  private static String makefile(int count) {
    StringBuilder text =
        new StringBuilder(
            """
            # Builds image.json from the plans in this folder; written by 'strata plan'.
            # Steps whose results are there do not run again:
            #   make -j 4 LAYER_FLAGS='--to docker://localhost:5000/app' \\
            #     IMAGE_FLAGS='--entrypoint /bin/app'
            STRATA ?= strata
            LAYER_FLAGS ?=
            IMAGE_FLAGS ?=

            layers :=\
            """);
    for (int i = 0; i < count; i++) {
      text.append(" \\\n  ").append(number(i)).append(BUILT);
    }
    return text.append(
            """


            image.json: $(layers)
            \t$(STRATA) assemble $(IMAGE_FLAGS) -o $@ $(layers)

            %.layer.json: %.plan.json
            \t$(STRATA) layer $(LAYER_FLAGS) -o $@ $<

            .PHONY: clean
            clean:
            \trm -f image.json $(layers) .strata-*.tmp
            """)
        .toString();
  }

  private static String ninja(int count) {
    StringBuilder text =
        new StringBuilder(
            """
            # Builds image.json from the plans in this folder; written by 'strata plan'.
            # The environment can set STRATA, LAYER_FLAGS and IMAGE_FLAGS.
            rule layer
              command = $${STRATA:-strata} layer $$LAYER_FLAGS -o $out $in
              description = layer $in

            rule assemble
              command = $${STRATA:-strata} assemble $$IMAGE_FLAGS -o $out $in
              description = assemble $out

            """);
    for (int i = 0; i < count; i++) {
      text.append("build ")
          .append(number(i))
          .append(BUILT)
          .append(": layer ")
          .append(number(i))
          .append(PLAN)
          .append('\n');
    }
    text.append("build image.json: assemble");
    for (int i = 0; i < count; i++) {
      text.append(" $\n  ").append(number(i)).append(BUILT);
    }
    return text.append("\ndefault image.json\n").toString();
  }

  static String summary(String folder, List<Entry> written) {
    int layers = written.stream().mapToInt(Entry::layers).sum();
    long changed = written.stream().filter(Entry::changed).count();
    return PlainText.line(folder)
        + ": "
        + Sizes.count(layers, "layer")
        + (layers == written.size() ? "" : " in " + Sizes.count(written.size(), "step"))
        + ", "
        + (changed == 0 ? "none" : Sizes.count(changed))
        + " changed";
  }

  static Object toJson(List<Entry> written) {
    List<Object> steps = new ArrayList<>();
    for (Entry entry : written) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("plan", entry.name());
      row.put("layers", entry.layers());
      row.put("paths", entry.paths());
      row.put("changed", entry.changed());
      steps.add(row);
    }
    return Map.of("steps", steps);
  }
}
