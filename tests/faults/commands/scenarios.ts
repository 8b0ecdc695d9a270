/**
 * The commands that change files, each with something to do.
 *
 * @module
 */

import { join } from "@std/path";
import { OWN_IGNORED, SweepApp } from "./app.ts";
import type { SweepManager } from "./managers.ts";
import { FULL } from "./sweep.ts";

/** A command that is tried. */
export interface Scenario {
  /** Its words. */
  readonly args: readonly string[];
  /** Makes the app what the command finds, after a first sync. */
  readonly prepare?: (app: SweepApp) => Promise<unknown>;
}

/** The commands. */
export const SCENARIOS: readonly Scenario[] = [
  { args: ["init", "--yes"], prepare: leaveWorkspace },
  { args: ["sync", "--yes"], prepare: loseCheckout },
  { args: ["add", "plug-c", "--dev", "--yes"] },
  { args: ["remove", "plug-b"] },
  { args: ["eject"] },
  { args: ["dev", "plug-a", "--yes"] },
  { args: ["prod", "plug-b"] },
  { args: ["pin", "plug-b", "v1.1.0"] },
  { args: ["update", "plug-a"] },
  { args: ["undo"], prepare: (app) => must(app, ["dev", "plug-a", "--yes"]) },
  { args: ["new", "plug-new"] },
  { args: ["pull"] },
  // Parts of a sync.
  ...FULL
    ? [
      { args: ["clone", "--yes"], prepare: loseCheckout },
      { args: ["inject"], prepare: loseLine },
    ]
    : [],
];

/** An app in which a scenario's command has something to do. */
export async function prepared(
  manager: SweepManager,
  { prepare }: Scenario,
  parent?: string,
): Promise<SweepApp> {
  const app = await SweepApp.make(manager, parent);
  await must(app, ["sync", "--yes"]);
  await app.release();
  await workIn(app, "packages/plug-d");
  // Not a word of it is to be lost, though it is in nobody's way.
  await app.write("packages/plug-b/notes.txt", "untracked\n");
  await app.write("packages/plug-b/.git/info/exclude", ".env\n");
  await app.write("packages/plug-b/.env", "TOKEN=1\n");
  await app.write(".gitignore", OWN_IGNORED);
  await Deno.chmod(join(app.root, "hsm.yaml"), 0o640);
  await prepare?.(app);
  return app;
}

/** Work of every kind in a checkout: stashed, staged, changed, untracked. */
async function workIn(app: SweepApp, folder: string): Promise<void> {
  const module = `${folder}/src/plug_d/__init__.py`;
  await app.write(module, "stashed\n");
  await app.git(folder, "stash", "-q");
  await app.write(`${folder}/staged.txt`, "staged\n");
  await app.git(folder, "add", "staged.txt");
  await app.write(module, "changed\n");
  await app.write(`${folder}/untracked.txt`, "untracked\n");
}

/** An app that knows its plugins through its package manager alone. */
async function leaveWorkspace(app: SweepApp): Promise<void> {
  for (const file of ["hsm.yaml", "hsm.local.yaml", ".hsm"]) {
    await Deno.remove(join(app.root, file), { recursive: true });
  }
  const url = `file://${join(app.folder, "remotes/plug-a")}`;
  await app.write(...app.manager.withPackage("plug-a", url));
}

async function loseCheckout(app: SweepApp): Promise<void> {
  await Deno.remove(join(app.root, "packages/plug-b"), { recursive: true });
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.0.0 #", "v1.1.0 #"));
}

/** What a merge of the app's own branches may do. */
async function loseLine(app: SweepApp): Promise<void> {
  await app.write("pyproject.toml", app.manager.pyproject);
}

/** Runs a command that succeeds. */
export async function must(app: SweepApp, args: readonly string[]): Promise<void> {
  const { code, stderr } = await app.hsm(args);
  if (code !== 0) throw new Error(`hsm ${args.join(" ")} exited with ${code}: ${stderr}`);
}
