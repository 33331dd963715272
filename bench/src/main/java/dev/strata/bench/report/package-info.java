/**
 * Reports for people: tables for a terminal, Markdown for a pull request, and one HTML page with
 * charts. It takes the entries of a results file. It hands on text that needs no other file, no
 * network and no script.
 */
@NullMarked
package dev.strata.bench.report;

import org.jspecify.annotations.NullMarked;
