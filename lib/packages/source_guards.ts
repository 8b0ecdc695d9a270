/**
 * Guards against namesakes: a package of the manifest comes from where the manifest says, or not at all.
 *
 * Two of them, since each knows what the other cannot. The settings are looked at before anything runs, so that a package
 * of the same name is not even fetched; the lock file is looked at before anything is installed, whatever the reason is.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { SourcesOff, Stranger } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { writtenForm } from "../manifest/stand_ins.ts";
import { readLocked } from "./locked.ts";
import { relockCommand } from "./relock.ts";
import { nameOf, type Problem } from "../reconcile/problem.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { sourceFile } from "../workspace/manager_files.ts";

/** The settings of the package manager's that take sources away. Touches nothing. */
export async function readSourcesOff(workspace: Workspace): Promise<readonly SourcesOff[]> {
  const { adapter, adapterContext, manifest } = workspace;
  if (manifest.packages.length === 0) return [];
  return await adapter.sourcesOff(adapterContext, await workspace.pyproject());
}

/** What such settings are to the packages given. */
export async function findSourcesOff(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  found: readonly SourcesOff[],
): Promise<
  readonly { readonly problem: Problem; readonly packages: readonly ManifestPackage[] }[]
> {
  if (found.length === 0) return [];
  const { adapter } = workspace;
  const app = (await workspace.app()).name ?? "app";
  return found.flatMap(({ packages: keys, file, line, setting, fix }) => {
    const concerned = packages.filter(({ key }) => keys?.includes(key) ?? true);
    if (concerned.length === 0) return [];
    const names = concerned.map((it) => it.name).join(", ");
    const come = concerned.length === 1 ? "comes" : "come";
    const problem: Problem = {
      code: "sources-off",
      severity: "error",
      message: `${adapter.name} is told to ignore where ${names} ${come} from`,
      sides: [{ component: app, file, requirement: setting, ...given({ line }) }],
      fix,
    };
    return [{ problem, packages: concerned }];
  });
}

/**
 * Makes sure that no setting takes the source of a package of the manifest away.
 *
 * @throws {HsmError} `sources-off`
 */
export async function refuseSourcesOff(
  workspace: Workspace,
  settings: readonly SourcesOff[],
): Promise<void> {
  const found = await findSourcesOff(workspace, writtenForm(workspace.manifest).packages, settings);
  const [first] = found;
  if (first === undefined) return;
  throw new HsmError("sources-off", `Cannot sync the app: ${first.problem.message}`, {
    causes: found.flatMap((it) => it.problem.sides).map((side) =>
      `${nameOf(side)} says ${side.requirement ?? ""}`
    ),
    hint: first.problem.fix,
    details: { problems: found.map((it) => it.problem) },
  });
}

/**
 * Makes sure that the lock file has each package of the manifest from where pyproject.toml says.
 *
 * @param code What it is called where it has not.
 * @throws {HsmError} `code`; the adapter's own where it cannot be read
 */
export async function refuseStrangers(
  workspace: Workspace,
  code: "source-ignored" | "out-of-date" = "source-ignored",
): Promise<void> {
  const found = await findStrangers(workspace);
  if (found === undefined) {
    throw new HsmError(
      workspace.adapter.failure,
      "Cannot sync the app: its lock file is none that hsm can read",
      { hint: "update hsm, or delete the lock file if it is damaged" },
    );
  }
  if (found.length === 0) return;
  const names = [...new Set(found.map((it) => it.name))];
  const { adapter } = workspace;
  const at = adapter.sourcesAt;
  const command = relockCommand(workspace, names);
  const again = command === undefined
    ? ""
    : `\`${command}\` locks again what was locked by somebody else; `;
  throw new HsmError(
    code,
    `Cannot sync the app: the lock file has ${names.join(", ")} from elsewhere than ${
      sourceFile(workspace.edited)
    } says`,
    {
      causes: found.map((it) => `${it.name} would come from ${it.from}`),
      hint: `${again}if it comes back, a setting or a variable keeps ${adapter.name} from ${
        at.length === 0 ? "its sources" : `[${at.join(".")}]`
      }`,
      details: { packages: names },
    },
  );
}

/**
 * The packages of the manifest that the lock file has from elsewhere than the app's files say; undefined where it cannot
 * be read. Touches nothing.
 */
export async function findStrangers(
  workspace: Workspace,
): Promise<readonly (Stranger & { readonly name: string })[] | undefined> {
  const { adapter, root, manifest, lockFiles: [file = root] } = workspace;
  const names = new Map(writtenForm(manifest).packages.map((it) => [it.key, it.name]));
  if (names.size === 0) return [];
  const locked = await readLocked(workspace);
  if (locked === undefined) return undefined;
  const found = await adapter.strangers(locked, workspace.filesFor(), [...names.keys()], {
    root,
    lock: dirname(file),
  });
  return found.map((it) => ({ ...it, name: names.get(it.package) ?? it.package }));
}
