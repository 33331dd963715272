package dev.strata.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command that is declared by picocli's annotations: for those whose work takes so long that the
 * time to read annotations does not matter.
 */
final class AnnotatedCommand extends Command {
  private final Callable<Integer> command;

  private AnnotatedCommand(
      String name, CommandSpec spec, boolean debuggable, Callable<Integer> command) {
    super(name, spec, debuggable);
    this.command = command;
  }

  /** Takes an annotated object. */
  static AnnotatedCommand of(String name, Callable<Integer> command) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    // The version is the program's, not the command's.
    OptionSpec version = spec.findOption("--version");
    if (version != null) {
      spec.remove(version);
    }
    return new AnnotatedCommand(name, spec, true, command);
  }

  /** Takes an annotated object that wants all arguments as they are, options too. */
  static AnnotatedCommand verbatim(String name, Callable<Integer> command) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    spec.parser().unmatchedOptionsArePositionalParams(true);
    return new AnnotatedCommand(name, spec, false, command);
  }

  @Override
  int run(Context context) throws InterruptedException {
    try {
      return command.call();
    } catch (RuntimeException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
