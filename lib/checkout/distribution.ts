/**
 * Finding a package's distribution in its checkout.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { join } from "@std/path";
import { type CheckoutFiles, filesOf } from "../workspace/checkout_files.ts";
import { findFolders, readFolder, type RepositoryFiles } from "./find_folders.ts";
import { readCheckoutState } from "./state.ts";
import { HsmError } from "../errors.ts";
import { findFiles } from "../git/commands.ts";
import { isFile, isThere } from "../files/is_there.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { placeFix } from "../reconcile/place_fix.ts";

/**
 * The folder of a dev package's distribution, relative to the root, with `/`: its `subdirectory`, else the checkout
 * itself, else the folder in it whose `[project] name` is the package's.
 *
 * @throws {HsmError} `checkout-missing`, `source-not-found`
 */
export async function findDistribution(
  context: Context,
  it: ManifestPackage,
  read: CheckoutFiles = filesOf(context),
): Promise<string> {
  const { root } = context;
  if (!isThere(root, it.path)) {
    throw new HsmError("checkout-missing", `Cannot map ${it.name}: ${it.path} is missing`, {
      hint: `run \`hsm clone ${it.name}\``,
      details: { packages: [it.name], paths: [it.path] },
    });
  }
  const files = repositoryFiles(context, it.path, read);
  if (it.subdirectory !== undefined) {
    const top = `${it.path}/${it.subdirectory}`;
    await refuseEscape(root, it, top);
    if (await readFolder(files, it.subdirectory) !== undefined) return top;
    const folders = await findFolders(files, it.key);
    throw notFound(it, `${top} has no pyproject.toml, setup.cfg or setup.py`, folders);
  }
  const folders = await findFolders(files, it.key);
  const [folder, ...others] = folders.map((found) =>
    found === "" ? it.path : `${it.path}/${found}`
  );
  if (folder !== undefined && others.length === 0) return folder;
  if (folder === undefined) await refuseUnborn(context, it);
  throw notFound(
    it,
    folder === undefined
      ? `no pyproject.toml in ${it.path} has this name`
      : `${[folder, ...others].join(", ")} all have this name`,
    folders,
  );
}

/**
 * The files of a checkout as those of a repository.
 *
 * @param path The checkout, relative to the root.
 */
export function repositoryFiles(
  context: Context,
  path: string,
  read: CheckoutFiles = filesOf(context),
): RepositoryFiles {
  return {
    text: (file) => read.text(`${path}/${file}`),
    has: (file) => Promise.resolve(isFile(join(context.root, path, file))),
    pyprojects: () => findFiles(context, join(context.root, path), "pyproject.toml"),
  };
}

/** A checkout without a commit, as one of a remote whose HEAD leads nowhere, has nothing to be found. */
async function refuseUnborn(context: Context, it: ManifestPackage): Promise<void> {
  const reading = await readCheckoutState(context, join(context.root, it.path));
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

function notFound(
  it: ManifestPackage,
  state: string,
  folders: readonly string[] = [],
): HsmError {
  return new HsmError("source-not-found", `Cannot find ${it.name} in its checkout: ${state}`, {
    hint: placeFix(it.name, folders) ??
      `set \`subdirectory\` of ${it.name} in hsm.yaml, or correct its name`,
    details: { package: it.name, path: it.path },
  });
}
