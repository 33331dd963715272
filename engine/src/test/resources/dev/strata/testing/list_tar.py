# Lists a tar stream as Python's tarfile reads it: a line an entry, names in hexadecimal.
# With an argument the stream is unpacked there as well.
import os
import sys
import tarfile
import zlib


def crc(file):
    sum = 0
    while chunk := file.read(1 << 20):
        sum = zlib.crc32(chunk, sum)
    return sum


target = sys.argv[1] if len(sys.argv) > 1 else None
with tarfile.open(
    fileobj=sys.stdin.buffer, mode="r|", encoding="utf-8", errors="surrogateescape", bufsize=1 << 18
) as tar:
    for e in tar:
        kind = {tarfile.DIRTYPE: "d", tarfile.SYMTYPE: "l", tarfile.REGTYPE: "f"}.get(e.type, "?")
        name = os.fsencode(e.name).strip(b"/")
        if target:
            path = os.path.join(os.fsencode(target), name)
            if kind == "d":
                os.makedirs(path, exist_ok=True)
            elif kind == "l":
                os.symlink(os.fsencode(e.linkname), path)
            else:
                with open(path, "wb") as out:
                    out.write(tar.extractfile(e).read())
        sum = crc(tar.extractfile(e)) if kind == "f" and not target else 0
        fields = (kind, "%o" % e.mode, e.uid, e.gid, e.uname, e.gname, e.size, int(e.mtime), sum)
        print(*fields, name.hex(), os.fsencode(e.linkname).hex(), sep=",")
