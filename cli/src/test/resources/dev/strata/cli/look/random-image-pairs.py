"""Writes pairs of random images as OCI layouts, unpacks both by bsdtar, and compares the trees.

usage: random-image-pairs.py FOLDER COUNT SEED [store]

For each pair, FOLDER/N/a and FOLDER/N/b are the layouts, and FOLDER/N/expected lists what differs:
a line for each file, with the kind of the difference, the path and the properties that differ. With
'store', the images consist of store paths; FOLDER/N/expected-paths lists those that differ, and the
files of a path with another one of its name in the other image are compared with those in that one.
"""
import gzip, hashlib, io, json, os, random, shutil, stat, subprocess, sys, tarfile

ROOT = os.geteuid() == 0
OWNERS = [0, 1, 1000, 70000] if ROOT else [os.getuid()]
NAMES = ["a", "b", "c", "a-b", "a.b", "A", "\u00e9", "a b", "0", "x" * 120]


class Image:
    """The layers of an image, and the tree that they should make."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.layers = []
        self.tree = {}

    def copy(self):
        other = Image(self.rnd)
        other.layers = list(self.layers)
        other.tree = dict(self.tree)
        return other

    def folders(self):
        return [""] + [p for p, t in self.tree.items() if t == "d"]

    def below(self, path):
        return [p for p in self.tree if p.startswith(path + "/")]

    def add_layer(self):
        rnd = self.rnd
        data = io.BytesIO()
        touched = set()
        form = rnd.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
        with tarfile.open(fileobj=data, mode="w", format=form) as tar:
            for _ in range(rnd.randrange(1, 4)):
                victims = [p for p in self.tree if not any(
                    t == p or t.startswith(p + "/") or p.startswith(t + "/") for t in touched)]
                if victims and rnd.random() < 0.6:
                    self.whiteout(tar, rnd.choice(victims), touched)
            for _ in range(rnd.randrange(1, 12)):
                self.entry(tar, touched)
        self.layers.append(data.getvalue())

    def whiteout(self, tar, path, touched):
        opaque = self.tree[path] == "d" and self.rnd.random() < 0.3
        folder, name = os.path.split(path)
        info = tarfile.TarInfo(
            path + "/.wh..wh..opq" if opaque else os.path.join(folder, ".wh." + name))
        tar.addfile(info)
        for p in self.below(path) + ([] if opaque else [path]):
            del self.tree[p]
        touched.add(path)

    def entry(self, tar, touched):
        rnd = self.rnd
        folder = rnd.choice(self.folders())
        path = (folder + "/" if folder else "") + rnd.choice(NAMES)
        if path in touched:
            return
        old = self.tree.get(path)
        kinds = ["f", "f", "f", "d", "d", "l", "h"] + (["p"] if rnd.random() < 0.2 else [])
        kind = rnd.choice(kinds)
        if old == "d" and kind != "d":
            # bsdtar does not replace a folder that has contents.
            if self.below(path):
                kind = "d"
        files = [p for p, t in self.tree.items() if t == "f" and p != path]
        if kind == "h" and not files:
            kind = "f"
        info = tarfile.TarInfo(rnd.choice(["", "./", "/"]) + path)
        info.uid, info.gid = rnd.choice(OWNERS), rnd.choice(OWNERS)
        info.mode = rnd.choice([0o644, 0o755, 0o700, 0o4755 if ROOT else 0o750, 0o1777])
        info.mtime = rnd.choice([1, 1000000, 1000000000.5])
        body = b""
        if kind == "f":
            body = rnd.choice([b"", b"x", b"y", b"z" * 511, b"z" * 512, bytes(70000)])
            info.size = len(body)
        elif kind == "d":
            info.type, info.mode = tarfile.DIRTYPE, rnd.choice([0o755, 0o700, 0o1777])
        elif kind == "l":
            info.type, info.linkname = tarfile.SYMTYPE, rnd.choice(["a", "../b", "/c/d", "\u00e9"])
            info.mode = 0o777
        elif kind == "h":
            info.type, info.linkname = tarfile.LNKTYPE, rnd.choice(files)
        else:
            info.type = tarfile.FIFOTYPE
        tar.addfile(info, io.BytesIO(body))
        self.tree[path] = "f" if kind == "h" else kind
        touched.add(path)

    def write(self, folder):
        blobs = os.path.join(folder, "blobs", "sha256")
        os.makedirs(blobs)

        def blob(data, media):
            digest = hashlib.sha256(data).hexdigest()
            with open(os.path.join(blobs, digest), "wb") as out:
                out.write(data)
            return {"mediaType": media, "digest": "sha256:" + digest, "size": len(data)}

        layers, ids = [], []
        for data in self.layers:
            ids.append("sha256:" + hashlib.sha256(data).hexdigest())
            kind = self.rnd.choice(["", "+gzip", "+zstd"])
            packed = data
            if kind == "+gzip":
                packed = gzip.compress(data, mtime=0)
            elif kind == "+zstd":
                packed = zstd(data)
            layers.append(blob(packed, "application/vnd.oci.image.layer.v1.tar" + kind))
        config = {"os": "linux", "architecture": "amd64", "config": {},
                  "rootfs": {"type": "layers", "diff_ids": ids}}
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
            "layers": layers}
        entry = blob(json.dumps(manifest).encode(), manifest["mediaType"])
        with open(os.path.join(folder, "oci-layout"), "w") as out:
            out.write('{"imageLayoutVersion":"1.0.0"}')
        with open(os.path.join(folder, "index.json"), "w") as out:
            json.dump({"schemaVersion": 2, "manifests": [entry]}, out)

    def unpack(self, folder):
        os.makedirs(folder)
        for data in self.layers:
            for info in tarfile.open(fileobj=io.BytesIO(data)):
                parent, name = os.path.split(info.name.lstrip("/"))
                if name == ".wh..wh..opq":
                    for inside in os.listdir(os.path.join(folder, parent)):
                        delete(os.path.join(folder, parent, inside))
                elif name.startswith(".wh."):
                    delete(os.path.join(folder, parent, name[4:]))
            done = subprocess.run(
                ["bsdtar", "-xpf", "-", "--exclude", ".wh.*", "-C", folder],
                input=data, stderr=subprocess.PIPE)
            if done.returncode != 0:
                sys.exit(done.stderr.decode())


def zstd(data):
    # A frame of raw blocks, so that no program is needed.
    out = bytearray(b"\x28\xb5\x2f\xfd\x00\x58")
    step = 1 << 15
    for at in range(0, max(len(data), 1), step):
        part = data[at:at + step]
        last = at + step >= len(data)
        out += ((len(part) << 3) | last).to_bytes(3, "little") + part
    return bytes(out)


def delete(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


BASE32 = "0123456789abcdfghijklmnpqrsvwxyz"
STORE = "/nix/store/"
PACKAGES = ["app", "glibc", "openssl", "zlib-ng", "data", "python3"]
PLACES = ["bin/app", "bin/tool", "lib/so.1", "lib/so", "share/doc/a", "conf", "lib64"]


class Store:
    """The store paths of an image, each a dictionary from places in it to kind, mode and content."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.paths = {}

    def new_path(self, package):
        name = "".join(self.rnd.choice(BASE32) for _ in range(32)) + "-" + package
        version = self.rnd.choice(["", "1.0", "1.1", "2.40", "3"])
        return STORE + name + ("-" + version if version else "")

    def add(self, package):
        path = self.new_path(package)
        if self.rnd.random() < 0.15:
            self.paths[path] = {"": ("f", 0o444, b"one file")}
        else:
            self.paths[path] = {}
            for place in self.rnd.sample(PLACES, self.rnd.randrange(1, len(PLACES))):
                self.paths[path][place] = self.file()

    def file(self):
        rnd = self.rnd
        if rnd.random() < 0.3:
            others = [path + "/bin/app" for path in self.paths]
            return ("l", 0o777, rnd.choice(others + ["../x", "/etc/y"]).encode())
        return ("f", rnd.choice([0o444, 0o555]), rnd.choice([b"", b"1", b"2", b"3" * 600]))

    def next(self):
        """What the next build has: paths that are the same, new, gone, or replaced."""
        rnd = self.rnd
        other = Store(rnd)
        renamed = {}
        for path in self.paths:
            package = path[len(STORE) + 33:]
            package = next(p for p in PACKAGES if package.startswith(p))
            if rnd.random() < 0.5:
                renamed[path] = self.new_path(package)
        for path, files in self.paths.items():
            if rnd.random() < 0.15:
                continue
            if path not in renamed:
                other.paths[path] = dict(files)
                continue
            changed = {}
            for place, (kind, mode, content) in files.items():
                target = content.decode()
                for old, now in renamed.items():
                    if kind == "l" and target.startswith(old + "/") and rnd.random() < 0.7:
                        content = (now + target[len(old):]).encode()
                if place == "" or rnd.random() < 0.6:
                    changed[place] = (kind, mode, content)
                elif rnd.random() < 0.7:
                    changed[place] = self.file()
            if "" not in changed and rnd.random() < 0.5:
                changed[rnd.choice(PLACES)] = self.file()
            if changed:
                other.paths[renamed[path]] = changed
        if rnd.random() < 0.5:
            other.add(rnd.choice(PACKAGES))
        return other

    def image(self):
        image = Image(self.rnd)
        layers = [{} for _ in range(self.rnd.randrange(1, 4))]
        for path, files in self.paths.items():
            self.rnd.choice(layers)[path] = files
        for paths in layers:
            data = io.BytesIO()
            with tarfile.open(fileobj=data, mode="w") as tar:
                folders = set()
                for path in sorted(paths):
                    for place, (kind, mode, content) in sorted(paths[path].items()):
                        name = (path + "/" + place).strip("/")
                        parts = name.split("/")
                        for end in range(1, len(parts)):
                            add_folder(tar, "/".join(parts[:end]), folders)
                        info = tarfile.TarInfo(name)
                        info.mode = mode
                        info.uid = info.gid = 0 if ROOT else os.getuid()
                        if kind == "l":
                            info.type, info.linkname = tarfile.SYMTYPE, content.decode()
                            tar.addfile(info)
                        else:
                            info.size = len(content)
                            tar.addfile(info, io.BytesIO(content))
            image.layers.append(data.getvalue())
        return image


def add_folder(tar, name, folders):
    if name not in folders:
        folders.add(name)
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        info.uid = info.gid = 0 if ROOT else os.getuid()
        tar.addfile(info)


def replaced_paths(left, right):
    """Pairs the paths that only one tree has: the same name, and the same version first."""
    def groups(tree, other):
        only = {}
        for path in tree:
            inside = path[len(STORE):]
            if path.startswith(STORE) and "/" not in inside and path not in other:
                # The name ends before the first dash that no letter follows.
                name = next((inside[:i] for i in range(33, len(inside)) if inside[i] == "-"
                             and not inside[i + 1:i + 2].isalpha()), inside)
                only.setdefault(name[33:], []).append((inside[len(name) + 1:], path))
        return {name: sorted(paths) for name, paths in only.items()}

    old, now = groups(left, right), groups(right, left)
    pairs = []
    for name in set(old) & set(now):
        for version, path in list(now[name]):
            same = next((o for o in old[name] if o[0] == version), None)
            if same:
                pairs.append((same[1], path))
                old[name].remove(same)
                now[name].remove((version, path))
        while old[name] and now[name]:
            pairs.append((old[name].pop(0)[1], now[name].pop(0)[1]))
    lines = ["replaced " + a + " " + b for a, b in pairs]
    lines += ["removed " + path for paths in old.values() for _, path in paths]
    lines += ["added " + path for paths in now.values() for _, path in paths]
    return dict(pairs), sorted(lines)


def walk(root):
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            found[path[len(root):]] = path
    return found


def store_differences(a, b):
    left, right = walk(a), walk(b)
    pairs, paths = replaced_paths(left, right)
    lines = differences(a, b, set(pairs), set(pairs.values()), {})
    for old, now in pairs.items():
        # A path may be a file.
        one = {p[len(old):]: f for p, f in left.items() if p == old or p.startswith(old + "/")}
        two = {p[len(now):]: f for p, f in right.items() if p == now or p.startswith(now + "/")}
        lines += compare(one, two, old, now, pairs)
    return sorted(lines), paths


def in_store_path(path, paths):
    return "/".join(path.split("/")[:4]) in paths


def differences(a, b, skip_left=(), skip_right=(), pairs={}):
    left = {p: f for p, f in walk(a).items() if not in_store_path(p, skip_left)}
    right = {p: f for p, f in walk(b).items() if not in_store_path(p, skip_right)}
    return compare(left, right, "", "", pairs)


def compare(left, right, old, now, pairs):
    lines = []
    for path in set(left) | set(right):
        if path not in left:
            lines.append("added " + now + path + " ")
        elif path not in right:
            lines.append("removed " + old + path + " ")
        else:
            found = properties(left[path], right[path], pairs)
            if found:
                lines.append("changed " + now + path + " " + ",".join(found))
    return sorted(lines)


def properties(a, b, pairs):
    x, y = os.lstat(a), os.lstat(b)
    same = stat.S_IFMT(x.st_mode) == stat.S_IFMT(y.st_mode)
    found = [] if same else ["type"]
    both_links = same and stat.S_ISLNK(x.st_mode)
    if stat.S_IMODE(x.st_mode) != stat.S_IMODE(y.st_mode) and not both_links:
        found.append("mode")
    if (x.st_uid, x.st_gid) != (y.st_uid, y.st_gid):
        found.append("owner")
    if same and stat.S_ISREG(x.st_mode):
        if x.st_size != y.st_size:
            found.append("size")
        with open(a, "rb") as left, open(b, "rb") as right:
            if left.read() != right.read():
                found.append("content")
    if both_links:
        # In a replaced path, links to other replaced paths are expected.
        allowed = {os.readlink(a)}
        for old, now in pairs.items():
            if os.readlink(a).startswith(old + "/"):
                allowed.add(now + os.readlink(a)[len(old):])
        if os.readlink(b) not in allowed:
            found.append("link")
    return found


def pair(rnd):
    first = Image(rnd)
    for _ in range(rnd.randrange(0, 4)):
        first.add_layer()
    second = first.copy() if rnd.random() < 0.7 else Image(rnd)
    for _ in range(rnd.randrange(0, 4)):
        second.add_layer()
    if rnd.random() < 0.3:
        first.add_layer()
    return first, second


def store_pair(rnd):
    first = Store(rnd)
    for _ in range(rnd.randrange(1, 7)):
        first.add(rnd.choice(PACKAGES))
    return first.image(), first.next().image()


def main():
    base, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.umask(0o022)
    for i in range(count):
        rnd = random.Random(seed + i)
        folder = os.path.join(base, str(i))
        first, second = store_pair(rnd) if "store" in sys.argv[4:] else pair(rnd)
        trees = []
        for name, image in (("a", first), ("b", second)):
            image.write(os.path.join(folder, name))
            trees.append(os.path.join(folder, name + ".tree"))
            image.unpack(trees[-1])
        lines, paths = store_differences(*trees)
        for name, content in (("expected", lines), ("expected-paths", paths)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write("".join(line + "\n" for line in content))
        for tree in trees:
            shutil.rmtree(tree)


main()
