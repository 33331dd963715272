package dev.strata.internal.tree;

import dev.strata.blob.Progress;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.StopCheck;
import dev.strata.internal.regex.StateSpace;
import dev.strata.io.ConflictException;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Object2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges the scans of a layer's paths into one tree, in the order of the paths and of a depth-first
 * walk. As in the reference implementation, a later file replaces an earlier one at the same path
 * if mode and size are equal; otherwise the two conflict. Not thread-safe.
 */
public final class TreeBuilder {
  private static final byte[] NO_NAME = new byte[0];
  private static final byte[] ROOT = {'/'};

  /** The memory for matching the permission rules of a layer. */
  private static final long MATCHING_BYTES = 8L << 20;

  private final NodeTable nodes = new NodeTable();
  private final List<LayerPath> paths;
  private final List<PathScan> scans;
  private final int[] scanBase;
  private final boolean[] inPlace;

  private final StopCheck check;
  private final Progress progress;

  private TreeBuilder(
      List<LayerPath> paths, List<PathScan> scans, StopCheck check, Progress progress) {
    this.check = check;
    this.progress = progress;
    this.paths = paths;
    this.scans = scans;
    this.scanBase = new int[scans.size()];
    this.inPlace = new boolean[scans.size()];
    int base = 0;
    for (int i = 0; i < scanBase.length; i++) {
      scanBase[i] = base;
      base = Math.addExact(base, scans.get(i).count());
    }
  }

  /**
   * Merges scans, and reports nothing.
   *
   * @param paths the paths of the layer
   * @param scans the scan of each path, in the same order
   * @param check is called for each directory
   * @return the tree
   * @throws ConflictException if two different files have the same path in the layer
   * @throws dev.strata.io.InvalidInputException if a rewrite or permission rule is invalid
   */
  public static FileTree build(List<LayerPath> paths, List<PathScan> scans, StopCheck check) {
    return build(paths, scans, check, Progress.NONE);
  }

  /**
   * Merges scans.
   *
   * @param paths the paths of the layer
   * @param scans the scan of each path, in the same order
   * @param check is called for each directory
   * @param progress receives files that are replaced, and permission rules that do not apply
   * @return the tree
   * @throws ConflictException if two different files have the same path in the layer
   * @throws dev.strata.io.InvalidInputException if a rewrite or permission rule is invalid
   */
  public static FileTree build(
      List<LayerPath> paths, List<PathScan> scans, StopCheck check, Progress progress) {
    TreeBuilder builder = new TreeBuilder(paths, scans, check, progress);
    for (int i = 0; i < scans.size(); i++) {
      builder.merge(i);
    }
    return builder.finish();
  }

  private void merge(int scan) {
    check.checkStopped();
    LayerPath path = paths.get(scan);
    PathScan s = scans.get(scan);
    PathOptions options = path.options();
    Rewrite rewrite = options == null ? Rewrite.NONE : options.rewrite();
    if (rewrite.regex().isEmpty()) {
      inPlace[scan] = !s.isHacked() && Arrays.equals(s.root(), GoPaths.clean(s.root()));
      mergeBelow(scan, s.imageRoot(), s.imageBase());
      return;
    }
    GoRegex regex = GoRegex.compile(rewrite.regex(), "rewrite of " + FileNames.quote(path.path()));
    GoTemplate template = GoTemplate.parse(rewrite.replacement(), regex);
    byte[] movedRoot = literalMove(s, regex, template);
    if (movedRoot != null) {
      mergeBelow(scan, movedRoot, movedRoot.length == 0 ? ROOT : GoPaths.clean(movedRoot));
    } else {
      mergeRewritten(scan, 0, regex, template);
    }
  }

  /** Returns the new root if the rewrite only replaces the start of every path, else null. */
  private static byte @Nullable [] literalMove(PathScan s, GoRegex regex, GoTemplate template) {
    byte[] root = s.imageRoot();
    byte[] constant = template.constant();
    int prefix = regex.literal().prefixLength();
    if (constant == null
        || prefix < 0
        || !LiteralRegex.isSimple(root, root.length)
        || !regex.literal().find(root, root.length)) {
      return null;
    }
    // Paths below an unclean root, and below /, do not start with the root and a slash.
    if (root.length <= 1 || !Arrays.equals(root, s.imageBase())) {
      return null;
    }
    ByteBuilder out = new ByteBuilder(root.length + constant.length);
    out.add(constant);
    out.add(root, prefix, root.length);
    return out.toArray();
  }

  /** Adds the path of a scan, and all files below it, at their paths in the image. */
  private void mergeBelow(int scan, byte[] root, byte[] base) {
    if (root.length > 0) {
      put(node(GoPaths.clean(root)), scan, 0);
    }
    if (scans.get(scan).childCount(0) > 0) {
      boolean here = base.length == 0 || base.length == 1 && base[0] == '.';
      mergeChildren(scan, 0, here ? NodeTable.TOP : node(base));
    }
  }

  private void mergeChildren(int scan, int directory, int parentNode) {
    check.checkStopped();
    PathScan s = scans.get(scan);
    int end = s.firstChild(directory) + s.childCount(directory);
    for (int e = s.firstChild(directory); e < end; e++) {
      int node = nodes.child(parentNode, s.bytes(), s.nameOffset(e), s.imageNameLength(e));
      put(node, scan, e);
      if (s.childCount(e) > 0) {
        mergeChildren(scan, e, node);
      }
    }
  }

  /** Adds a file and the files below it, each at its rewritten path. */
  private void mergeRewritten(int scan, int entry, GoRegex regex, GoTemplate template) {
    PathScan s = scans.get(scan);
    byte[] path = s.imagePath(entry);
    byte[] target = regex.replaceAll(path, path.length, template);
    if (target.length > 0) {
      put(node(GoPaths.clean(target)), scan, entry);
    }
    int end = s.firstChild(entry) + s.childCount(entry);
    for (int e = s.firstChild(entry); e < end && s.childCount(entry) > 0; e++) {
      mergeRewritten(scan, e, regex, template);
    }
  }

  /** Finds or adds the node of a clean path; absolute paths start with a nameless node. */
  private int node(byte[] cleaned) {
    int node = NodeTable.TOP;
    int start = 0;
    if (cleaned[0] == '/') {
      node = nodes.child(node, NO_NAME, 0, 0);
      start = 1;
    }
    while (start < cleaned.length) {
      int end = start;
      while (end < cleaned.length && cleaned[end] != '/') {
        end++;
      }
      node = nodes.child(node, cleaned, start, end - start);
      start = end + 1;
    }
    return node;
  }

  private void put(int node, int scan, int entry) {
    int known = nodes.source(node);
    if (known != NodeTable.NONE) {
      checkConflict(node, known, scan, entry);
    }
    nodes.setSource(node, scanBase[scan] + entry);
  }

  private void checkConflict(int node, int known, int scan, int entry) {
    int knownScan = FileTree.scanOf(scanBase, known);
    PathScan a = scans.get(knownScan);
    PathScan b = scans.get(scan);
    int knownEntry = known - scanBase[knownScan];
    int mode = a.mode(knownEntry);
    if (mode != b.mode(entry)) {
      throw conflict(
          node,
          described(a, knownEntry, FileMode.describe(mode)),
          described(b, entry, FileMode.describe(b.mode(entry))));
    }
    if (FileMode.isRegular(mode) && a.size(knownEntry) != b.size(entry)) {
      throw conflict(
          node,
          described(a, knownEntry, "a file of " + a.size(knownEntry) + " bytes"),
          described(b, entry, "a file of " + b.size(entry) + " bytes"));
    }
    PathOptions knownOptions = paths.get(knownScan).options();
    PathOptions options = paths.get(scan).options();
    List<Perm> perms = options == null ? List.of() : options.rules();
    if (knownOptions != null && !knownOptions.rules().equals(perms)) {
      throw conflict(
          node,
          described(a, knownEntry, "subject to permission rules " + regexes(knownOptions.rules())),
          described(b, entry, "subject to " + regexes(perms)));
    }
    if (!FileMode.isDirectory(mode)) {
      progress.replaced(a.sourceName(knownEntry), b.sourceName(entry));
    }
  }

  private static String regexes(List<Perm> perms) {
    return perms.stream().map(p -> FileNames.quote(p.regex())).toList().toString();
  }

  private static String described(PathScan scan, int entry, String facts) {
    return FileNames.quote(scan.sourceName(entry)) + " is " + facts;
  }

  private ConflictException conflict(int node, String first, String second) {
    return new ConflictException(
        "two different files at "
            + FileNames.quote(imagePath(node))
            + " in one layer: "
            + first
            + ", "
            + second
            + "; rewrite one of them or put the store paths into separate layers");
  }

  private String imagePath(int node) {
    StringBuilder path = new StringBuilder();
    for (int n = node; n != NodeTable.TOP; n = nodes.parent(n)) {
      path.insert(0, FileNames.decode(nodes.names(), nodes.nameOffset(n), nodes.nameLength(n)));
      if (nodes.parent(n) != NodeTable.TOP || nodes.nameLength(n) == 0) {
        path.insert(0, '/');
      }
    }
    if (path.length() > 1 && path.charAt(1) == '/') {
      path.deleteCharAt(0);
    }
    return path.toString();
  }

  private FileTree finish() {
    int[] order = nodes.inOrder();
    nodes.seal();
    boolean ruled = paths.stream().anyMatch(p -> hasRules(p.options()));
    List<Owner> owners = new ArrayList<>(List.of(Owner.ROOT));
    int[] owner = ruled ? applyRules(order, owners) : new int[0];
    return new FileTree(nodes, order, scans, scanBase, inPlace, owner, owners);
  }

  private static boolean hasRules(@Nullable PathOptions options) {
    return options != null && !(options.rules().isEmpty() && options.parents().isEmpty());
  }

  private int[] applyRules(int[] order, List<Owner> owners) {
    StateSpace space = new StateSpace(MATCHING_BYTES);
    List<@Nullable PermRules> rules = new ArrayList<>();
    List<PermRules> parents = new ArrayList<>();
    for (LayerPath p : paths) {
      PathOptions options = p.options();
      List<Perm> perms = options == null ? List.of() : options.rules();
      rules.add(perms.isEmpty() ? null : PermRules.compile(perms, p.path(), space));
      if (options != null && !options.parents().isEmpty()) {
        parents.add(PermRules.compile(options.parents(), p.path(), space));
      }
    }
    Object2IntHashMap<Owner> numbers = new Object2IntHashMap<>(NodeTable.NONE);
    numbers.put(Owner.ROOT, 0);
    int[] owner = new int[order.length];
    byte[] source = new byte[4096];
    for (int i = 0; i < order.length; i++) {
      int global = nodes.source(order[i]);
      if (global == NodeTable.NONE) {
        owner[i] = number(implied(order[i], parents), numbers, owners);
        continue;
      }
      int scan = FileTree.scanOf(scanBase, global);
      PermRules r = rules.get(scan);
      if (r == null) {
        continue;
      }
      int entry = global - scanBase[scan];
      int length = scans.get(scan).sourcePathLength(entry);
      if (length > source.length) {
        source = new byte[length * 2];
      }
      scans.get(scan).sourcePath(entry, source);
      boolean directory = FileMode.isDirectory(scans.get(scan).mode(entry));
      owner[i] = number(r.apply(source, length, directory), numbers, owners);
    }
    for (int i = 0; i < rules.size(); i++) {
      PermRules r = rules.get(i);
      if (r != null) {
        r.reportUnused(paths.get(i).path(), progress);
      }
    }
    return owner;
  }

  private static int number(Owner o, Object2IntHashMap<Owner> numbers, List<Owner> owners) {
    int number = numbers.getValue(o);
    if (number == NodeTable.NONE) {
      number = owners.size();
      numbers.put(o, number);
      owners.add(o);
    }
    return number;
  }

  /** Returns what the rules of the paths below say about a directory that no path has. */
  private Owner implied(int node, List<PermRules> parents) {
    if (parents.isEmpty()) {
      return Owner.ROOT;
    }
    byte[] path = FileNames.encode(imagePath(node));
    for (PermRules rules : parents) {
      Owner o = rules.apply(path, path.length, true);
      if (!o.equals(Owner.ROOT)) {
        return o;
      }
    }
    return Owner.ROOT;
  }
}
