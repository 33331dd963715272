package dev.strata.internal.tree;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.Perm;
import java.util.List;

/** The compiled permission rules of one store path. Immutable and thread-safe. */
final class PermRules {
  /** A rule; one with an invalid mode is an error only when it matches a file. */
  private record Rule(GoRegex regex, Perm perm, boolean modeSet, boolean modeBad, long mode) {}

  private final List<Rule> rules;

  private PermRules(List<Rule> rules) {
    this.rules = rules;
  }

  static PermRules compile(List<Perm> perms, String path) {
    return new PermRules(perms.stream().map(p -> rule(p, path)).toList());
  }

  private static Rule rule(Perm perm, String path) {
    GoRegex regex = GoRegex.compile(perm.regex(), "permission rule of " + FileNames.quote(path));
    if (perm.mode().isEmpty()) {
      return new Rule(regex, perm, false, false, 0);
    }
    try {
      return new Rule(regex, perm, true, false, OctalMode.parse(perm.mode()));
    } catch (NumberFormatException _) {
      return new Rule(regex, perm, true, true, 0);
    }
  }

  /**
   * Applies the rules to a file, in order.
   *
   * @param source the file's path on this machine
   * @param length the length of that path in bytes
   * @return mode and ownership
   * @throws InvalidInputException if a matching rule has an invalid mode
   */
  Owner apply(byte[] source, int length) {
    Owner owner = Owner.ROOT;
    boolean simple = LiteralRegex.isSimple(source, length);
    for (Rule rule : rules) {
      if (!rule.regex.find(source, length, simple)) {
        continue;
      }
      Perm p = rule.perm;
      if (rule.modeBad) {
        throw new InvalidInputException(
            "invalid mode "
                + FileNames.quote(p.mode())
                + " in permission rule "
                + FileNames.quote(p.regex())
                + ", which matches "
                + FileNames.quote(FileNames.decode(source, 0, length))
                + "; use octal digits, such as 0755");
      }
      owner =
          new Owner(
              owner.modeSet() || rule.modeSet,
              rule.modeSet ? rule.mode : owner.mode(),
              p.uid(),
              p.gid(),
              p.uname().isEmpty() ? owner.uname() : p.uname(),
              p.gname().isEmpty() ? owner.gname() : p.gname());
    }
    return owner;
  }
}
