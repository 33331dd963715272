package dev.strata.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks. */
@Command(
    name = "jmh",
    customSynopsis = "strata bench jmh [JMH OPTIONS] [REGEX...]",
    description = {
      "Run the JMH benchmarks of single stages whose names match.",
      "Accepts JMH's options: -l lists the benchmarks, -p profile=S,M sets a parameter, -f, -wi and"
          + " -i set the number of forks, warm-up and measured iterations, -prof gc measures"
          + " allocations."
    })
final class JmhCommand implements Callable<Integer> {
  /** Flags for every JVM that runs the engine. */
  private static final String[] JVM_FLAGS = {"--enable-native-access=ALL-UNNAMED"};

  @Spec private CommandSpec spec;
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    try {
      CommandLineOptions options = new CommandLineOptions(arguments.toArray(String[]::new));
      Runner runner =
          new Runner(new OptionsBuilder().parent(options).jvmArgsAppend(JVM_FLAGS).build());
      if (options.shouldList()) {
        runner.list();
      } else if (options.shouldListWithParams()) {
        runner.listWithParams(options);
      } else if (options.shouldListProfilers()) {
        options.listProfilers();
      } else if (options.shouldListResultFormats()) {
        options.listResultFormats();
      } else {
        runner.run();
      }
      return 0;
    } catch (CommandLineOptionException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (RunnerException e) {
      throw new IOException("JMH failed: " + e.getMessage(), e);
    }
  }
}
