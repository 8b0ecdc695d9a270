/**
 * A file with metadata, and what is told of it.
 *
 * @module
 */

import { given } from "../given.ts";
import type { ComponentMetadata, MetadataField } from "../reconcile/model.ts";
import { type Problem, unchecked } from "../reconcile/problem.ts";

/** A file with metadata. */
export interface MetadataFile {
  /** The component that it is of, for messages. */
  readonly component: string;
  /** The file, as messages name it; by its last part it is known for what it is. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
  /** The nearest pyproject.toml above it in its repository, if any: the sources of a uv workspace's root count for members. */
  readonly above?: {
    /** The file, as messages name it. */
    readonly file: string;
    /** Its text. */
    readonly text: string;
    /** The distribution's folder, seen from that file's, with `/`. */
    readonly path: string;
  };
}

/** What `readMetadata` gives. */
export interface MetadataResult {
  /** The metadata; undefined where there is none to be had. */
  readonly metadata: ComponentMetadata | undefined;
  /** Why there is none, where nothing is wrong: look into another file, or leave it unchecked. */
  readonly unchecked?: string;
  /** What is wrong with the file. */
  readonly problems: readonly Problem[];
  /** Whether no other file beside it is metadata of the distribution. */
  readonly isAll?: boolean;
  /** The fields of a pyproject.toml that setuptools takes from a setup.cfg beside it. */
  readonly fromSetupCfg?: readonly MetadataField[];
}

/**
 * Something in a file that was left out of its metadata: HSM cannot read it, though whoever builds the package may. Never an
 * error.
 *
 * @param file The file.
 * @param what What it is, such as `the requirement "x >"`.
 * @param reason Why it cannot be read.
 * @param line Its line, from 1, where it is known.
 */
export function unreadable(
  { component, file }: Pick<MetadataFile, "component" | "file">,
  what: string,
  reason: string,
  line: number | undefined,
): Problem {
  const message = `${what} of ${component} was not checked: ${reason}`;
  return unchecked({ component, file, ...given({ line }) }, message);
}
