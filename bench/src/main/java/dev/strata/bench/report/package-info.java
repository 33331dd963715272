/**
 * Reports: tables for a terminal, Markdown for a pull request, and an HTML page with charts. All of
 * them are self-contained: they need no other file, no network and no script.
 */
@NullMarked
package dev.strata.bench.report;

import org.jspecify.annotations.NullMarked;
