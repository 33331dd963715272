package dev.strata.cli.options;

import dev.strata.io.InvalidInputException;
import java.io.Console;

/** Asks for a password on the terminal. Stateless. */
final class PasswordPrompt {
  private PasswordPrompt() {}

  /**
   * Asks for a password without showing it.
   *
   * @param option the option that lacks it
   * @throws InvalidInputException if there is no terminal, or no password was entered
   */
  // It is null with the JDK's simple console, which a system property or a small JDK can choose.
  @SuppressWarnings("SystemConsoleNull")
  static String ask(String user, String option) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new InvalidInputException(
          "cannot ask for the password of '"
              + user
              + "': there is no terminal; use "
              + (option.contains("creds")
                  ? option + " USER:PASSWORD"
                  : option.replace("username", "password"))
              + " or log in first");
    }
    char[] entered = console.readPassword("Password of %s (%s): ", user, option);
    if (entered == null) {
      throw new InvalidInputException("no password was entered for '" + user + "'");
    }
    return new String(entered);
  }
}
