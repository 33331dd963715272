package dev.strata.internal.json;

/** A token of JSON. */
enum JsonToken {
  START_OBJECT,
  END_OBJECT,
  START_ARRAY,
  END_ARRAY,
  FIELD_NAME,
  STRING,
  INTEGER,
  /** A number with a fraction or an exponent. */
  FLOAT,
  TRUE,
  FALSE,
  NULL
}
