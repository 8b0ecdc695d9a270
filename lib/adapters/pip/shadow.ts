/**
 * Requirement files that are not the app's, in a temporary folder in which uv can be asked without touching the app.
 *
 * @module
 */

import { dirname, isAbsolute, join, resolve } from "@std/path";
import { makeTemporary } from "../../files/make_temporary.ts";
import { peekText } from "../../files/read_file.ts";
import { normalizeName } from "../../names.ts";
import { peekDocument } from "../../project/document.ts";
import type { AdapterContext, InstallPlan, Verdict, Written } from "../adapter.ts";
import { findsNoSolution } from "../uv/failure.ts";
import { errorOf } from "../uv/look.ts";
import { entryFile, filesOnDisk } from "./app_disk.ts";
import { type ApartLock, lockApart } from "./compile.ts";
import { explainPipFailure } from "./failure.ts";
import { CONSTRAINTS, LOCK, REQUIREMENTS } from "./files.ts";
import { lookAtEnvironment, planInstall } from "./look.ts";
import { placeInRoot, reachedFiles } from "./reach.ts";
import { readRequirementFile, splitLines } from "./requirement_file.ts";

/** Lets uv lock the app with other files in the place of its own. */
export async function resolveCandidate(
  context: AdapterContext,
  candidate: Written["texts"],
): Promise<Verdict> {
  return await inShadow(
    context,
    candidate,
    async (entry, shadow) =>
      await lockApart(context, { entry }, ({ success, stderr, folder }) => {
        const message = [shadow, folder].reduce(
          (text, it) => text.replaceAll(it, context.root),
          stderr,
        ).trim();
        const { cause, hint } = explainPipFailure(message);
        return { success, isUnsolvable: findsNoSolution(message), message, cause, hint };
      }),
  ) ?? { success: true, isUnsolvable: false, message: "" };
}

/** What a sync would do to the environment with other files in the place of the app's own. */
export async function wouldInstall(
  context: AdapterContext,
  candidate: Written["texts"],
): Promise<InstallPlan> {
  const { environment, found, ...why } = await lookAtEnvironment(context);
  if (environment === "made" || found === undefined) {
    return { environment, steps: undefined, ...why };
  }
  const text = peekText(join(context.root, "pyproject.toml")) ?? "";
  const app = peekDocument(text)?.string("project", "name");
  const plan = async ({ success, stderr, folder }: ApartLock): Promise<InstallPlan> => {
    if (!success) return { environment, steps: undefined, reason: errorOf(stderr) };
    const found = await planInstall(context, join(folder, LOCK));
    // The app itself is installed from where it is.
    const own = app === undefined ? undefined : normalizeName(app);
    return { ...found, steps: found.steps?.filter((it) => it.package !== own) };
  };
  const args = ["--no-build", "--no-python-downloads"];
  return await inShadow(
    context,
    candidate,
    async (entry) => await lockApart(context, { entry, args }, plan),
  ) ?? { environment, steps: undefined };
}

/**
 * Lays other requirement files than the app's into a temporary folder, for as long as somebody works with them. The folders
 * in them are seen from the app's, in which uv runs.
 *
 * @returns undefined where nothing is to be locked.
 */
async function inShadow<T>(
  { root }: AdapterContext,
  candidate: Written["texts"],
  work: (entry: string, folder: string) => Promise<T>,
): Promise<T | undefined> {
  const files = filesOnDisk(root, candidate);
  const entry = await entryFile(files);
  if (entry === undefined) return undefined;
  await using temporary = await makeTemporary("hsm-resolve-");
  const folder = await Deno.realPath(temporary.path);
  const own = await Promise.all(
    [REQUIREMENTS, CONSTRAINTS].map(async (path) => ({ path, text: await files.read(path) })),
  );
  for (const { path, text } of [...own, ...await reachedFiles(files)]) {
    if (text === undefined) continue;
    await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
    await Deno.writeTextFile(join(folder, path), withPlaces(root, path, text));
  }
  return await work(join(folder, entry), folder);
}

/** A requirement file in which what lies outside of the root is named by its whole path. */
function withPlaces(root: string, file: string, text: string): string {
  const { mark, lines } = splitLines(text);
  const changed = lines.map((it) => it.text);
  for (const { kind, value, first } of readRequirementFile(text)) {
    if (kind !== "file" && kind !== "constraints") continue;
    const isNamed = value === "" || isAbsolute(value) || /^[a-z][a-z0-9+.-]*:|\$\{/i.test(value);
    if (isNamed || placeInRoot(file, value) !== undefined) continue;
    const place = resolve(root, dirname(file), value);
    changed[first] = changed[first]!.replace(value, () => place);
  }
  return mark + lines.map((it, at) => changed[at] + it.end).join("");
}
