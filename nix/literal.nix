# A regular expression (RE2) that matches a text and nothing else: text -> text.
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
