# Checks of the arguments of the functions. A mistake ends the evaluation with one line that names the
# function, the argument and the remedy. What nix2container accepts is not refused unless it cannot be
# meant: docs/nix/reference.md has the rules.
#
# A check returns the empty string, to be part of a builder's script. Arguments are thus not evaluated
# before the derivation needs them, and images may refer to their own attributes.
{ lib }:
let
  platforms = import ./platform.nix;

  # Describes a value in a message.
  show =
    value:
    if builtins.isString value then
      "\"${value}\""
    else if builtins.isInt value || builtins.isFloat value then
      toString value
    else if builtins.isBool value then
      (if value then "true" else "false")
    else if value == null then
      "null"
    else if builtins.isList value then
      "a list"
    else if builtins.isFunction value then
      "a function"
    else if builtins.isPath value then
      "a path"
    else if value.type or null == "derivation" then
      "the derivation '${value.name or "?"}'"
    else if isDefinition value then
      "a definition by mkForce or a similar function, which only options of modules can have"
    else
      "an attribute set";

  # What mkForce, mkIf and so on return.
  isDefinition =
    value:
    lib.elem (value._type or null) [
      "if"
      "merge"
      "order"
      "override"
    ];

  check = condition: message: if condition then "" else throw message;
  advise = condition: message: lib.warnIf condition message "";
  all = lib.concatStringsSep "";
  # Numbers the elements of a list in messages.
  each =
    argument: list: f:
    all (
      builtins.genList (n: f "${argument}[${toString n}]" (builtins.elemAt list n)) (lib.length list)
    );
  # Checks an argument unless it is null.
  optional =
    f: argument: value:
    if value == null then "" else f argument value;
  # Checks each value of an attribute set.
  eachValue =
    f: argument: set:
    lib.concatMapStringsSep "" (key: f "${argument}.${key}" set.${key}) (builtins.attrNames set);

  # What becomes a string in JSON.
  isText =
    value:
    lib.isString value
    || builtins.isPath value
    || builtins.isAttrs value && (value ? outPath || value ? __toString);

  # Whether a value may be a store path, or a path in one. Until they are built, the outputs of
  # content-addressed derivations are "/" and a hash.
  isInStore =
    value:
    isText value
    && (
      !lib.isString value
      || builtins.match "(${builtins.storeDir}/[^/]+|/[0-9a-z]{52})(/.*)?" (lines value) != null
    );
  isStorePath =
    value:
    isInStore value
    && (!lib.isString value || builtins.match "${builtins.storeDir}/[^/]+|/[^/]+" value != null);

  text =
    remedy: argument: value:
    check (value == null || isText value) "${argument} must be a string, not ${show value}${remedy}";
  list =
    remedy: argument: value:
    check (builtins.isList value) "${argument} must be a list, not ${show value}; ${remedy}";
  texts =
    remedy: argument: value:
    if value == null then
      ""
    else
      list remedy argument value
      + each argument value (
        element: entry:
        text (if builtins.isInt entry then "; use toString" else "; ${remedy}") element entry
      );
  set =
    remedy: argument: value:
    check (
      value == null || builtins.isAttrs value && !isText value && !isDefinition value
    ) "${argument} must be an attribute set, not ${show value}; ${remedy}";
  # A set of names: keys with empty attribute sets.
  names =
    remedy: argument: value:
    set remedy argument value + optional (eachValue (set remedy)) argument value;
  truth =
    argument: value:
    check (value == null || builtins.isBool value) "${argument} must be true or false, not ${show value}";
  wholeNumber =
    remedy: argument: value:
    check (
      value == null || builtins.isInt value
    ) "${argument} must be a whole number, not ${show value}${remedy}";
  time =
    argument: value:
    check (
      value == null
      || lib.isString value
        && builtins.match "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})" value != null
    ) "${argument} must be a time in RFC 3339, not ${show value}; write \"2025-02-03T04:05:06Z\"";

  # Returns whether two keys differ in one letter, in case or in separators.
  isSimilar =
    one: other:
    let
      normal = key: builtins.replaceStrings [ "_" "-" ] [ "" "" ] (lib.toLower key);
      a = normal one;
      b = normal other;
      size = builtins.stringLength a;
      without =
        key: at:
        builtins.substring 0 at key + builtins.substring (at + 1) (builtins.stringLength key) key;
      # Whether the first key with one more letter is the second.
      extends =
        short: long:
        builtins.any (at: without long at == short) (
          builtins.genList (n: n) (builtins.stringLength long)
        );
      different = lib.filter (at: builtins.substring at 1 a != builtins.substring at 1 b) (
        builtins.genList (n: n) size
      );
    in
    a == b
    || size + 1 == builtins.stringLength b && extends a b
    || size == builtins.stringLength b + 1 && extends b a
    || size == builtins.stringLength b && lib.length different == 1 && size > 3;

  # Checks the keys of an attribute set and their values. As in nix2container, the case of keys does not
  # matter, and unknown keys are ignored, with a warning. A key that differs from a known one in one
  # letter is an error.
  keys =
    {
      # The known keys with the check of each value.
      known,
      # Further keys, with the reason why they have no effect.
      without ? { },
      # Whether nix2container has no such argument, so that any unknown key is an error.
      strict ? false,
    }:
    let
      # Finds a key regardless of case.
      folded =
        table:
        builtins.listToAttrs (
          map (key: {
            name = lib.toLower key;
            value = table.${key};
          }) (builtins.attrNames table)
        );
      knownFolded = folded known;
      withoutFolded = folded without;
      names = builtins.attrNames known;
      unknown =
        argument: value: key:
        let
          given = map lib.toLower (builtins.attrNames value);
          similar = lib.filter (k: isSimilar key k && !lib.elem (lib.toLower k) given) names;
        in
        if similar != [ ] then
          throw "${argument} has the unknown key '${key}'; did you mean '${lib.head similar}'?"
        else if strict then
          throw "${argument} has the unknown key '${key}'; the keys are ${lib.concatStringsSep ", " names}"
        else
          advise true "${argument} has the unknown key '${key}', which is ignored; the keys are ${lib.concatStringsSep ", " names}";
    in
    argument: value:
    lib.concatMapStringsSep "" (
      key:
      let
        lower = lib.toLower key;
        name = "${argument}.${key}";
      in
      if known ? ${key} then
        known.${key} name value.${key}
      else if knownFolded ? ${lower} then
        knownFolded.${lower} name value.${key}
      else if withoutFolded ? ${lower} then
        advise (value.${key} != null) "${name} has no effect: ${withoutFolded.${lower}}; remove it"
      else
        unknown argument value key
    ) (builtins.attrNames value);

  object =
    keysOf: remedy: argument: value:
    set remedy argument value + optional keysOf argument value;

  nanoseconds = wholeNumber "; write nanoseconds, such as 30000000000 for 30 seconds";
  ofContainers = "it is a setting of Docker for containers, which images do not have";
  configKeys = keys {
    known = {
      ArgsEscaped = truth;
      Cmd = texts "write the command as a list: [ \"program\" \"argument\" ]";
      Entrypoint = texts "write the command as a list: [ \"program\" \"argument\" ]";
      Env =
        argument: value:
        texts "write [ \"NAME=value\" ]" argument value
        + lib.concatMapStringsSep "" (
          entry:
          advise (
            lib.isString entry && builtins.match "[^=]+=.*" (lines entry) == null
          ) "${argument} has the entry '${entry}', which is not of the form NAME=value"
        ) (if value == null then [ ] else value);
      ExposedPorts = names "write { \"80/tcp\" = { }; }";
      Healthcheck = object (keys {
        known = {
          Interval = nanoseconds;
          Retries = wholeNumber "";
          StartInterval = nanoseconds;
          StartPeriod = nanoseconds;
          Test = texts "write [ \"CMD\" \"program\" ]";
          Timeout = nanoseconds;
        };
      }) "write { Test = [ \"CMD\" \"program\" ]; }";
      Labels =
        argument: value:
        set "write { name = \"value\"; }" argument value
        + optional (eachValue (text "; use toString")) argument value;
      OnBuild = texts "write a list of instructions";
      Shell = texts "write the command as a list: [ \"program\" \"argument\" ]";
      StopSignal = text "; write \"SIGTERM\" or \"15\"";
      User = text "; write \"1000\" or \"1000:100\"";
      Volumes = names "write { \"/data\" = { }; }";
      WorkingDir = text "";
    };
    without = builtins.listToAttrs (
      map
        (name: {
          inherit name;
          value = ofContainers;
        })
        [
          "AttachStderr"
          "AttachStdin"
          "AttachStdout"
          "CpuShares"
          "Domainname"
          "Hostname"
          "Image"
          "MacAddress"
          "Memory"
          "MemorySwap"
          "NetworkDisabled"
          "OpenStdin"
          "StdinOnce"
          "StopTimeout"
          "Tty"
        ]
    );
  };
  # A pattern does not match line ends with a dot in every version of Nix.
  lines = builtins.replaceStrings [ "\n" ] [ " " ];

  ownerKeys = {
    uid = wholeNumber "; write a number without quotes";
    gid = wholeNumber "; write a number without quotes";
    uname = text "";
    gname = text "";
    mode = text "; write the octal digits in quotes, such as \"0755\"";
  };
  permKeys = keys {
    known = ownerKeys // {
      path =
        argument: value:
        check (isText value) "${argument} must be a store path, not ${show value}"
        + advise (
          !isStorePath value
        ) "${argument} = ${show value} is not a store path, so the rule has no effect; write the store path that contains the files";
      regex = text "; write a regular expression";
      orMode = text "; write the octal digits in quotes, such as \"0200\"";
    };
  };
  directoryKeys = keys {
    strict = true;
    known = ownerKeys // {
      dir = text "; write the name of a directory in the store path";
      path =
        argument: value:
        check (isText value) "${argument} must be an absolute path, not ${show value}; write \"/var/log\"";
    };
  };
  # The path of a directory without dir.
  absolute =
    argument: value:
    let
      parts = builtins.split "/+" value;
    in
    check (
      lib.isString value && builtins.match "${builtins.storeDir}/[0-9a-z]{32}-.*" value == null
    ) "${argument} is a store path; add dir, the name of the directory in it"
    + check (
      builtins.substring 0 1 value == "/"
    ) "${argument} = ${show value} is not an absolute path; write \"/${value}\""
    + check (
      !lib.elem "." parts && !lib.elem ".." parts && builtins.match "/+" value == null
    ) "${argument} = ${show value} must be a directory below / and must not contain '.' or '..'";
  rules =
    keysOf: example: argument: value:
    list "write [ ${example} ]" argument value
    + each argument value (
      element: rule:
      check (
        builtins.isAttrs rule && !isText rule
      ) "${element} must be an attribute set, not ${show rule}; write ${example}"
      + keysOf element rule
    );
  hasPath = element: rule: check (rule ? path) "${element} has no path; add the path that it is for";
  # Functions that compute rules return { } for paths without any.
  permRule =
    element: rule: if rule == { } then "" else hasPath element rule + permKeys element rule;
  directoryRule =
    element: rule:
    hasPath element rule
    + directoryKeys element rule
    + (if rule ? dir then "" else absolute "${element}.path" rule.path);

  # An exclude is a path inside a store path, or { path, excludes }.
  exclude =
    element: value:
    if isText value then
      let
        inside = builtins.match "${builtins.storeDir}/+[^/]+/+([^/].*)" "${value}";
        parts = builtins.split "/+" (lib.head inside);
      in
      check (
        inside != null && !lib.elem "." parts && !lib.elem ".." parts
      ) "${element} must be a path inside a store path, not ${show value}; write \"\${package}/share/doc\""
    else
      check (
        builtins.isAttrs value && value ? path && value ? excludes
      ) "${element} must be a path inside a store path, not ${show value}; write \"\${package}/share/doc\" or { path = package; excludes = [ \"share/doc\" ]; }";
  # An archive is a path, or { path, tar }.
  archive =
    element: value:
    check (
      isInStore value || builtins.isAttrs value && value ? path && value ? tar
    ) "${element} must be a tar archive, not ${show value}; write the path of an archive or { path = …; tar = …; }";

  # Checks an argument that is an element or a list of them.
  oneOrEach =
    f: argument: value:
    if builtins.isList value then each argument value f else f argument value;
  toRoot =
    element: value:
    check (
      isInStore value
    ) "${element} must be a store path, not ${show value}; write a package, pkgs.buildEnv { … } or a path"
    + advise (
      !isStorePath value
    ) "${element} = ${show value} is not a store path as a whole, and is not placed at the root; use pkgs.buildEnv with pathsToLink for a part of a package";
  dependency =
    element: value:
    check (
      isInStore value
    ) "${element} must be a store path, not ${show value}; write a package or a path";
  listedPath =
    element: value:
    check (
      isStorePath value
    ) "${element} must be a store path, not ${show value}; write a package or a path";
  ignored =
    element: value:
    check (
      isStorePath value
    ) "${element} must be a store path, not ${show value}; write the package to leave out";
  file =
    remedy: argument: value:
    check (value == null || isText value) "${argument} must be a file, not ${show value}; ${remedy}";

  isImage = value: value ? imageRefUnsafe && value ? copyToRegistry;
  isLayer = value: builtins.isAttrs value && value ? nestedLayers;

  # Each layer has an identity, by which it can be compared without its store path, which cannot be
  # computed if it is below itself: sets with a function are equal only if they are the same value.
  visit =
    function: above: done: layer:
    let
      id = layer.identity or { };
    in
    if id == { } || lib.elem id done then
      done
    else if lib.elem id above then
      throw "${function}: layers is cyclic: a layer is below itself; remove it from its own layers"
    else
      builtins.foldl' (visit function (above ++ [ id ])) done layer.layers ++ [ id ];

  # Returns the argument layers.
  layers =
    function: value:
    let
      problem =
        list "write [ layer ]" "${function}: layers" value
        + each "${function}: layers" value (
          element: layer:
          if isLayer layer then
            ""
          else if builtins.isAttrs layer && isImage layer then
            throw "${element} is an image, not a layer; use it as fromImage, or make a layer with buildLayer"
          else
            throw "${element} must be a result of buildLayer, not ${show layer}; use buildLayer { deps = [ … ]; }"
        );
    in
    builtins.seq problem value;

  compressor =
    argument: value:
    check (lib.elem value [
      null
      "gzip"
      "zstd"
      "zstd:chunked"
    ]) "${argument} must be \"gzip\", \"zstd\", \"zstd:chunked\" or null, not ${show value}";

  maxLayers =
    argument: value:
    if builtins.isInt value then
      advise (value < 1)
        "${argument} = ${show value} puts each store path into a layer of its own; write a number of at least 1"
    else
      check (
        lib.isString value && builtins.match "[0-9]+" value != null
      ) "${argument} must be a whole number of at least 1, not ${show value}; omit it for one layer";

  layering =
    argument: value:
    check (lib.elem value [
      "popularity"
      "by-size"
    ]) "${argument} must be \"popularity\" or \"by-size\", not ${show value}";

  arch =
    argument: value:
    let
      oci = platforms value;
    in
    check (
      lib.isString value && builtins.match "[^[:space:]]+" value != null
    ) "${argument} must be an architecture, not ${show value}; write \"amd64\" or omit it"
    + advise (oci != value)
      "${argument} = ${show value} is Nix's name of the architecture; write \"${oci}\", its OCI name";

  fromImage =
    argument: value:
    let
      name = toString (value.name or "");
      given = "${argument} is ${show value}";
      remedy = "use the result of pullImage, pullImageFromManifest or buildImage";
      isPackage = value ? meta.homepage || value ? meta.mainProgram;
    in
    if lib.isString value then
      check (
        value == "" || builtins.substring 0 1 value == "/"
      ) "${argument} = ${show value} is not the path of an image.json file; ${remedy}"
    else if value == null || builtins.isPath value then
      ""
    else if !isText value then
      throw "${argument} must be an image, not ${show value}; ${remedy}"
    else if isLayer value then
      throw "${given}, a layer; use it in layers"
    else
      check (
        builtins.match ".*[.]json" name != null || !isPackage && builtins.match ".*[.]tar([.].*)?" name == null
      ) "${given}, not an image of this library; ${remedy}";

  # The checks of arguments by name. Further ones, which several functions have, are below.
  common = {
    inherit compressor layering maxLayers;
    contents = optional (oneOrEach toRoot);
    copyToRoot = optional (oneOrEach toRoot);
    compressionLevel =
      argument: value:
      check (
        value == null || builtins.isInt value
      ) "${argument} must be a whole number, not ${show value}; write 1 to 9 for gzip, 1 to 19 for zstd";
    excludes =
      argument: value: list "write [ \"\${package}/share/doc\" ]" argument value + each argument value exclude;
    fromTar = oneOrEach archive;
    includeStorePaths = truth;
    ensureDirs = rules directoryRule "{ path = \"/tmp\"; mode = \"1777\"; }";
    layersFile =
      argument: value:
      if builtins.isList value then
        each argument value (
          layer: paths: list "write [ [ package ] [ package ] ]" layer paths + each layer paths listedPath
        )
      else
        file "write [ [ package ] [ package ] ], or a JSON file of such lists" argument value;
    perms = rules permRule "{ path = …; regex = \"…\"; mode = \"0755\"; }";
    permsFile = file "use the argument perms for rules in Nix";
    witness = truth;
  };
  ofImage = common // {
    inherit arch fromImage;
    config = object configKeys "write { Cmd = [ … ]; }";
    created =
      argument: value:
      check (value != null) "${argument} must be a time in RFC 3339, not null; omit it for the default"
      + time argument value;
    fromImageEnv = truth;
    inheritConfig = truth;
    annotations =
      argument: value:
      set "write { name = \"value\"; }" argument value
      + optional (eachValue (text "; use toString")) argument value;
    initializeNixDatabase = truth;
    spread = truth;
    separateNixDatabase = truth;
  };
  # Without a database, nix2container does not look at them.
  ofDatabase = {
    nixUid = wholeNumber "; write a number without quotes";
    nixGid = wholeNumber "; write a number without quotes";
  };
  ofLayer = common // {
    perms = optional common.perms;
    deps = argument: value: list "write [ path ]" argument value + each argument value dependency;
    ignore = optional (oneOrEach ignored);
    metadata = object (keys {
      known = {
        created = time;
        created_by = text "";
        author = text "";
        comment = text "";
        empty_layer = truth;
      };
    }) "write { created_by = \"…\"; }";
    reproducible = truth;
  };

  digest =
    argument: value:
    check (
      lib.isString value && builtins.match "sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}" value != null
    ) "${argument} must be a digest such as \"sha256:…\" with 64 hexadecimal digits, not ${show value}; 'strata manifest --digest docker://NAME' prints it";
  os =
    argument: value:
    check (
      lib.isString value && builtins.match "[^[:space:]]+" value != null
    ) "${argument} must be an operating system, not ${show value}; write \"linux\" or omit it";
  repository =
    argument: value:
    check (
      lib.isString value && builtins.match "[^[:space:]]+" value != null
    ) "${argument} must be the name of an image, not ${show value}"
    + check (
      builtins.match ".*://.*" value == null
    ) "${argument} = ${show value} has a transport or protocol; write the name only";
  ofPull = {
    inherit arch os;
    imageDigest = digest;
    imageName =
      argument: value:
      repository argument value
      + check (
        builtins.match ".*@.*" value == null
      ) "${argument} = ${show value} has a digest; use imageDigest";
    tlsVerify = truth;
    shallow = truth;
  };
  ofPullFromManifest = {
    inherit arch os;
    imageName =
      argument: value:
      repository argument value
      + check (
        builtins.match "(.*/)?[^/]*[:@][^/]*" value == null
      ) "${argument} = ${show value} has a tag or digest; use imageTag";
    imageTag = argument: value: builtins.seq (tagOf argument value) "";
    tlsVerify = truth;
    shallow = truth;
    registryUrl =
      argument: value:
      check (
        lib.isString value && builtins.match "[^[:space:]]+" value != null && builtins.match ".*://.*" value == null
      ) "${argument} must be the name of a registry, not ${show value}; write \"quay.io\" or \"localhost:5000\"";
  };

  # Applies the checks to the arguments that were given.
  ofFunction =
    function: checks: args:
    lib.concatMapStringsSep "" (name: checks.${name} "${function}: ${name}" args.${name}) (
      builtins.attrNames (builtins.intersectAttrs args checks)
    );

  typesOfLayers = function: args: if args ? layers then builtins.seq (layers function args.layers) "" else "";
  cycle =
    args:
    builtins.seq (builtins.foldl' (visit "buildImage" [ ]) [ ] (args.layers or [ ])) "";
  needsCompressor =
    function: args:
    check (
      args.compressionLevel or null == null || args.compressor or null != null
    ) "${function}: compressionLevel requires a compressor; add compressor = \"gzip\" or \"zstd\""
    + (
      let
        level = args.compressionLevel or null;
        highest = if args.compressor == "gzip" then 9 else 19;
      in
      check (
        level == null || 1 <= level && level <= highest
      ) "${function}: compressionLevel = ${show level} is out of range; write 1 to ${toString highest} for ${args.compressor}"
    );

  # Arguments of buildImage that depend on each other.
  combinations =
    args:
    let
      base = args.fromImage or "";
    in
    check (
      args.includeStorePaths or true != false || args.initializeNixDatabase or false != true
    ) "buildImage: initializeNixDatabase = true and includeStorePaths = false are mutually exclusive: the database would list store paths that the image does not contain"
    + check (
      base != null && base != ""
      || args.inheritConfig or false != true && args.fromImageEnv or false != true
    ) "buildImage: inheritConfig and fromImageEnv require a base image; set fromImage"
    + check (
      !(args.spread or false) || args.layersFile or null != null
    ) "buildImage: spread = true requires layersFile, which says what is in each layer: a list of lists of packages, or a JSON file";

  # The grammar of the OCI distribution specification, "Pulling manifests".
  tagOf =
    argument: value:
    if
      lib.isString value && builtins.match "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}" value != null
    then
      value
    else
      throw "${argument} = ${show value} is not a tag: use 1 to 128 letters, digits, '_', '.' and '-', with a letter, digit or '_' first";
in
{
  buildImage =
    args:
    typesOfLayers "buildImage" args
    + cycle args
    + ofFunction "buildImage" ofImage args
    + (if args.initializeNixDatabase or false then ofFunction "buildImage" ofDatabase args else "")
    + combinations args
    + needsCompressor "buildImage" args;
  buildLayer =
    args:
    typesOfLayers "buildLayer" args
    + ofFunction "buildLayer" ofLayer args
    + needsCompressor "buildLayer" args;
  pullImage = ofFunction "pullImage" ofPull;
  pullImageFromManifest = ofFunction "pullImageFromManifest" ofPullFromManifest;

  # Return the value after checking it.
  inherit layers;
  imageTag = tagOf "buildImage: tag";
  imageName =
    name:
    let
      part = "[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*";
      lower = lib.toLower name;
    in
    if builtins.match "(([a-z0-9._-]+|\\[[0-9a-f:]+])(:[0-9]+)?/)?${part}(/${part})*" lower != null then
      lower
    else if builtins.match "(.*/)?[^/]*[:@][^/]*" lower != null then
      throw "buildImage: name = ${show name} has a tag or digest; use the argument tag"
    else
      throw "buildImage: name = ${show name} is not the name of an image: only letters, digits and single '.', '_', '-' or '/' between them are allowed";
}
