package dev.strata.bench.workload;

import dev.strata.bench.workload.Workload.Generated;
import dev.strata.bench.workload.Workload.OnDisk;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.FileTrees;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Generated closures, kept in a folder from run to run. A closure's folder is named after all that
 * decides its content, so that another version of a profile does not meet the closure of an older
 * one. Not thread-safe; two processes must not fill one folder at the same time.
 */
public final class ClosureCache {
  private final Path directory;
  private final Consumer<String> messages;

  /**
   * Makes a cache.
   *
   * @param directory where closures are kept; made when needed
   * @param messages is told when a closure is generated, which may take a minute
   */
  public ClosureCache(Path directory, Consumer<String> messages) {
    this.directory = directory.toAbsolutePath().normalize();
    this.messages = messages;
  }

  /**
   * Puts a workload on disk, if it is not there yet.
   *
   * @param workload what is wanted
   * @return where it is
   * @throws IOException if it cannot be generated, or if a user's file is not there
   * @throws dev.strata.io.StrataException if a user's closure graph is none
   */
  public Input prepare(Workload workload) throws IOException {
    return switch (workload.source()) {
      case Generated g -> generated(workload, g);
      case OnDisk d -> {
        Path permissions = d.permissions() == null ? null : existing(d.permissions());
        yield input(workload, existing(d.graph()), permissions);
      }
    };
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("cannot read " + file + ": check the path");
    }
    return file.toAbsolutePath().normalize();
  }

  private Input generated(Workload workload, Generated source) throws IOException {
    ClosureProfile profile = Workloads.profile(source.profile());
    Path root = directory.resolve(folderName(profile));
    Path graph = root.resolve("closure-graph.json");
    // The graph is written last: without it, an earlier run was ended half way.
    if (!Files.exists(graph)) {
      if (Files.exists(root)) {
        FileTrees.deleteRecursively(root);
      }
      messages.accept(
          String.format(
              Locale.ROOT,
              "generating the closure %s (%,d entries, %,d MB) in %s …",
              profile.name(),
              profile.entries(),
              profile.totalBytes() / 1_000_000,
              root));
      ClosureGenerator.generate(profile, root);
    }
    return input(workload, graph, source.withPermissions() ? root.resolve("perms.json") : null);
  }

  static String folderName(ClosureProfile profile) {
    return String.format(
        Locale.ROOT,
        "%s-%08x",
        profile.name().toLowerCase(Locale.ROOT),
        profile.toString().hashCode());
  }

  private static Input input(Workload workload, Path graph, @Nullable Path permissions) {
    List<Path> paths = new ArrayList<>();
    for (StorePath p : ClosureGraph.read(graph).paths()) {
      paths.add(FileNames.path(p.path()));
    }
    return new Input(workload, graph, permissions, paths);
  }
}
