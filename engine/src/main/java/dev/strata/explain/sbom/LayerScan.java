package dev.strata.explain.sbom;

import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageContents;
import dev.strata.explain.LayerFiles;
import dev.strata.explain.sbom.Content.Unreadable;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the packages in one layer, by the files that are or describe them. */
final class LayerScan implements ImageContents.Visitor<LayerScan.Result>, AutoCloseable {
  /** The largest database of a distribution's packages; that of Debian 13 with GNOME has 3 MiB. */
  private static final int MAX_DATABASE = 64 << 20;

  private static final int MAX_NODE = 4 << 20;

  /** The fields of Python's metadata come first; a description of any length may follow. */
  private static final int PYTHON_HEAD = 1 << 20;

  /** The smallest Go programs are larger than this. */
  private static final int MIN_GO = 256 << 10;

  private static final int EXECUTABLE = 0111;

  private final Path folder;
  private final List<LayerFiles.Entry> entries = new ArrayList<>();
  private final Map<String, List<Found>> found = new HashMap<>();
  private final Notes notes = new Notes();
  private @Nullable Content open;
  private String openPath = "";

  /**
   * What is in a layer.
   *
   * @param files its entries
   * @param found the packages by the paths of the files that they were found in
   * @param notes what was passed over
   */
  record Result(LayerFiles files, Map<String, List<Found>> found, List<Notes.Note> notes) {}

  /**
   * Creates the visitor for a layer.
   *
   * @param folder the folder for temporary files
   */
  LayerScan(Path folder) {
    this.folder = folder;
  }

  @Override
  public @Nullable WritableByteChannel entry(FileEntry entry) {
    endFile();
    entries.add(new LayerFiles.Entry(entry, null));
    if (entry.type() == FileEntry.Type.FILE) {
      open = content(entry);
      openPath = entry.path();
    }
    return open;
  }

  private void endFile() {
    if (open == null) {
      return;
    }
    Content content = open;
    try (this) {
      List<Found> packages = content.found(notes);
      // The last entry of a name counts.
      if (packages.isEmpty()) {
        found.remove(openPath);
      } else {
        found.put(openPath, packages);
      }
    } catch (Unreadable e) {
      notes.add(openPath, e);
    }
  }

  /** Drops the file that is being read. */
  @Override
  public void close() {
    if (open != null) {
      open.drop();
      open = null;
    }
  }

  @Override
  public Result finish(long size) {
    endFile();
    return new Result(new LayerFiles(entries, size), found, notes.all());
  }

  private @Nullable Content content(FileEntry entry) {
    String path = entry.path();
    Content system = systemContent(path);
    if (system != null) {
      return system;
    }
    String name = entry.name();
    if (name.equals("METADATA") && entry.parent().endsWith(".dist-info")
        || name.equals("PKG-INFO")
            && (entry.parent().endsWith(".egg-info") || entry.parent().endsWith("/EGG-INFO"))
        || name.endsWith(".egg-info")) {
      return new TextContent(PYTHON_HEAD, true, text -> LanguagePackages.python(text, path));
    }
    if (name.equals("package.json") && isNodePackage(entry.parent())) {
      return new TextContent(MAX_NODE, false, text -> LanguagePackages.node(text, path));
    }
    if (JavaArchive.hasName(name)) {
      return new JavaArchive(path, folder);
    }
    if ((entry.mode() & EXECUTABLE) != 0 && entry.size() >= MIN_GO) {
      return new GoProgram(path);
    }
    return null;
  }

  private static @Nullable Content systemContent(String path) {
    return switch (path) {
      case "/var/lib/dpkg/status" ->
          new TextContent(MAX_DATABASE, false, text -> SystemPackages.dpkg(text, path));
      case "/lib/apk/db/installed", "/usr/lib/apk/db/installed" ->
          new TextContent(MAX_DATABASE, false, text -> SystemPackages.apk(text, path));
      case "/etc/os-release", "/usr/lib/os-release" ->
          new TextContent(MAX_NODE, false, text -> SystemPackages.osRelease(text, path));
      case "/var/lib/rpm/Packages",
          "/var/lib/rpm/Packages.db",
          "/var/lib/rpm/rpmdb.sqlite",
          "/usr/lib/sysimage/rpm/Packages.db",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite" ->
          new TextContent(
              0,
              true,
              _ -> {
                throw new Unreadable("RPM's database is not read");
              });
      default ->
          path.startsWith("/var/lib/dpkg/status.d/") && !path.endsWith(".md5sums")
              ? new TextContent(MAX_DATABASE, false, text -> SystemPackages.dpkg(text, path))
              : null;
    };
  }

  /** Returns whether a directory is that of a package: it, or its scope, is in node_modules. */
  private static boolean isNodePackage(String directory) {
    String above = parent(directory);
    String scope = above.substring(above.lastIndexOf('/') + 1);
    return above.endsWith("/node_modules")
        || scope.startsWith("@") && parent(above).endsWith("/node_modules");
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
