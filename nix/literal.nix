# Returns a regular expression (RE2) that matches exactly the given string.
{ lib }:
let
  special = [
    "\\"
    "."
    "+"
    "*"
    "?"
    "("
    ")"
    "["
    "]"
    "{"
    "}"
    "^"
    "$"
    "|"
  ];
in
lib.replaceStrings special (map (c: "\\${c}") special)
