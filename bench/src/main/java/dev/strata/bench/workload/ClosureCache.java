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
 * Generated closures, kept in a directory between runs. The name of a closure's directory depends
 * on everything that determines its content, so that a changed profile never uses an old closure.
 * Not thread-safe; two processes must not generate closures in the same directory at the same time.
 */
public final class ClosureCache {
  private final Path directory;
  private final Consumer<String> messages;

  /**
   * Creates a cache.
   *
   * @param directory the directory of the closures; created if necessary
   * @param messages receives a message when a closure is generated, which may take a minute
   */
  public ClosureCache(Path directory, Consumer<String> messages) {
    this.directory = directory.toAbsolutePath().normalize();
    this.messages = messages;
  }

  /**
   * Generates a workload's closure unless it exists.
   *
   * @param workload the workload
   * @return its files
   * @throws IOException if the closure cannot be generated, or a user's file cannot be read
   * @throws dev.strata.io.InvalidInputException if a user's closure graph is invalid
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
      throw new IOException("cannot read " + file + "; check the path");
    }
    return file.toAbsolutePath().normalize();
  }

  private Input generated(Workload workload, Generated source) throws IOException {
    ClosureProfile profile = Workloads.profile(source.profile());
    Path root = directory.resolve(folderName(profile));
    Path graph = root.resolve("closure-graph.json");
    // The graph is written last: if it is missing, an earlier run was interrupted.
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
