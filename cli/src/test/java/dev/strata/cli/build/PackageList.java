package dev.strata.cli.build;

import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Packages of a distribution with their versions, installed sizes and dependencies, and the store
 * paths that they would be. Immutable.
 *
 * <p>A package is the store path {@code /nix/store/HASH-NAME-VERSION}. As in Nix, the hash depends
 * on the hashes of all paths that it refers to, so that a change of a package changes all that
 * depend on it. Without propagation, it depends on name and version only. Packages that depend on
 * each other have one hash for all of them; of the references among them, only those to a package
 * with a smaller name are kept, since the references of a closure have no cycles.
 */
record PackageList(Map<String, Package> packages) {
  private static final String DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

  /**
   * A package.
   *
   * @param version the version
   * @param size the installed size in KiB
   * @param dependencies the names of the packages that it depends on
   */
  record Package(String version, long size, List<String> dependencies) {}

  PackageList {
    packages = new TreeMap<>(packages);
  }

  /** Reads a list: a line for each package, with name, version, size in KiB and dependencies. */
  static PackageList read(String resource) throws IOException {
    Map<String, Package> packages = new TreeMap<>();
    try (InputStream in =
            Objects.requireNonNull(PackageList.class.getResourceAsStream(resource), resource);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        List<String> dependencies =
            fields[3].isEmpty() ? List.of() : List.of(fields[3].split(",", -1));
        packages.put(fields[0], new Package(fields[1], Long.parseLong(fields[2]), dependencies));
      }
    }
    return new PackageList(packages);
  }

  /** Adds or replaces a package. */
  PackageList with(String name, Package added) {
    Map<String, Package> all = new TreeMap<>(packages);
    all.put(name, added);
    return new PackageList(all);
  }

  /** Adds a package that depends on all that no other package depends on. */
  PackageList withApp(String version, long size) {
    Set<String> tops = new TreeSet<>(packages.keySet());
    packages.values().forEach(p -> tops.removeAll(p.dependencies()));
    return with("app", new Package(version, size, List.copyOf(tops)));
  }

  /** Returns the packages as store paths. */
  ClosureGraph graph(boolean propagating) {
    Map<String, Set<String>> reached = new TreeMap<>();
    packages.keySet().forEach(name -> reached.put(name, reachedFrom(name)));
    Map<String, Set<String>> circles = new TreeMap<>();
    for (String name : packages.keySet()) {
      circles.put(
          name,
          reached.get(name).stream()
              .filter(other -> reached.get(other).contains(name))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    Map<String, String> hashes = new LinkedHashMap<>();
    packages.keySet().forEach(name -> hash(name, circles, propagating, hashes));
    List<StorePath> paths = new ArrayList<>();
    for (Map.Entry<String, Package> e : packages.entrySet()) {
      String name = e.getKey();
      List<String> references =
          e.getValue().dependencies().stream()
              .filter(d -> !circles.get(name).contains(d) || d.compareTo(name) < 0)
              .map(d -> path(d, hashes))
              .toList();
      String path = path(name, hashes);
      paths.add(
          new StorePath(
              path,
              references,
              NarInfo.of(Digest.sha256(sha256(path)), e.getValue().size() * 1024)));
    }
    return new ClosureGraph(paths).sorted();
  }

  private Set<String> reachedFrom(String start) {
    Set<String> found = new TreeSet<>(Set.of(start));
    List<String> next = new ArrayList<>(List.of(start));
    while (!next.isEmpty()) {
      for (String d : packages.get(next.removeLast()).dependencies()) {
        if (found.add(d)) {
          next.add(d);
        }
      }
    }
    return found;
  }

  private String hash(
      String name,
      Map<String, Set<String>> circles,
      boolean propagating,
      Map<String, String> hashes) {
    String known = hashes.get(name);
    if (known != null) {
      return known;
    }
    StringBuilder input = new StringBuilder(name + "\n");
    if (propagating) {
      for (String member : circles.get(name)) {
        input.append(member).append(' ').append(packages.get(member).version()).append('\n');
        for (String d : packages.get(member).dependencies()) {
          if (!circles.get(name).contains(d)) {
            input.append(hash(d, circles, true, hashes)).append('\n');
          }
        }
      }
    } else {
      input.append(packages.get(name).version());
    }
    byte[] digest = sha256(input.toString());
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      hash.append(DIGITS.charAt(digest[i] & 31));
    }
    hashes.put(name, hash.toString());
    return hash.toString();
  }

  private String path(String name, Map<String, String> hashes) {
    String version = packages.get(name).version();
    String plain = version.substring(version.indexOf(':') + 1).replace('~', '-');
    return "/nix/store/" + hashes.get(name) + "-" + name + "-" + plain;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
