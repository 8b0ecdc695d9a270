/**
 * Finding a package's distribution in its checkout.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { readCheckoutState } from "./state.ts";
import { hasCheckout } from "./verify.ts";
import { HsmError } from "../errors.ts";
import { findFiles } from "../git/commands.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { readProject } from "../pyproject/read.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * The folder of a dev package's distribution, relative to the root, with `/`: its `subdirectory`, else the checkout
 * itself, else the folder in it whose `[project] name` is the package's.
 *
 * @throws {HsmError} `checkout-missing`, `source-not-found`
 */
export async function findDistribution(
  workspace: Workspace,
  it: ManifestPackage,
): Promise<string> {
  const { root } = workspace;
  if (!hasCheckout(root, it.path)) {
    throw new HsmError("checkout-missing", `Cannot map ${it.name}: ${it.path} is missing`, {
      hint: `run \`hsm clone ${it.name}\``,
      details: { packages: [it.name], paths: [it.path] },
    });
  }
  const top = it.subdirectory === undefined ? it.path : `${it.path}/${it.subdirectory}`;
  await refuseEscape(root, it, top);
  if (await isDistribution(workspace, top, it)) return top;
  if (it.subdirectory !== undefined) {
    throw notFound(it, `${top} has no pyproject.toml, setup.cfg or setup.py`);
  }
  const files = await findFiles(workspace, join(root, it.path), "pyproject.toml");
  const folders = [];
  for (const file of files) {
    const folder = dirname(`${it.path}/${file}`);
    const declared = await declaredName(workspace, folder);
    if (typeof declared === "object" && declared.name === it.key) folders.push(folder);
  }
  const [folder, ...others] = folders;
  if (folder !== undefined && others.length === 0) return folder;
  if (files.length === 0) await refuseUnborn(workspace, it);
  throw notFound(
    it,
    folder === undefined
      ? `no pyproject.toml in ${it.path} has this name`
      : `${folders.join(", ")} all have this name`,
  );
}

/** A checkout without a commit, as one of a remote whose HEAD leads nowhere, has nothing to be found. */
async function refuseUnborn(workspace: Workspace, it: ManifestPackage): Promise<void> {
  const reading = await readCheckoutState(workspace, join(workspace.root, it.path));
  if (reading.kind !== "checkout" || reading.state.commit !== undefined) return;
  throw new HsmError(
    "source-not-found",
    `Cannot find ${it.name} in its checkout: ${it.path} has no commit on its branch ${reading.state.branch}`,
    {
      hint: `switch to one that is there: \`git -C ${it.path} branch --all\` lists them`,
      details: { package: it.name, path: it.path },
    },
  );
}

/** Whether uv takes a folder for a member of a workspace: it wants a project there, and no workspace in the workspace. */
export async function isMaybeMember(workspace: Workspace, folder: string): Promise<boolean> {
  const file = `${folder}/pyproject.toml`;
  try {
    const text = await workspace.readCheckoutFile(file);
    if (text === undefined) return false;
    const project = readProject(text, file);
    return project.hasProject && project.workspace === undefined;
  } catch (error) {
    // What is wrong with it is for the check to say.
    if (error instanceof HsmError && error.code === "pyproject-invalid") return true;
    throw error;
  }
}

/** A folder below the checkout that a link leads out of it is not the checkout's. */
async function refuseEscape(root: string, it: ManifestPackage, folder: string): Promise<void> {
  if (it.subdirectory === undefined) return;
  const [checkout, inside] = await Promise.all(
    [it.path, folder].map((path) => Deno.realPath(join(root, path)).catch(() => undefined)),
  );
  if (checkout === undefined || inside === undefined || inside === checkout) return;
  if (!inside.startsWith(join(checkout, "/"))) {
    throw notFound(it, `${folder} leads out of the checkout`);
  }
}

/** Whether the folder holds the package: by its name, or, where the name is computed, by being alone. */
async function isDistribution(
  workspace: Workspace,
  folder: string,
  it: ManifestPackage,
): Promise<boolean> {
  const declared = await declaredName(workspace, folder);
  // What is wrong with a pyproject.toml is for the check to say, together with all else that is.
  if (declared === "unclear") return true;
  if (declared !== undefined) return declared.name === it.key || it.subdirectory !== undefined;
  for (const legacy of ["setup.cfg", "setup.py"]) {
    const stat = await Deno.stat(join(workspace.root, folder, legacy)).catch(() => undefined);
    if (stat?.isFile) return true;
  }
  return false;
}

/** The normalized name in a folder's pyproject.toml, if it has one. */
async function declaredName(
  workspace: Workspace,
  folder: string,
): Promise<{ readonly name: string } | "unclear" | undefined> {
  const file = `${folder}/pyproject.toml`;
  try {
    const text = await workspace.readCheckoutFile(file);
    const name = text === undefined ? undefined : readProject(text, file).name;
    if (name !== undefined) return { name: normalizeName(name) };
    // It may be Poetry's, or a name that its build computes.
    return /^\s*\[build-system\]/m.test(text ?? "") ? "unclear" : undefined;
  } catch (error) {
    if (error instanceof HsmError && error.code === "pyproject-invalid") return "unclear";
    throw error;
  }
}

function notFound(it: ManifestPackage, state: string): HsmError {
  return new HsmError("source-not-found", `Cannot find ${it.name} in its checkout: ${state}`, {
    hint: `set \`subdirectory\` of ${it.name} in hsm.yaml, or correct its name`,
    details: { package: it.name, path: it.path },
  });
}
