package dev.strata.cli.build;

import dev.strata.AddedFiles;
import dev.strata.ImageBuilder;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.LayerCache;
import dev.strata.layer.SourceStamps;
import dev.strata.layering.ExcludePatterns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Options that add files, folders, users and groups to an image. */
final class AdditionOptions {
  private static final int USER_FIELDS = 4;

  private final Argument<List<String>> add;
  private final Argument<List<String>> exclude;
  private final Argument<List<String>> excludeFrom;
  private final Argument<List<String>> addUser;
  private final Argument<List<String>> groupFile;

  AdditionOptions(Arguments arguments) {
    add =
        arguments.texts(
            "SOURCE:TARGET[:KEY=VALUE,...]",
            "Add a file, or a folder's contents; repeatable",
            "--add");
    exclude =
        arguments.texts(
            "PATTERN", "Leave out files of --add, as .dockerignore does; repeatable", "--exclude");
    excludeFrom =
        arguments.texts(
            "FILE", "Leave out what FILE lists, such as .dockerignore", "--exclude-from");
    addUser =
        arguments.texts("NAME:UID:GID:HOME", "Add a user and its group; repeatable", "--add-user");
    groupFile =
        arguments.texts("FILE", "Add the groups in FILE, lines of /etc/group", "--group-file");
  }

  boolean isGiven() {
    return add.get() != null || addUser.get() != null || groupFile.get() != null;
  }

  /** Returns the files and folders that are added. */
  List<String> sources() {
    return add.orElse(List.of()).stream().map(text -> Addition.parse(text).source()).toList();
  }

  /** Prepares to look at large folders, while the arguments are read. */
  void prepare(LayerCache cache) {
    List<String> paths = new ArrayList<>();
    for (String source : sources()) {
      try {
        paths.add(FileNames.decode(FileNames.bytes(FileNames.path(source).toRealPath())));
      } catch (IOException _) {
        // Adding it reports it.
      }
    }
    SourceStamps.prepare(paths, cache);
  }

  /** Checks the arguments, before any work is done. */
  void check() {
    if (add.get() == null && (exclude.get() != null || excludeFrom.get() != null)) {
      throw new UsageException("--exclude and --exclude-from require --add");
    }
    patterns("--exclude", exclude.orElse(List.of()));
    for (String text : add.orElse(List.of())) {
      Addition.parse(text);
    }
    addUsers(ImageBuilder.fromScratch());
  }

  ImageBuilder apply(ImageBuilder builder) {
    ImageBuilder next = addUsers(builder);
    for (String file : groupFile.orElse(List.of())) {
      next =
          next.addGroups(
              FileNames.decode(InputFile.readAll(FileNames.path(file)))
                  .lines()
                  .filter(line -> !line.isBlank() && !line.startsWith("#"))
                  .toList());
    }
    ExcludePatterns global = patterns("--exclude", exclude.orElse(List.of()));
    for (String text : add.orElse(List.of())) {
      Addition addition = Addition.parse(text);
      AddedFiles files = addition.files();
      for (String file : excludeFrom.orElse(List.of())) {
        Path path = FileNames.path(file).toAbsolutePath();
        Path folder = path.getParent();
        files = files.exclude(ExcludePatterns.read(path), folder == null ? path : folder);
      }
      next = next.add(files.exclude(global).exclude(addition.excludes()));
    }
    return next;
  }

  private ImageBuilder addUsers(ImageBuilder builder) {
    ImageBuilder next = builder;
    for (String text : addUser.orElse(List.of())) {
      String[] fields = text.split(":", -1);
      if (fields.length != USER_FIELDS
          || !fields[1].matches("[0-9]{1,10}")
          || !fields[2].matches("[0-9]{1,10}")) {
        throw new UsageException(
            "--add-user: invalid user "
                + FileNames.quote(text)
                + "; use NAME:UID:GID:HOME, such as app:1000:1000:/home/app");
      }
      try {
        next =
            next.addUser(
                fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
      } catch (InvalidInputException e) {
        throw new UsageException("--add-user: " + e.getMessage());
      }
    }
    return next;
  }

  /** Parses patterns that were given as arguments. */
  static ExcludePatterns patterns(String option, List<String> texts) {
    try {
      return ExcludePatterns.of(texts);
    } catch (InvalidInputException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }
}
