"""Writes what no installed tool writes, from the one image of an OCI layout with gzip layers.

construct.py LAYOUT OUT ARCHITECTURE
"""

import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

LAYOUT, OUT, ARCHITECTURE = sys.argv[1:]
OCI = "application/vnd.oci.image."
DOCKER = "application/vnd.docker."


def blob(digest):
    with open(f"{LAYOUT}/blobs/sha256/{digest[7:]}", "rb") as f:
        return f.read()


def encode(value):
    return json.dumps(value, separators=(",", ":")).encode()


def describe(data, media_type, **more):
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    return dict(mediaType=media_type, digest=digest, size=len(data), **more)


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def layout(name, blobs, root):
    """Writes an OCI layout, or the same as a dictionary of files if name is None."""
    files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
    for data in blobs:
        files["blobs/sha256/" + hashlib.sha256(data).hexdigest()] = data
    files["index.json"] = encode({"schemaVersion": 2, "manifests": [root]})
    if name:
        for path, data in files.items():
            write(f"{OUT}/{name}/{path}", data)
    return files


def archive(name, files, links=()):
    with tarfile.open(f"{OUT}/{name}", "w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        for path, target in links:
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)


def tagged(descriptor, **more):
    return dict(descriptor, annotations={"org.opencontainers.image.ref.name": "1", **more})


index = json.load(open(f"{LAYOUT}/index.json"))
manifest = json.loads(blob(index["manifests"][0]["digest"]))
config = blob(manifest["config"]["digest"])
packed = [blob(layer["digest"]) for layer in manifest["layers"]]
plain = [gzip.decompress(layer) for layer in packed]
other = "arm64" if ARCHITECTURE != "arm64" else "amd64"
other_config = encode(dict(json.loads(config), architecture=other))


def image(config, layers, kind, layer_type):
    if kind == "oci":
        types = OCI + "manifest.v1+json", OCI + "config.v1+json"
    else:
        types = DOCKER + "distribution.manifest.v2+json", DOCKER + "container.image.v1+json"
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": types[0],
            "config": describe(config, types[1]),
            "layers": [describe(layer, layer_type) for layer in layers],
        }
    )


oci = image(config, packed, "oci", OCI + "layer.v1.tar+gzip")
oci_plain = image(config, plain, "oci", OCI + "layer.v1.tar")
oci_other = image(other_config, packed, "oci", OCI + "layer.v1.tar+gzip")


def entry(manifest, architecture, media_type=OCI + "manifest.v1+json"):
    platform = {"architecture": architecture, "os": "linux"}
    return describe(manifest, media_type, platform=platform)


# An index as BuildKit pushes it: each image is followed by its attestation.
statement = encode({"_type": "https://in-toto.io/Statement/v0.1", "predicate": {}})
attestation_config = encode(
    {
        "architecture": "unknown",
        "os": "unknown",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [describe(statement, "")["digest"]]},
    }
)
attestation = encode(
    {
        "schemaVersion": 2,
        "mediaType": OCI + "manifest.v1+json",
        "config": describe(attestation_config, OCI + "config.v1+json"),
        "layers": [
            describe(
                statement,
                "application/vnd.in-toto+json",
                annotations={"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"},
            )
        ],
    }
)
attested = encode(
    {
        "schemaVersion": 2,
        "mediaType": OCI + "index.v1+json",
        "manifests": [
            describe(
                attestation,
                OCI + "manifest.v1+json",
                platform={"architecture": "unknown", "os": "unknown"},
                annotations={
                    "vnd.docker.reference.type": "attestation-manifest",
                    "vnd.docker.reference.digest": describe(oci, "")["digest"],
                },
            ),
            entry(oci_other, other),
            entry(oci, ARCHITECTURE),
        ],
    }
)
both = [config, other_config, oci, oci_other, *packed]
layout(
    "attested",
    [*both, statement, attestation_config, attestation, attested],
    tagged(describe(attested, OCI + "index.v1+json")),
)

# An index in an index, as `docker buildx imagetools` and `podman manifest` can leave it.
inner = encode(
    {
        "schemaVersion": 2,
        "mediaType": OCI + "index.v1+json",
        "manifests": [entry(oci_other, other), entry(oci, ARCHITECTURE)],
    }
)
outer = encode(
    {
        "schemaVersion": 2,
        "mediaType": OCI + "index.v1+json",
        "manifests": [describe(inner, OCI + "index.v1+json")],
    }
)
layout("nested", [*both, inner, outer], tagged(describe(outer, OCI + "index.v1+json")))

# Docker's manifest list, in the form of `skopeo copy --all … dir:`.
layer_type = DOCKER + "image.rootfs.diff.tar.gzip"
schema2 = image(config, packed, "docker", layer_type)
schema2_other = image(other_config, packed, "docker", layer_type)
schema2_type = DOCKER + "distribution.manifest.v2+json"
manifest_list = encode(
    {
        "schemaVersion": 2,
        "mediaType": DOCKER + "distribution.manifest.list.v2+json",
        "manifests": [
            entry(schema2_other, other, schema2_type),
            entry(schema2, ARCHITECTURE, schema2_type),
        ],
    }
)
write(f"{OUT}/list/version", b"Directory Transport Version: 1.1\n")
write(f"{OUT}/list/manifest.json", manifest_list)
for data in (schema2, schema2_other):
    write(f"{OUT}/list/{hashlib.sha256(data).hexdigest()}.manifest.json", data)
for data in (config, other_config, *packed):
    write(f"{OUT}/list/{hashlib.sha256(data).hexdigest()}", data)


def saved(name, manifest, layers):
    """An archive as Docker 25 and later save it: an OCI layout that has a manifest.json, too."""
    root = tagged(
        describe(manifest, OCI + "manifest.v1+json"),
        **{"io.containerd.image.name": "docker.io/library/made:1"},
    )
    files = layout(None, [config, manifest, *layers], root)
    files["manifest.json"] = encode(
        [
            {
                "Config": "blobs/sha256/" + hashlib.sha256(config).hexdigest(),
                "RepoTags": ["made:1"],
                "Layers": ["blobs/sha256/" + hashlib.sha256(x).hexdigest() for x in layers],
            }
        ]
    )
    archive(name, files)


saved("docker25.tar", oci_plain, plain)
saved("docker29.tar", oci, packed)

# An archive as crane, ko and kaniko write it: gzip layers named by their digests.
names = [hashlib.sha256(layer).hexdigest() + ".tar.gz" for layer in packed]
config_name = "sha256:" + hashlib.sha256(config).hexdigest()
archive(
    "crane.tar",
    {
        config_name: config,
        **dict(zip(names, packed)),
        "manifest.json": encode(
            [{"Config": config_name, "RepoTags": ["registry.example/made:1"], "Layers": names}]
        ),
    },
)

# An archive as Docker before 25 saves several images that share layers: symbolic links.
links = [(f"{i}/layer.tar", f"../layers/{i}.tar") for i in range(len(plain))]
archive(
    "links.tar",
    {
        config_name[7:] + ".json": config,
        **{f"layers/{i}.tar": layer for i, layer in enumerate(plain)},
        "manifest.json": encode(
            [
                {
                    "Config": config_name[7:] + ".json",
                    "RepoTags": ["made:1"],
                    "Layers": [path for path, _ in links],
                }
            ]
        ),
    },
    links,
)
