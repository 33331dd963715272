package dev.strata.cli.move;

import dev.strata.cli.command.ShellWords;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.ImageLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A file with a list of copies: a source and a destination on each line. */
final class CopyList {
  private static final int MOST_NAMED = 10;

  private final String file;
  private final BiConsumer<ImageLocation, ImageLocation> check;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<ImageLocation, Integer> destinations = new HashMap<>();

  private CopyList(String file, BiConsumer<ImageLocation, ImageLocation> check) {
    this.file = file;
    this.check = check;
  }

  /**
   * One copy.
   *
   * @param line the number of its line, from 1
   * @param target the destination as it is written there
   */
  record Entry(int line, String target, ImageLocation from, ImageLocation to) {}

  /**
   * Reads a list.
   *
   * @param check throws an exception for a source and a destination that cannot be combined
   * @throws InvalidInputException if a line is invalid; names all that are
   */
  static List<Entry> read(String file, BiConsumer<ImageLocation, ImageLocation> check) {
    String text = FileNames.decode(InputFile.readAll(FileNames.path(file)));
    return new CopyList(file, check).parse(text);
  }

  private List<Entry> parse(String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      try {
        add(number, line);
      } catch (InvalidInputException e) {
        problems.add("line " + number + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      int more = problems.size() - MOST_NAMED;
      throw new InvalidInputException(
          "cannot use the list "
              + FileNames.quote(file)
              + ": "
              + String.join("; ", problems.subList(0, Math.min(problems.size(), MOST_NAMED)))
              + (more > 0 ? "; and " + more + " more" : ""));
    }
    if (entries.isEmpty()) {
      throw new InvalidInputException(
          "the list "
              + FileNames.quote(file)
              + " is empty; write SOURCE and DESTINATION on each line");
    }
    return entries;
  }

  private void add(int number, String line) {
    List<String> words = ShellWords.split(line);
    if (words == null) {
      throw new InvalidInputException("a quote is not closed");
    }
    if (words.isEmpty()) {
      return;
    }
    if (words.size() != 2) {
      throw new InvalidInputException(
          words.size() == 1
              ? "the destination is missing"
              : "there are " + words.size() + " words instead of SOURCE and DESTINATION");
    }
    ImageLocation from = ImageLocation.parseSource(words.get(0));
    ImageLocation to = ImageLocation.parse(words.get(1));
    if (isStandardStream(from) || isStandardStream(to)) {
      throw new InvalidInputException("an archive in a list must be a file, not -");
    }
    if (to instanceof ImageLocation.Nix) {
      throw new InvalidInputException("cannot write images to nix:, which can only be read");
    }
    check.accept(from, to);
    Integer other = destinations.putIfAbsent(to, number);
    if (other != null) {
      throw new InvalidInputException("the destination is that of line " + other + ", too");
    }
    entries.add(new Entry(number, words.get(1), from, to));
  }

  private static boolean isStandardStream(ImageLocation place) {
    return place instanceof ImageLocation.OciArchive oci && oci.file().equals("-")
        || place instanceof ImageLocation.DockerArchive docker && docker.file().equals("-");
  }
}
