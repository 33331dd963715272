package dev.strata.cli;

import dev.strata.fixtures.GoldenCase;
import dev.strata.fixtures.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
   * @param args the folder with the unpacked store, a new folder to run in, and further arguments
   *     for the commands that have workers
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path store = Path.of(args[0]);
    Path work = Files.createDirectories(Path.of(args[1]));
    String[] forWorkers = Arrays.copyOfRange(args, 2, args.length);
    List<GoldenCase> cases = GoldenCases.load();
    for (int i = 0; i < cases.size(); i++) {
      GoldenCase golden = cases.get(i);
      GoldenCheck check = GoldenCheck.inThisJvm(golden, store, work.resolve(Integer.toString(i)));
      check.prepare();
      String[] further = GoldenCheck.hasJobs(golden) ? forWorkers : new String[0];
      check.differences(further).forEach(System.out::println);
    }
    System.out.println(cases.size() + " cases");
  }
}
