package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;
import dev.strata.cli.HelpText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Renders the help of the program and of each command, and the completion scripts, from the
 * declared arguments. Maven runs it after it has compiled the program.
 */
final class HelpFiles {
  private HelpFiles() {}

  /**
   * Writes the texts as resources of the program.
   *
   * @param args the folder with the compiled classes
   */
  public static void main(String[] args) throws IOException {
    Path folder =
        Files.createDirectories(
            Path.of(args[0], HelpText.class.getPackageName().replace('.', '/'), HelpText.FOLDER));
    for (Map.Entry<String, String> text : render().entrySet()) {
      Path file = folder.resolve(text.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(text.getValue())) {
        Files.writeString(file, text.getValue());
      }
    }
  }

  /** Renders all texts, by file name. */
  static Map<String, String> render() {
    Map<String, String> texts = new TreeMap<>();
    texts.put(HelpText.PROGRAM, TopLevelHelp.text());
    for (CommandTable.Entry entry : CommandTable.ALL) {
      CommandSpec spec = HelpModel.of(entry.make());
      texts.put(HelpText.ofCommand(entry.name()), new CommandLine(spec).getUsageMessage(Ansi.OFF));
    }
    CommandTable.Entry layers = CommandTable.LAYERS_OF_SKOPEO;
    texts.put(
        HelpText.ofCommand(layers.name()),
        new CommandLine(HelpModel.of(layers.make())).getUsageMessage(Ansi.OFF));
    texts.put(HelpText.ofShell("bash"), BashCompletion.script());
    texts.put(HelpText.ofShell("zsh"), ZshCompletion.script());
    texts.put(HelpText.ofShell("fish"), FishCompletion.script());
    return texts;
  }
}
