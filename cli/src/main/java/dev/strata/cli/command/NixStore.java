package dev.strata.cli.command;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.closure.StorePathName;
import dev.strata.io.StrataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Nix store of this machine and the references between its paths. */
public final class NixStore {
  /** The commands that print a closure as JSON; newer versions of Nix require a format. */
  private static final List<List<String>> PATH_INFO =
      List.of(
          List.of("path-info", "--json", "--recursive"),
          List.of("path-info", "--json", "--json-format", "2", "--recursive"));

  /** Keeps the arguments of a query below the limits of the system. */
  private static final int QUERIED_AT_ONCE = 1000;

  private final String directory;
  private final Map<String, String> environment;

  private NixStore(String directory, Map<String, String> environment) {
    this.directory =
        directory.endsWith("/") ? directory.substring(0, directory.length() - 1) : directory;
    this.environment = environment;
  }

  public static NixStore of(Map<String, String> environment) {
    String directory = environment.getOrDefault("NIX_STORE_DIR", "");
    return new NixStore(directory.isEmpty() ? "/nix/store" : directory, environment);
  }

  /** Returns the directory that the store paths are in. */
  public String directory() {
    return directory;
  }

  /**
   * Returns the store path that a file is or is in.
   *
   * @param file an absolute path
   * @return the store path, or empty if the file is not in the store
   */
  public Optional<String> storePathOf(Path file) {
    Path store = Path.of(directory);
    if (!file.startsWith(store) || file.equals(store)) {
      return Optional.empty();
    }
    String name = file.getName(store.getNameCount()).toString();
    return StorePathName.isHashed(name, 0, name.length())
        ? Optional.of(directory + "/" + name)
        : Optional.empty();
  }

  /**
   * Returns whether a path is a store path, or in one.
   *
   * @param path an absolute path without {@code .} and {@code ..}
   */
  public boolean contains(String path) {
    int name = directory.length() + 1;
    if (!path.startsWith(directory) || path.length() < name || path.charAt(name - 1) != '/') {
      return false;
    }
    int slash = path.indexOf('/', name);
    return StorePathName.isHashed(path, name, slash < 0 ? path.length() : slash);
  }

  /** Returns those of some paths that are store paths, whether or not they exist here. */
  public List<String> among(Collection<String> paths) {
    return paths.stream()
        .filter(p -> storePathOf(Path.of(p)).filter(p::equals).isPresent())
        .toList();
  }

  /**
   * Queries Nix for the closure of store paths.
   *
   * @param paths store paths
   * @return the paths and all they refer to, directly or indirectly; empty if Nix is not on PATH
   * @throws StrataException if Nix fails
   */
  public Optional<List<StorePath>> closure(List<String> paths) throws InterruptedException {
    String problem = "";
    Optional<ExternalProgram> nix = ExternalProgram.find("nix", environment);
    if (nix.isPresent()) {
      for (List<String> query : PATH_INFO) {
        List<String> arguments = new ArrayList<>();
        // Until Nix 3, the nix command is an experimental feature that is off by default.
        arguments.addAll(List.of("--extra-experimental-features", "nix-command"));
        arguments.addAll(query);
        arguments.addAll(paths);
        ExternalProgram.Result result = nix.get().run(environment, arguments);
        if (result.succeeded()) {
          return Optional.of(
              ClosureGraph.parsePathInfo(
                      result.output().getBytes(StandardCharsets.UTF_8), directory)
                  .paths());
        }
        problem = problem.isEmpty() ? result.lastError() : problem;
      }
    }
    Optional<ExternalProgram> nixStore = ExternalProgram.find("nix-store", environment);
    if (nixStore.isPresent()) {
      return Optional.of(closureByQueries(nixStore.get(), paths));
    }
    if (nix.isPresent()) {
      throw failure(paths, problem);
    }
    return Optional.empty();
  }

  /** Works with every version of Nix: one query for the paths, and one for each of them. */
  private List<StorePath> closureByQueries(ExternalProgram nixStore, List<String> paths)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--query", "--requisites"));
    arguments.addAll(paths);
    List<String> all = query(nixStore, paths, arguments);
    Map<String, NarInfo> archives = archives(nixStore, all);
    List<StorePath> closure = new ArrayList<>();
    for (String path : all) {
      List<String> references = query(nixStore, paths, List.of("--query", "--references", path));
      NarInfo nar = archives.getOrDefault(path, NarInfo.UNKNOWN);
      closure.add(new StorePath(path, references, nar));
    }
    return closure;
  }

  /**
   * Queries the Nix database for the archives of store paths.
   *
   * @param paths store paths
   * @return hash and size of the archive of each path that the database contains; empty if Nix is
   *     not on PATH
   */
  public Map<String, NarInfo> archives(List<String> paths) throws InterruptedException {
    Optional<ExternalProgram> nixStore = ExternalProgram.find("nix-store", environment);
    return nixStore.isPresent() ? archives(nixStore.get(), paths) : Map.of();
  }

  private Map<String, NarInfo> archives(ExternalProgram nixStore, List<String> paths)
      throws InterruptedException {
    Map<String, NarInfo> archives = new HashMap<>();
    for (int from = 0; from < paths.size(); from += QUERIED_AT_ONCE) {
      List<String> some = paths.subList(from, Math.min(paths.size(), from + QUERIED_AT_ONCE));
      List<String> valid = new ArrayList<>(some);
      valid.removeAll(lines(nixStore, List.of("--check-validity", "--print-invalid"), some));
      List<String> hashes = lines(nixStore, List.of("--query", "--hash"), valid);
      List<String> sizes = lines(nixStore, List.of("--query", "--size"), valid);
      if (hashes.size() == valid.size() && sizes.size() == valid.size()) {
        for (int i = 0; i < valid.size(); i++) {
          archives.put(valid.get(i), NarInfo.recorded(valid.get(i), hashes.get(i), sizes.get(i)));
        }
      }
    }
    return archives;
  }

  /** Returns what a query prints; nothing if it fails. */
  private List<String> lines(ExternalProgram nixStore, List<String> query, List<String> paths)
      throws InterruptedException {
    if (paths.isEmpty()) {
      return List.of();
    }
    List<String> arguments = new ArrayList<>(query);
    arguments.addAll(paths);
    ExternalProgram.Result result = nixStore.run(environment, arguments);
    return result.succeeded() ? result.lines() : List.of();
  }

  private List<String> query(ExternalProgram nixStore, List<String> paths, List<String> arguments)
      throws InterruptedException {
    ExternalProgram.Result result = nixStore.run(environment, arguments);
    if (!result.succeeded()) {
      throw failure(paths, result.lastError());
    }
    return result.lines();
  }

  private static StrataException failure(List<String> paths, String problem) {
    String more = paths.size() > 1 ? " and " + (paths.size() - 1) + " more" : "";
    return new StrataException(
        "Nix cannot list the closure of '"
            + paths.getFirst()
            + "'"
            + more
            + ": "
            + problem
            + "; build the path first, or use a closure graph");
  }
}
