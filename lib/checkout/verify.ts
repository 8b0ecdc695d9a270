/**
 * What lies at the place of a checkout. It is the user's: nothing here changes it.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { join } from "@std/path";
import { HsmError } from "../errors.ts";
import { readRemotes } from "../git/remotes.ts";
import { repositoryUrl, sameRepository } from "../git/url.ts";
import { exists } from "../files/is_there.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { areOthers } from "../files/owner.ts";
import { type CheckoutFiles, filesOf } from "../workspace/checkout_files.ts";
import { readCheckoutState } from "./state.ts";

/** What lies at the place of a checkout and is none of the package's. */
export interface Mismatch {
  /** What it is, such as "a file". */
  readonly what: string;
  /** The way out. */
  readonly hint: string;
}

/**
 * Makes sure that what lies at the place of a package's checkout is one of its repository.
 *
 * @throws {HsmError} `checkout-mismatch`, which says what it is instead
 */
export async function verifyCheckout(
  context: Context,
  it: ManifestPackage,
  read?: CheckoutFiles,
): Promise<void> {
  const { name, path } = it;
  const mismatch = await findMismatch(context, it, read);
  if (mismatch === undefined) return;
  const { what, hint } = mismatch;
  throw new HsmError(
    "checkout-mismatch",
    `Cannot use ${path} as the checkout of ${name}: it is ${what}`,
    { hint, details: { package: name, path } },
  );
}

/** What lies at the place of a package's checkout, where it is none of its repository. */
export async function findMismatch(
  context: Context,
  { name, path, git }: ManifestPackage,
  read: CheckoutFiles = filesOf(context),
): Promise<Mismatch | undefined> {
  const directory = join(context.root, path);
  if (
    git !== undefined && isPlain(directory, context.env) &&
    await isConfiguredFor(read, path, repositoryUrl(git, context.root), context.root)
  ) return undefined;
  const hint = `move it away and run this again, or set \`path\` of ${name} in hsm.local.yaml`;
  const stat = await Deno.stat(directory).catch(() => undefined);
  if (stat === undefined) return { what: "a link that leads nowhere", hint };
  if (!stat.isDirectory) return { what: "a file", hint };
  const remotes = await readRemotes(context, directory);
  if (remotes === undefined) {
    const reading = await readCheckoutState(context, directory);
    const told = reading.kind === "foreign" && reading.reason !== "no git checkout";
    if (!told) return { what: "a folder that is no git checkout", hint };
    const { reason, hint: advice = hint } = reading;
    return { what: reason, hint: advice };
  }
  const addresses = remotes.flatMap((it) => [...it.fetch, ...it.push]);
  // A repository without any remote, such as one just begun, is taken at its user's word.
  if (git === undefined || addresses.length === 0) return undefined;
  if (addresses.some((address) => sameRepository(address, git, context.root))) return undefined;
  return {
    what: `a checkout of ${addresses[0]}, not of ${git}`,
    hint: `${hint}, or correct \`git\` of ${name} in hsm.yaml`,
  };
}

/** Whether git takes a folder for a repository, as far as that can be seen: with all that makes one, and this user's own. */
function isPlain(directory: string, env: Readonly<Record<string, string>>): boolean {
  const git = join(directory, ".git");
  return ["HEAD", "objects", "refs"].every((it) => exists(join(git, it))) &&
    !areOthers([directory, git], env);
}

/**
 * Whether a checkout's own configuration names the repository: enough to be sure without asking git, which for
 * hundreds of packages takes longer than everything else.
 */
async function isConfiguredFor(
  read: CheckoutFiles,
  path: string,
  url: string,
  root: string,
): Promise<boolean> {
  const config = await read.text(`${path}/.git/config`).catch((error) => {
    // git itself would wait at a FIFO for ever.
    if (error instanceof HsmError && error.code === "io") throw error;
    return undefined;
  });
  const address = /^\s*\[remote "origin"\]\s*\n\s*url = (.+)$/m.exec(config ?? "")?.[1];
  return address !== undefined && sameRepository(address, url, root);
}
