package dev.strata.internal.tree;

import dev.strata.blob.Progress;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.Perm;
import java.util.List;

/** The compiled permission rules of one store path, and which of them applied. Not thread-safe. */
final class PermRules {
  /** A rule; one with an invalid mode is an error only when it matches a file. */
  private record Rule(
      GoRegex regex,
      Perm perm,
      boolean modeSet,
      boolean dirModeSet,
      boolean modeBad,
      long mode,
      long dirMode,
      long orMode) {}

  private static final long LARGEST_MODE = 07777;

  private final List<Rule> rules;
  private final boolean[] used;

  private PermRules(List<Rule> rules) {
    this.rules = rules;
    this.used = new boolean[rules.size()];
  }

  static PermRules compile(List<Perm> perms, String path) {
    return new PermRules(perms.stream().map(p -> rule(p, path)).toList());
  }

  private static Rule rule(Perm perm, String path) {
    GoRegex regex = GoRegex.compile(perm.regex(), "permission rule of " + FileNames.quote(path));
    long orMode = orMode(perm);
    boolean modeSet = !perm.mode().isEmpty();
    boolean dirModeSet = modeSet || !perm.dirMode().isEmpty();
    try {
      long mode = modeSet ? OctalMode.parse(perm.mode()) : 0;
      long dirMode = perm.dirMode().isEmpty() ? mode : OctalMode.parse(perm.dirMode());
      return new Rule(regex, perm, modeSet, dirModeSet, false, mode, dirMode, orMode);
    } catch (NumberFormatException _) {
      return new Rule(regex, perm, modeSet, dirModeSet, true, 0, 0, orMode);
    }
  }

  private static long orMode(Perm perm) {
    String text = perm.orMode();
    long bits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bits = c >= '0' && c <= '7' && bits <= LARGEST_MODE ? bits * 8 + (c - '0') : Long.MAX_VALUE;
    }
    if (bits > LARGEST_MODE) {
      throw new InvalidInputException(
          "invalid orMode "
              + FileNames.quote(text)
              + " in permission rule "
              + FileNames.quote(perm.regex())
              + "; use octal digits up to 7777, such as 0200");
    }
    return bits;
  }

  /**
   * Applies the rules to a file, in order.
   *
   * @param source the file's path on this machine
   * @param length the length of that path in bytes
   * @param directory whether it is a directory
   * @return mode and ownership
   * @throws InvalidInputException if a matching rule has an invalid mode
   */
  Owner apply(byte[] source, int length, boolean directory) {
    Owner owner = Owner.ROOT;
    boolean simple = LiteralRegex.isSimple(source, length);
    for (int i = 0; i < used.length; i++) {
      Rule rule = rules.get(i);
      if (!rule.regex.find(source, length, simple)) {
        continue;
      }
      used[i] = true;
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
      boolean sets = directory ? rule.dirModeSet : rule.modeSet;
      boolean modeSet = owner.modeSet() || sets;
      long mode = !sets ? owner.mode() : directory ? rule.dirMode : rule.mode;
      owner =
          new Owner(
              modeSet,
              modeSet ? mode | rule.orMode : 0,
              p.uid(),
              p.gid(),
              p.uname().isEmpty() ? owner.uname() : p.uname(),
              p.gname().isEmpty() ? owner.gname() : p.gname(),
              modeSet ? 0 : owner.orMode() | rule.orMode,
              p.mtime().orElse(owner.mtime()));
    }
    return owner;
  }

  /** Reports the rules that applied to no file. */
  void reportUnused(String path, Progress progress) {
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        progress.ruleUnused(path, rules.get(i).perm.regex());
      }
    }
  }
}
