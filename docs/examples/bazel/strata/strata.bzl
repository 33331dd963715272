"""Rules that build an image with Strata: an action for each layer, and one for the image.

The actions have declared inputs and outputs, and only relative names, so that they can be cached and
run remotely: a layer is described where its files are, and only its description is an input of the
image.
"""

StrataLayerInfo = provider(
    doc = "A layer and its files.",
    fields = {
        "description": "What 'strata layer' writes, of some hundred bytes.",
        "files": "The files of the layer, which are read again when the image is copied.",
    },
)

_PATH = ('{"path": %s, "options": {"rewrite": {"regex": %s, "repl": %s},' +
         ' "perms": [{"regex": ".*", "mode": %s}]}}')

def _json(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

def _literal(text):
    for special in [".", "+", "(", ")", "[", "]", "$"]:
        text = text.replace(special, "\\" + special)
    return text

def _layer_impl(ctx):
    plan = ctx.actions.declare_file(ctx.label.name + ".plan.json")
    description = ctx.actions.declare_file(ctx.label.name + ".layer.json")
    paths = []
    for file in ctx.files.srcs:
        # Files are found by their names relative to the folder of the action, and get the prefix
        # instead of their folder in the image.
        paths.append(_PATH % (
            _json(file.path),
            _json("^" + _literal(file.path)),
            _json(ctx.attr.prefix + "/" + file.basename),
            _json(ctx.attr.mode),
        ))
    ctx.actions.write(
        output = plan,
        content = '{"paths": [%s], "history": {"created": "1970-01-01T00:00:01Z"}}' %
                  ", ".join(paths),
    )
    ctx.actions.run(
        executable = ctx.executable._layer,
        arguments = [ctx.executable._strata.path, plan.path, description.path] +
                    [file.path for file in ctx.files.srcs],
        inputs = ctx.files.srcs + [plan],
        tools = [ctx.executable._strata],
        outputs = [description],
        mnemonic = "StrataLayer",
        use_default_shell_env = True,
    )
    return [
        DefaultInfo(files = depset([description])),
        StrataLayerInfo(description = description, files = depset(ctx.files.srcs)),
    ]

strata_layer = rule(
    implementation = _layer_impl,
    attrs = {
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "prefix": attr.string(doc = "The folder in the image, such as /app"),
        # Those of inputs differ between local and remote execution.
        "mode": attr.string(default = "0644", doc = "The mode of the files"),
        "_layer": attr.label(
            default = "//strata:layer.sh",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
        "_strata": attr.label(
            default = "//strata:strata.sh",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
    },
)

def _image_impl(ctx):
    image = ctx.actions.declare_file(ctx.label.name + ".json")
    descriptions = [layer[StrataLayerInfo].description for layer in ctx.attr.layers]
    arguments = ["assemble", "-o", image.path]
    for word in ctx.attr.entrypoint:
        arguments += ["--entrypoint", word]
    ctx.actions.run(
        executable = ctx.executable._strata,
        arguments = arguments + [description.path for description in descriptions],
        inputs = descriptions,
        outputs = [image],
        mnemonic = "StrataAssemble",
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([image]))]

strata_image = rule(
    implementation = _image_impl,
    attrs = {
        "layers": attr.label_list(providers = [StrataLayerInfo], mandatory = True),
        "entrypoint": attr.string_list(),
        "_strata": attr.label(
            default = "//strata:strata.sh",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
    },
)
