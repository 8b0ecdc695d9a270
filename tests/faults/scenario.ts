/**
 * One command as the fault tests run it: two files written, one deleted, one created, one changed by a program; the last three
 * are put at stake when it has begun to write.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../../lib/errors.ts";
import { type FileLayer, realFiles } from "../../lib/files/layer.ts";
import { Transaction } from "../../lib/transaction/transaction.ts";

/** The files at stake. */
export const FILES = ["pyproject.toml", "hsm.yaml", "old.yaml", "hsm.local.yaml", "uv.lock"];

/** What is there before; null: nothing. */
export const OLD: readonly (string | null)[] = [
  "old project\n".repeat(20),
  "old manifest\n",
  "to be deleted\n",
  null,
  "old lock\n".repeat(50),
];

/** What is there after. */
export const NEW: readonly (string | null)[] = [
  "new project\n".repeat(30),
  "new manifest\n",
  null,
  "created\n",
  "new lock\n".repeat(60),
];

/** How the command ends. */
export type Ending = "commit" | "rollback";

/** Puts the files at stake into a folder. */
export function prepare(root: string): void {
  for (const [i, file] of FILES.entries()) {
    const text = OLD[i];
    if (typeof text === "string") Deno.writeTextFileSync(join(root, file), text);
    else if (readText(join(root, file)) !== null) Deno.removeSync(join(root, file));
  }
}

/** The command. */
export async function runScenario(
  root: string,
  ending: Ending,
  layer: FileLayer = realFiles(),
  program: (lock: string, text: string) => void = Deno.writeTextFileSync,
): Promise<void> {
  await using transaction = await Transaction.begin({
    root,
    files: FILES.slice(0, 2),
    command: "hsm test",
    layer,
  });
  await transaction.write("pyproject.toml", NEW[0] ?? null);
  // The others turn out to be at stake only now.
  await transaction.add(FILES);
  await transaction.write("hsm.yaml", NEW[1] ?? null);
  await transaction.write("old.yaml", null);
  await transaction.write("hsm.local.yaml", NEW[3] ?? null);
  await transaction.runProgram({ program: "uv", files: ["uv.lock"] }, () => {
    // The program is not HSM: no fault is injected into it.
    program(join(root, "uv.lock"), NEW[4] ?? "");
    return Promise.resolve();
  });
  if (ending === "commit") await transaction.commit();
}

/** What a folder holds: all of the old, all of the new, or something between. */
export function stateOf(root: string): "old" | "new" | "mixed" {
  const now = FILES.map((file) => readText(join(root, file)));
  if (now.every((text, i) => text === OLD[i])) return "old";
  return now.every((text, i) => text === NEW[i]) ? "new" : "mixed";
}

/** The files that are neither the old nor the new one, and names that have no place in the folder. */
export function damage(root: string): readonly string[] {
  const torn = FILES.filter((file, i) => {
    const text = readText(join(root, file));
    return text !== OLD[i] && text !== NEW[i];
  });
  return torn;
}

/** What should not be left after a recovery. */
export function strays(root: string): readonly string[] {
  const journal = join(root, ".hsm", "journal");
  let kept: string[] = [];
  try {
    kept = [...Deno.readDirSync(journal)].map(({ name }) => name);
  } catch {
    // None was made.
  }
  return [
    ...[...Deno.readDirSync(root)].map(({ name }) => name)
      .filter((name) => name !== ".hsm" && !FILES.includes(name)),
    ...kept.filter((name) => !/^\d+$/.test(name)),
  ];
}

/** The HSM errors in whatever was thrown, the outermost first. */
export function hsmErrors(error: unknown): readonly HsmError[] {
  if (error instanceof HsmError) return [error];
  if (error instanceof SuppressedError) {
    return [...hsmErrors(error.error), ...hsmErrors(error.suppressed)];
  }
  return [];
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
