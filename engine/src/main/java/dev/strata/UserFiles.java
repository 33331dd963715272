package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.PendingBlob;
import dev.strata.explain.FileEntry;
import dev.strata.explain.ImageContents;
import dev.strata.explain.ImageFiles;
import dev.strata.internal.tar.SmallTar;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files {@code /etc/passwd} and {@code /etc/group} of an image, and the directories that home
 * directories are in. Immutable and thread-safe.
 */
final class UserFiles {
  /** A user to be added. */
  record User(String name, long uid, long gid, String home) {}

  private static final String PASSWD = BaseLayer.PASSWD;
  private static final String GROUP = BaseLayer.GROUP;
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private final Map<String, FileEntry> files;
  private final @Nullable String passwd;
  private final @Nullable String group;
  private final Set<String> newHomes;
  private final List<User> added;

  private UserFiles(
      Map<String, FileEntry> files,
      @Nullable String passwd,
      @Nullable String group,
      Set<String> newHomes,
      List<User> added) {
    this.files = files;
    this.passwd = passwd;
    this.group = group;
    this.newHomes = newHomes;
    this.added = added;
  }

  /**
   * Reads the files of a base image.
   *
   * @param layers the layers of the base image; empty for none
   * @param cache what is known of layers
   * @param transfer the number of layers to read at once, and the listener that may cancel it
   */
  static UserFiles of(List<Blob> layers, BaseCache cache, Transfer transfer) {
    List<BaseLayer> read = read(layers, cache, transfer);
    Map<String, FileEntry> files = new HashMap<>();
    @Nullable String passwd = "";
    @Nullable String group = "";
    for (ImageFiles.Placed placed :
        ImageFiles.of(read.stream().map(BaseLayer::files).toList()).files()) {
      files.put(placed.file().path(), placed.file());
      BaseLayer from = read.get(placed.layer());
      if (placed.file().path().equals(PASSWD)) {
        passwd = text(placed.file(), from.passwd());
      } else if (placed.file().path().equals(GROUP)) {
        group = text(placed.file(), from.group());
      }
    }
    return new UserFiles(files, passwd, group, Set.of(), List.of());
  }

  /** Reads the layers that are not known. */
  private static List<BaseLayer> read(List<Blob> layers, BaseCache cache, Transfer transfer) {
    @Nullable BaseLayer[] all = new BaseLayer[layers.size()];
    List<Blob> unknown = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      Digest digest = digest(layers.get(i));
      all[i] = digest == null ? null : cache.find(digest);
      if (all[i] == null) {
        unknown.add(layers.get(i));
      }
    }
    Iterator<BaseLayer> read =
        ImageContents.read(unknown, _ -> BaseLayer.reader(), transfer).iterator();
    List<BaseLayer> complete = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      BaseLayer layer = all[i];
      if (layer == null) {
        layer = read.next();
        Digest digest = digest(layers.get(i));
        if (digest != null) {
          cache.put(digest, layer);
        }
      }
      complete.add(layer);
    }
    return complete;
  }

  private static @Nullable Digest digest(Blob layer) {
    return PendingBlob.known(layer).map(Descriptor::digest).orElse(null);
  }

  private static @Nullable String text(FileEntry file, byte @Nullable [] content) {
    return file.type() != FileEntry.Type.FILE || content == null ? null : FileNames.decode(content);
  }

  private static String known(String path, @Nullable String text) {
    if (text == null) {
      throw new InvalidInputException(
          "cannot read the users and groups of the base image: its "
              + path
              + " is a link; use numbers for users and groups");
    }
    return text;
  }

  /**
   * Adds users, a group for each group number without one, and groups.
   *
   * @param users the users
   * @param groups lines of {@code /etc/group}
   * @throws InvalidInputException if the image has a user or group of the same name
   */
  UserFiles with(List<User> users, List<String> groups) {
    String oldPasswd = known(PASSWD, passwd);
    String oldGroup = known(GROUP, group);
    Set<String> names = new HashSet<>();
    lines(oldPasswd).forEach(line -> names.add(field(line, 0)));
    Set<String> groupNames = new HashSet<>();
    Set<String> groupIds = new HashSet<>();
    lines(oldGroup)
        .forEach(line -> {
          groupNames.add(field(line, 0));
          groupIds.add(field(line, 2));
        });
    StringBuilder newPasswd = new StringBuilder(ended(oldPasswd));
    StringBuilder newGroup = new StringBuilder(ended(oldGroup));
    for (String line : groups) {
      if (!groupNames.add(field(line, 0))) {
        throw exists("group", field(line, 0));
      }
      groupIds.add(field(line, 2));
      newGroup.append(line).append('\n');
    }
    Set<String> homes = new TreeSet<>();
    for (User user : users) {
      if (!names.add(user.name)) {
        throw exists("user", user.name);
      }
      newPasswd.append(
          "%s:x:%d:%d::%s:/bin/sh\n".formatted(user.name, user.uid, user.gid, user.home));
      if (groupIds.add(String.valueOf(user.gid))) {
        if (!groupNames.add(user.name)) {
          throw exists("group", user.name);
        }
        newGroup.append("%s:x:%d:\n".formatted(user.name, user.gid));
      }
      if (!files.containsKey(user.home)) {
        homes.add(user.home);
      }
    }
    return new UserFiles(files, newPasswd.toString(), newGroup.toString(), homes, users);
  }

  private static InvalidInputException exists(String what, String name) {
    return new InvalidInputException(
        "cannot add the "
            + what
            + " "
            + FileNames.quote(name)
            + ": the image has one of that name; choose another name");
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  private static String field(String line, int index) {
    String[] fields = line.split(":", -1);
    return index < fields.length ? fields[index] : "";
  }

  private static String ended(String text) {
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }

  Owners owners() {
    return new Owners(known(PASSWD, passwd), known(GROUP, group));
  }

  /** Returns the directories and links of the image, with the new home directories. */
  ImageDirectories directories() {
    Map<String, ImageDirectories.Entry> all = new HashMap<>();
    for (FileEntry file : files.values()) {
      if (file.type() == FileEntry.Type.DIRECTORY || file.type() == FileEntry.Type.SYMLINK) {
        all.put(file.path(), ImageDirectories.Entry.of(file));
      }
    }
    for (String home : newHomes) {
      User owner = ownerOf(home);
      if (owner != null) {
        all.put(home, new ImageDirectories.Entry("", DIRECTORY_MODE, owner.uid, owner.gid));
      }
    }
    return ImageDirectories.of(all);
  }

  /** Returns a layer with the files and new home directories. */
  byte[] tar() {
    Set<String> directories = new TreeSet<>();
    directories.add("/etc");
    directories.addAll(newHomes);
    for (String directory : List.copyOf(directories)) {
      for (int slash = directory.lastIndexOf('/'); slash > 0; ) {
        directories.add(directory.substring(0, slash));
        slash = directory.lastIndexOf('/', slash - 1);
      }
    }
    SmallTar tar = new SmallTar();
    for (String directory : directories) {
      FileEntry known = files.get(directory);
      if (known != null && known.type() != FileEntry.Type.DIRECTORY) {
        throw new InvalidInputException(
            "cannot add a user: "
                + FileNames.quote(directory)
                + " is not a directory in the base image; choose another home directory");
      }
      User owner = ownerOf(directory);
      if (known != null) {
        tar.directory(directory, known.mode(), known.uid(), known.gid());
      } else {
        tar.directory(
            directory,
            DIRECTORY_MODE,
            owner == null ? 0 : owner.uid,
            owner == null ? 0 : owner.gid);
      }
      if (directory.equals("/etc")) {
        file(tar, GROUP, known(GROUP, group));
        file(tar, PASSWD, known(PASSWD, passwd));
      }
    }
    return tar.finish();
  }

  private @Nullable User ownerOf(String directory) {
    for (User user : added) {
      if (newHomes.contains(directory) && user.home.equals(directory)) {
        return user;
      }
    }
    return null;
  }

  private void file(SmallTar tar, String path, String text) {
    FileEntry known = files.get(path);
    int mode = known == null ? FILE_MODE : known.mode();
    tar.file(
        path,
        mode,
        known == null ? 0 : known.uid(),
        known == null ? 0 : known.gid(),
        FileNames.encode(text));
  }
}
