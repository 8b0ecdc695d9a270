/**
 * Problems in a manifest, rendered with the line they are about.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import { Lines } from "../text/lines.ts";
import { oneLine } from "../text/printable.ts";
import { redact, type Span } from "../text/redact.ts";
import { countOf } from "../text/words.ts";

/** One of the files that a manifest is made of. */
export interface ManifestFile {
  /** The name for messages, such as `hsm.yaml`. */
  readonly path: string;
  /** What the file holds; empty where there is no file. */
  readonly text: string;
}

/** A problem, before its line is looked up. */
export interface Finding {
  readonly span: Span;
  readonly message: string;
  /** Keys and list positions that lead to the value. */
  readonly path: readonly (string | number)[];
  readonly expected?: string;
  readonly suggestion?: string | undefined;
  readonly hint?: string | undefined;
}

/** A problem as `details.problems` holds it, safe for JSON. */
export interface ManifestProblem {
  /** The file, as the caller named it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1, in characters. */
  readonly column: number;
  /** Keys and list positions that lead to the value. */
  readonly path: readonly (string | number)[];
  /** What is wrong. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** The key, value or name that was probably meant. */
  readonly suggestion?: string;
}

/** What is wrong with one file. */
export interface FileFindings {
  readonly file: ManifestFile;
  readonly findings: readonly Finding[];
  /** Where credentials stand: never shown. */
  readonly secrets: readonly Span[];
}

/** More than that helps nobody, and a hostile file could have millions. */
const MAX_SHOWN = 100;

/** The error that tells all findings, in the order of the files. */
export function manifestError(action: "read" | "edit", files: readonly FileFindings[]): HsmError {
  const wrong = files.filter(({ findings }) => findings.length > 0);
  const total = wrong.reduce((sum, { findings }) => sum + findings.length, 0);
  const problems: ManifestProblem[] = [];
  const causes: string[] = [];
  let hint: string | undefined;
  for (const { file, findings, secrets } of wrong) {
    const sorted = [...findings].sort((a, b) => a.span.start - b.span.start);
    const lines = new Lines(file.text);
    for (const finding of sorted.slice(0, MAX_SHOWN - problems.length)) {
      const { line, column } = lines.place(finding.span.start);
      const { message, expected, suggestion } = finding;
      problems.push({
        file: file.path,
        line,
        column,
        path: finding.path.map((it) => typeof it === "string" ? redact(it, { strict: true }) : it),
        message,
        ...given({ expected, suggestion }),
      });
      const where = `${oneLine(file.path)}:${line}:${column}`;
      causes.push(`${where}: ${message}\n${lines.frame(finding.span, secrets)}`);
      hint ??= finding.hint;
    }
  }
  if (total > causes.length) causes.push(`and ${total - causes.length} more`);
  const names = wrong.map(({ file }) => oneLine(file.path)).join(" and ");
  return new HsmError(
    "manifest-invalid",
    `Cannot ${action} ${names}: ${countOf(total, "problem")}`,
    { causes, details: { problems }, hint },
  );
}
