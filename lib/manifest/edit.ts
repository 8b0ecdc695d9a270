/**
 * Edits of hsm.yaml and hsm.local.yaml that keep every comment, quote, indent and line ending.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { normalizeName } from "../names.ts";
import type { ManifestEdit } from "./edits.ts";
import { applyToContent, contentOf, pinParts, sameContent } from "./content.ts";
import { spliceEdit } from "./package_splice.ts";
import { manifestError, type ManifestFile } from "./problem.ts";
import { packageNameProblem } from "./rules.ts";
import { isSchemaLine } from "./schema_line.ts";
import { quoteForMessage } from "./quote.ts";
import { redact } from "../text/redact.ts";
import { validateFile } from "./validate.ts";
import { Refusal } from "./yaml_splice.ts";

export type { EditValue, ManifestEdit, PackageKey } from "./edits.ts";

/**
 * Edits a manifest file's text. Touches nothing on disk.
 *
 * What an edit does not concern stays as it is, byte for byte; an edit that changes nothing returns the text itself. The result is
 * read again and compared with what was wanted. In hsm.local.yaml what became empty goes away: a package without keys,
 * `packages` without packages, in the end the whole text, the line for editors included.
 *
 * @param file The file; an empty text where there is none yet.
 * @param edits The changes, made one after the other.
 * @returns The new text; empty where nothing is left that needs a file.
 * @throws {HsmError} `manifest-invalid` where the file or the result is no valid manifest, and where an edit cannot be made without
 * touching something else (anchors, aliases, block scalars, comments in the way).
 */
export function editManifest(file: ManifestFile, edits: readonly ManifestEdit[]): string {
  const prune = /(?:^|[\\/])hsm\.local\.yaml$/.test(file.path);
  const bom = file.text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const before = file.text.slice(bom.length);
  let text = before;
  for (const edit of edits) text = applyEdit({ ...file, text }, edit, prune);
  if (text === before) return file.text;
  return text === "" || (prune && isSchemaLine(text)) ? "" : bom + text;
}

function applyEdit(file: ManifestFile, edit: ManifestEdit, prune: boolean): string {
  const name = packageNameProblem(edit.package);
  if (name !== undefined) throw invalid(file, edit, name.message);
  const before = validateFile(file);
  if (before.findings.length > 0) throw manifestError("edit", [before]);
  const content = contentOf(before.yaml.root);
  const wanted = applyToContent(content, edit);
  if (sameContent(content, wanted, false)) return file.text;
  const isThere = content.packages.has(normalizeName(edit.package));
  if (edit.kind === "add-package" && isThere) {
    throw invalid(file, edit, `${edit.package} is already there`);
  }
  let text: string;
  try {
    text = spliceEdit(file.text, before.yaml, edit, prune);
  } catch (error) {
    if (error instanceof Refusal) throw refuse(file, edit, error.message);
    throw error;
  }
  const after = validateFile({ ...file, text });
  if (after.yaml.problems.length > 0 || !sameContent(contentOf(after.yaml.root), wanted, prune)) {
    throw refuse(file, edit, "the change would touch something else in the file");
  }
  const finding = after.findings[0];
  if (finding !== undefined) throw invalid(file, edit, finding.message, finding.hint);
  return text;
}

/** The edit that cannot be made; without a hint what was asked for is no valid manifest, by hand or not. */
function invalid(file: ManifestFile, edit: ManifestEdit, why: string, hint?: string): HsmError {
  return new HsmError("manifest-invalid", `Cannot edit ${file.path}: ${why}`, {
    hint,
    details: { file: file.path, package: redact(edit.package, { strict: true }), edit: edit.kind },
  });
}

function refuse(file: ManifestFile, edit: ManifestEdit, why: string): HsmError {
  return invalid(file, edit, why, `make this edit by hand: ${describeEdit(edit)}`);
}

function describeEdit(edit: ManifestEdit): string {
  const name = quoteForMessage(edit.package);
  if (edit.kind === "remove-package") return `remove ${name}`;
  if (edit.kind === "unset-package-key") return `remove \`${edit.key}\` from ${name}`;
  if (edit.kind === "add-package") return `add ${name}`;
  const [key, value] = edit.kind === "set-pin" ? pinParts(edit.pin) : [edit.key, edit.value];
  const shown = quoteForMessage(typeof value === "string" ? value : JSON.stringify(value));
  return `set \`${key}\` of ${name} to ${shown}`;
}
