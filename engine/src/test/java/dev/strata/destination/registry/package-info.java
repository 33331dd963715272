/** Tests of the registry client against a registry and a proxy that fail as they are told. */
@org.jspecify.annotations.NullMarked
package dev.strata.destination.registry;
