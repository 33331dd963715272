package dev.strata.cli.build;

import dev.strata.AddedFiles;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.ExcludePatterns;
import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code --add}.
 *
 * @param source the file or folder
 * @param target where it goes
 * @param owner its owner; empty for root
 * @param mode the mode of its files; empty for the one they have
 * @param dirMode the mode of its directories; empty for the one they have
 * @param excludes what is left out
 */
record Addition(
    String source,
    String target,
    String owner,
    String mode,
    String dirMode,
    ExcludePatterns excludes) {
  private static final String FORM = "; use SOURCE:TARGET, such as ./src:/app/src";

  static Addition parse(String text) {
    int colon = text.indexOf(":/");
    if (colon <= 0) {
      String problem =
          colon == 0
              ? "lacks a SOURCE"
              : text.indexOf(':') < 0
                  ? "lacks a TARGET"
                  : "has a TARGET that is not an absolute path in the image";
      throw new UsageException("--add: " + FileNames.quote(text) + " " + problem + FORM);
    }
    int end = text.indexOf(':', colon + 1);
    Addition parsed =
        new Addition(
            text.substring(0, colon),
            text.substring(colon + 1, end < 0 ? text.length() : end),
            "",
            "",
            "",
            ExcludePatterns.NONE);
    return end < 0 ? parsed : parsed.with(text.substring(end + 1));
  }

  private Addition with(String options) {
    String newOwner = owner;
    String newMode = mode;
    String newDirMode = dirMode;
    List<String> patterns = new ArrayList<>();
    for (String option : options.split(",", -1)) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      switch (key) {
        case "owner" -> newOwner = value;
        case "mode" -> newMode = value;
        case "dir-mode" -> newDirMode = value;
        case "exclude" -> patterns.add(value);
        default ->
            throw new UsageException(
                "--add: unknown option "
                    + FileNames.quote(key)
                    + "; use owner=, mode=, dir-mode= or exclude=");
      }
      if (value.isEmpty()) {
        throw new UsageException("--add: " + key + " requires a value, such as " + example(key));
      }
    }
    return new Addition(
        source, target, newOwner, newMode, newDirMode, AdditionOptions.patterns("--add", patterns));
  }

  private static String example(String key) {
    return switch (key) {
      case "owner" -> "owner=1000:1000";
      case "mode" -> "mode=0644";
      case "dir-mode" -> "dir-mode=0755";
      default -> "exclude=**/*.log";
    };
  }

  /** Returns the files, without what is left out. */
  AddedFiles files() {
    try {
      AddedFiles files = AddedFiles.of(FileNames.path(source), target);
      files = owner.isEmpty() ? files : files.owner(owner);
      files = mode.isEmpty() ? files : files.mode(mode);
      return dirMode.isEmpty() ? files : files.directoryMode(dirMode);
    } catch (InvalidInputException e) {
      throw new UsageException("--add: " + e.getMessage());
    }
  }
}
