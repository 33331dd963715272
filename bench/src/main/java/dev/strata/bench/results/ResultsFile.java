package dev.strata.bench.results;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of recorded runs and comparisons, one JSON object per line, oldest first. Lines are only
 * ever appended, so that the file can be kept under version control. Thread-safe if the file system
 * appends lines atomically.
 */
public final class ResultsFile {
  private final Path file;

  /**
   * Creates a results file object; does not access the file.
   *
   * @param file the file; need not exist
   */
  public ResultsFile(Path file) {
    this.file = file;
  }

  /**
   * Appends an entry.
   *
   * @param entry a run or a comparison
   * @throws IOException if the file cannot be written
   */
  public void append(Entry entry) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(
        file,
        EntryWriter.write(entry) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /**
   * Reads all entries.
   *
   * @return the entries in the order of the file, without those of a newer, unknown schema
   * @throws IOException if the file cannot be read
   * @throws InvalidInputException if a line is not a valid entry
   */
  public List<Entry> read() throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Entry entry = parse("'" + file + "' (entry on line " + (i + 1) + ")", lines.get(i));
      if (entry != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static @Nullable Entry parse(String source, String line) {
    try {
      return JsonInput.parse(source, line.getBytes(StandardCharsets.UTF_8), EntryReader::read);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidInputException(
          source + " contains invalid figures: " + e.getMessage() + "; remove the line", e);
    }
  }
}
