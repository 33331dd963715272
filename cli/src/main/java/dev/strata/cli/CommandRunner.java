package dev.strata.cli;

import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.GoBoolean;
import dev.strata.cli.command.Hints;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.LayerChanges;
import dev.strata.cli.command.Shortage;
import dev.strata.cli.command.Suggestion;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.terminal.StandardOutput;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerChangedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Runs the command that the arguments name, and reports errors as one line and an exit code. */
public final class CommandRunner {
  private static final String DEBUG_VALUE = "--debug=";
  private static final int MAX_MESSAGE = 4000;
  private static final List<String> OPTIONS = List.of("--help", "--version", "--debug");

  private final Context context;
  private int failureExitCode = ExitCode.FAILURE;

  public CommandRunner(Context context) {
    this.context = context;
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  public int run(String... args) {
    int first = 0;
    boolean debug = false;
    try {
      for (; first < args.length && isDebug(args[first]); first++) {
        debug = debugValue(args[first]);
      }
    } catch (UsageException e) {
      return badUsage("--debug: " + e.getMessage(), "strata", ExitCode.USAGE);
    }
    if (first == args.length) {
      HelpText.print(HelpText.PROGRAM, context.err());
      return ExitCode.USAGE;
    }
    String name = args[first];
    String[] rest = Arrays.copyOfRange(args, first + 1, args.length);
    return switch (name) {
      case "-h", "--help", "help" -> help(rest);
      case "-V", "--version" -> version();
      default -> {
        Optional<CommandTable.Entry> entry = CommandTable.find(name);
        yield entry.isPresent() ? run(entry.get(), rest, debug) : unknown(name);
      }
    };
  }

  /** Returns the exit code with which the command that was run reports a failure. */
  int failureExitCode() {
    return failureExitCode;
  }

  private int version() {
    context.out().println("strata " + Version.text());
    return ExitCode.SUCCESS;
  }

  private static boolean isDebug(String arg) {
    return arg.equals("-d") || arg.equals("--debug") || arg.startsWith(DEBUG_VALUE);
  }

  private static boolean debugValue(String arg) {
    return !arg.startsWith(DEBUG_VALUE) || GoBoolean.read(arg.substring(DEBUG_VALUE.length()));
  }

  private int help(String[] rest) {
    if (rest.length == 0) {
      HelpText.print(HelpText.PROGRAM, context.out());
      return ExitCode.SUCCESS;
    }
    Optional<CommandTable.Entry> entry = CommandTable.find(rest[0]);
    if (entry.isEmpty()) {
      return unknown(rest[0]);
    }
    HelpText.print(HelpText.ofCommand(entry.get().name()), context.out());
    return ExitCode.SUCCESS;
  }

  private int unknown(String name) {
    boolean option = name.startsWith("-");
    List<String> known = option ? OPTIONS : CommandTable.names();
    String hint = Suggestion.of(name, known);
    String what = option ? "option" : "command";
    return badUsage("unknown " + what + " '" + name + "'" + hint, "strata", ExitCode.USAGE);
  }

  /**
   * Runs a command.
   *
   * @param args its arguments, without its name
   * @param debugBefore whether --debug was given before its name
   */
  int run(CommandTable.Entry entry, String[] args, boolean debugBefore) {
    Command command = entry.make();
    failureExitCode = command.failureExitCode();
    Throwable error;
    String message;
    try {
      command.parse(args);
      if (command.helpRequested()) {
        HelpText.print(HelpText.ofCommand(entry.name()), context.out());
        return ExitCode.SUCCESS;
      }
      for (String warning : command.arguments().warnings()) {
        Wrapping.println(context.err(), "strata: warning: " + warning);
      }
      return command.run(context);
    } catch (UsageException e) {
      command.failed(context, e, oneLine(String.valueOf(e.getMessage())));
      return badUsage(String.valueOf(e.getMessage()), entry);
    } catch (StandardOutput.Closed _) {
      return failureExitCode;
    } catch (StrataException e) {
      error = e;
      message = Hints.message(e, command);
    } catch (CancellationException | InterruptedException e) {
      command.failed(context, e, "interrupted");
      Interruption.print(context);
      return failureExitCode;
    } catch (RuntimeException | Error e) {
      error = e;
      message = unexpected(e, command);
    }
    command.failed(context, error, oneLine(message));
    failure(error, message, debugBefore || command.debug());
    return failureExitCode;
  }

  private static String unexpected(Throwable e, Command command) {
    if (Shortage.THREADS.isCauseOf(e)) {
      return noThread(command);
    }
    if (Shortage.OPEN_FILES.isCauseOf(e)) {
      return "too many open files; raise the limit with ulimit -n";
    }
    return switch (e) {
      case OutOfMemoryError _ -> "out of memory; set a larger heap (STRATA_JAVA_OPTS=-Xmx1g)";
      case StackOverflowError _ -> "stack overflow; set a larger stack (STRATA_JAVA_OPTS=-Xss64m)";
      default -> "internal error: " + e + "; please report it with the output of --debug";
    };
  }

  private static String noThread(Command command) {
    List<String> options = Stream.of("--jobs", "--parallel").filter(command::accepts).toList();
    return "cannot start a thread; raise the limit on processes (ulimit -u, or the container's"
        + " --pids-limit)"
        + (options.isEmpty() ? "" : ", or lower " + String.join(" and ", options));
  }

  private int badUsage(String message, CommandTable.Entry entry) {
    return badUsage(message, "strata " + entry.name(), entry.usageExitCode());
  }

  private int badUsage(String message, String command, int exitCode) {
    Wrapping.println(context.err(), "strata: " + oneLine(message));
    context.err().println("Try '" + command + " --help'.");
    return exitCode;
  }

  private void failure(Throwable e, String message, boolean debug) {
    Wrapping.println(context.err(), "strata: " + oneLine(message));
    if (e instanceof LayerChangedException changed) {
      LayerChanges.print(changed, context);
    }
    if (debug) {
      e.printStackTrace(context.err());
    }
  }

  private static String oneLine(String message) {
    String line = message.strip().replaceAll("\\R", "; ");
    // Names and tags in a message may come from an image or a registry.
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
  }
}
