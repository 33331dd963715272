/** Bills of materials: which packages an image contains, in CycloneDX and SPDX. */
@NullMarked
package dev.strata.explain.sbom;

import org.jspecify.annotations.NullMarked;
