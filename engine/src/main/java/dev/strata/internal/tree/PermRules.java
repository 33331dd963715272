package dev.strata.internal.tree;

import dev.strata.blob.Progress;
import dev.strata.internal.regex.StateSpace;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.Perm;
import java.util.ArrayList;
import java.util.List;

/** The compiled permission rules of one store path, and which of them applied. Not thread-safe. */
final class PermRules {
  /** A rule; one with an invalid mode is an error only when it matches a file. */
  private record Rule(
      Perm perm,
      boolean modeSet,
      boolean dirModeSet,
      boolean modeBad,
      long mode,
      long dirMode,
      long orMode) {}

  private static final long LARGEST_MODE = 07777;

  private final List<Rule> rules;
  private final RegexMatcher matcher;
  private final long[] used;

  private PermRules(List<Rule> rules, RegexMatcher matcher) {
    this.rules = rules;
    this.matcher = matcher;
    this.used = new long[(rules.size() + Long.SIZE - 1) / Long.SIZE];
  }

  /**
   * Compiles rules.
   *
   * @param perms the rules
   * @param path the store path, for error messages
   * @param space limits the memory for matching
   * @throws InvalidInputException if a rule is invalid
   */
  static PermRules compile(List<Perm> perms, String path, StateSpace space) {
    List<Rule> rules = new ArrayList<>();
    List<GoRegex> regexes = new ArrayList<>();
    for (Perm perm : perms) {
      regexes.add(GoRegex.compile(perm.regex(), "permission rule of " + FileNames.quote(path)));
      rules.add(rule(perm));
    }
    return new PermRules(rules, new RegexMatcher(regexes, space));
  }

  private static Rule rule(Perm perm) {
    long orMode = orMode(perm);
    boolean modeSet = !perm.mode().isEmpty();
    boolean dirModeSet = modeSet || !perm.dirMode().isEmpty();
    try {
      long mode = modeSet ? OctalMode.parse(perm.mode()) : 0;
      long dirMode = perm.dirMode().isEmpty() ? mode : OctalMode.parse(perm.dirMode());
      return new Rule(perm, modeSet, dirModeSet, false, mode, dirMode, orMode);
    } catch (NumberFormatException _) {
      return new Rule(perm, modeSet, dirModeSet, true, 0, 0, orMode);
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
    long[] matched = matcher.match(source, length);
    Owner owner = Owner.ROOT;
    for (int word = 0; word < matched.length; word++) {
      used[word] |= matched[word];
      for (long bits = matched[word]; bits != 0; bits &= bits - 1) {
        Rule rule = rules.get(word * Long.SIZE + Long.numberOfTrailingZeros(bits));
        if (rule.modeBad) {
          throw invalidMode(rule.perm, source, length);
        }
        owner = apply(rule, owner, directory);
      }
    }
    return owner;
  }

  private static InvalidInputException invalidMode(Perm perm, byte[] source, int length) {
    return new InvalidInputException(
        "invalid mode "
            + FileNames.quote(perm.mode())
            + " in permission rule "
            + FileNames.quote(perm.regex())
            + ", which matches "
            + FileNames.quote(FileNames.decode(source, 0, length))
            + "; use octal digits, such as 0755");
  }

  private static Owner apply(Rule rule, Owner owner, boolean directory) {
    Perm p = rule.perm;
    boolean sets = directory ? rule.dirModeSet : rule.modeSet;
    boolean modeSet = owner.modeSet() || sets;
    long mode = !sets ? owner.mode() : directory ? rule.dirMode : rule.mode;
    return new Owner(
        modeSet,
        modeSet ? mode | rule.orMode : 0,
        p.uid(),
        p.gid(),
        p.uname().isEmpty() ? owner.uname() : p.uname(),
        p.gname().isEmpty() ? owner.gname() : p.gname(),
        modeSet ? 0 : owner.orMode() | rule.orMode,
        p.mtime().orElse(owner.mtime()));
  }

  /** Reports the rules that applied to no file. */
  void reportUnused(String path, Progress progress) {
    for (int i = 0; i < rules.size(); i++) {
      if ((used[i / Long.SIZE] & 1L << i) == 0) {
        progress.ruleUnused(path, rules.get(i).perm.regex());
      }
    }
  }
}
