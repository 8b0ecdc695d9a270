/**
 * Who builds a distribution: it decides which of its files and tables are its metadata.
 *
 * @module
 */

import type { Table, TableReader } from "./metadata_tables.ts";

/** The builders whose own tables and files HSM reads; undefined: another one. */
export type BuildBackend = "setuptools" | "poetry" | undefined;

/**
 * The builder that a pyproject.toml names.
 *
 * @param root The file's root table.
 * @param reader Takes the problems.
 */
export function backendOf(root: Table, reader: TableReader): BuildBackend {
  const { "build-backend": backend } = reader.table(root, "build-system");
  // Without one setuptools builds (PEP 517), whatever tables of others there are.
  if (typeof backend !== "string") return "setuptools";
  if (/^(?:setuptools|pbr)\b/.test(backend)) return "setuptools";
  return /^poetry\b|^poetry_/.test(backend) ? "poetry" : undefined;
}
