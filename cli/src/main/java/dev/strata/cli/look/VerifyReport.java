package dev.strata.cli.look;

import dev.strata.blob.Digest;
import dev.strata.cli.command.ChangeReport;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.closure.ClosureGraph;
import dev.strata.explain.Verification;
import dev.strata.explain.Verification.Status;
import dev.strata.io.PlainText;
import dev.strata.layer.Layer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was found about one image. Not thread-safe. */
final class VerifyReport {
  private final String image;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A layer or another blob.
   *
   * @param name the name of what is not a layer; empty for a layer
   * @param number the number of the layer, from 0
   * @param source the layer that was built again; null for a stored one
   * @param changes what has changed in it; null if nothing has, or it is stored
   */
  private record Part(
      String name,
      int number,
      @Nullable Digest digest,
      long size,
      Verification found,
      @Nullable Layer source,
      @Nullable ChangeReport changes) {
    String title() {
      String title = name.isEmpty() ? "layer " + number : name;
      return digest == null ? title : title + " (" + Sizes.shortDigest(digest.value()) + ")";
    }
  }

  VerifyReport(String image) {
    this.image = image;
  }

  /** Adds something that is not a layer, with its digest if that is known. */
  void part(String name, @Nullable Digest digest, Verification found) {
    parts.add(new Part(name, 0, digest, 0, found, null, null));
  }

  /** Adds the next layer; the source is the layer that was built again, or null. */
  void layer(Digest digest, long size, Verification found, @Nullable Layer source) {
    int number = (int) parts.stream().filter(p -> p.name().isEmpty()).count();
    parts.add(new Part("", number, digest, size, found, source, null));
  }

  /** Finds out what has changed in the layers that were built again. */
  VerifyReport explained(@Nullable ClosureGraph graph, NixStore store, int jobs)
      throws InterruptedException {
    VerifyReport report = new VerifyReport(image);
    for (Part p : parts) {
      ChangeReport changes =
          p.source() == null || p.found().status() != Status.CHANGED
              ? null
              : ChangeReport.of(p.source(), graph, store, jobs);
      report.parts.add(
          new Part(p.name(), p.number(), p.digest(), p.size(), p.found(), p.source(), changes));
    }
    return report;
  }

  Status status() {
    Status worst = Status.SAME;
    for (Part p : parts) {
      worst = p.found().status().compareTo(worst) > 0 ? p.found().status() : worst;
    }
    return worst;
  }

  void print(PrintWriter out) {
    long layers = 0;
    long bytes = 0;
    long wrong = 0;
    for (Part p : parts) {
      layers += p.name().isEmpty() ? 1 : 0;
      bytes += p.size();
      if (p.found().status() == Status.SAME) {
        continue;
      }
      wrong++;
      String what = p.found().status() == Status.CHANGED ? "changed: " : "cannot be read: ";
      Wrapping.println(out, p.title() + " " + what + PlainText.line(p.found().problem()));
      if (p.changes() != null) {
        p.changes().lines().forEach(line -> Wrapping.println(out, "  " + PlainText.line(line)));
      }
    }
    String of = Sizes.count(layers, "layer") + ", " + Sizes.bytes(bytes);
    Wrapping.println(
        out,
        PlainText.line(image)
            + ": "
            + (wrong == 0
                ? of + ", all as recorded"
                : wrong + " of " + Sizes.count(parts.size(), "blob") + " not as recorded"));
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("image", image);
    json.put("result", name(status()));
    List<Object> layers = new ArrayList<>();
    List<Object> others = new ArrayList<>();
    for (Part p : parts) {
      Map<String, @Nullable Object> part = new LinkedHashMap<>();
      if (p.name().isEmpty()) {
        part.put("layer", (long) p.number());
        part.put("size", p.size());
      } else {
        part.put("name", p.name());
      }
      part.put("digest", p.digest() == null ? null : p.digest().value());
      part.put("result", name(p.found().status()));
      part.put("problem", p.found().problem());
      if (p.changes() != null) {
        part.putAll(p.changes().toJson());
      }
      (p.name().isEmpty() ? layers : others).add(part);
    }
    json.put("layers", layers);
    json.put("blobs", others);
    return json;
  }

  private static String name(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
