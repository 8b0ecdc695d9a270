/**
 * Who builds a distribution: it decides which of its files and tables are its metadata.
 *
 * @module
 */

import type { Document } from "./document.ts";

/** The builders whose own tables and files HSM reads; undefined: another one. */
export type BuildBackend = "setuptools" | "poetry" | undefined;

/**
 * The builder that a pyproject.toml names.
 *
 * @param document The file.
 */
export function backendOf(document: Document): BuildBackend {
  const { "build-backend": backend } = document.table("build-system");
  // Without one setuptools builds (PEP 517), whatever tables of others there are.
  if (typeof backend !== "string") return "setuptools";
  if (/^(?:setuptools|pbr)\b/.test(backend)) return "setuptools";
  return /^poetry\b|^poetry_/.test(backend) ? "poetry" : undefined;
}
