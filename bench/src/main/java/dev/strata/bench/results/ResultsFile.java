package dev.strata.bench.results;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of recorded runs and comparisons: JSON lines, in the order of time, appended to and never
 * rewritten. So it merges like any text when it is kept under version control. Thread-safe as far
 * as the file system appends lines whole.
 */
public final class ResultsFile {
  private final Path file;

  /**
   * Names a results file.
   *
   * @param file the file; it need not be there
   */
  public ResultsFile(Path file) {
    this.file = file;
  }

  /**
   * Appends an entry.
   *
   * @param entry a run or a comparison
   * @throws IOException if the file can't be written
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
   * @return in the order of the file; those that a later version wrote in another way are left out
   * @throws IOException if the file can't be read
   * @throws dev.strata.io.StrataException if a line is not such JSON; it names the line
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
      throw new StrataException(
          source + " holds figures that cannot be: " + e.getMessage() + "; remove the line", e);
    }
  }
}
