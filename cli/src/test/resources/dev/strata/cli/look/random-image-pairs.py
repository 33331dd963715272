"""Writes pairs of random images as OCI layouts, unpacks both by bsdtar, and compares the trees.

usage: random-image-pairs.py FOLDER COUNT SEED

For each pair, FOLDER/N/a and FOLDER/N/b are the layouts, and FOLDER/N/expected lists what differs:
a line for each file, with the kind of the difference, the path and the properties that differ.
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


def walk(root):
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            found[path[len(root):]] = path
    return found


def differences(a, b):
    lines = []
    left, right = walk(a), walk(b)
    for path in set(left) | set(right):
        if path not in left:
            lines.append("added " + path + " ")
        elif path not in right:
            lines.append("removed " + path + " ")
        else:
            found = properties(left[path], right[path])
            if found:
                lines.append("changed " + path + " " + ",".join(found))
    return sorted(lines)


def properties(a, b):
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
    if both_links and os.readlink(a) != os.readlink(b):
        found.append("link")
    return found


def main():
    base, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.umask(0o022)
    for i in range(count):
        rnd = random.Random(seed + i)
        folder = os.path.join(base, str(i))
        first = Image(rnd)
        for _ in range(rnd.randrange(0, 4)):
            first.add_layer()
        second = first.copy() if rnd.random() < 0.7 else Image(rnd)
        for _ in range(rnd.randrange(0, 4)):
            second.add_layer()
        if rnd.random() < 0.3:
            first.add_layer()
        trees = []
        for name, image in (("a", first), ("b", second)):
            image.write(os.path.join(folder, name))
            trees.append(os.path.join(folder, name + ".tree"))
            image.unpack(trees[-1])
        with open(os.path.join(folder, "expected"), "w", encoding="utf-8") as out:
            out.write("".join(line + "\n" for line in differences(*trees)))
        for tree in trees:
            shutil.rmtree(tree)


main()
