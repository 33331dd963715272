package dev.strata.cli;

import dev.strata.fixtures.GoldenCase;
import dev.strata.fixtures.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs every recorded case in this JVM and prints the differences, then the number of cases. A
 * process of its own can force a way to read files, to hash and to keep slabs.
 */
final class GoldenCasesMain {
  private GoldenCasesMain() {}

  /**
   * Runs the cases.
   *
   * @param args the folder with the unpacked store, a new folder to run in, and the number of
   *     workers
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path store = Path.of(args[0]);
    Path work = Files.createDirectories(Path.of(args[1]));
    int jobs = Integer.parseInt(args[2]);
    List<GoldenCase> cases = GoldenCases.load();
    for (int i = 0; i < cases.size(); i++) {
      Path directory = work.resolve(Integer.toString(i));
      GoldenCheck check = GoldenCheck.inThisJvm(cases.get(i), store, directory);
      check.prepare();
      check.differencesWith(jobs).forEach(System.out::println);
    }
    System.out.println(cases.size() + " cases");
  }
}
