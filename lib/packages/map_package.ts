/**
 * Where one package comes from.
 *
 * @module
 */

import { isAbsolute } from "@std/path";
import { findDistribution } from "../checkout/distribution.ts";
import type { CheckoutFiles } from "../workspace/checkout_files.ts";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { GitSource, Source } from "../source.ts";
import { sourceUrl } from "./source_url.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { noRepository } from "./no_repository.ts";

/**
 * The source of a package: its folder in its checkout, or its pin in its repository.
 *
 * @param known `missing`: whether the checkout is not there yet, as in a dry run, and cannot be looked into; `isOnline`:
 * whether its server may be asked where the address leaves its URL open; `files`: reads the checkouts' files.
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, `manifest-invalid`
 */
export async function mapPackage(
  workspace: Workspace,
  it: ManifestPackage,
  { missing, isOnline, files }: {
    readonly missing: boolean;
    readonly isOnline: boolean;
    readonly files: CheckoutFiles;
  },
): Promise<Source> {
  if (it.mode === "prod") return await prodSource(workspace, it, isOnline);
  refuseOutside(workspace, it);
  const top = it.subdirectory === undefined ? it.path : `${it.path}/${it.subdirectory}`;
  return { kind: "path", path: missing ? top : await findDistribution(workspace, it, files) };
}

function refuseOutside({ adapter }: Workspace, { name, path }: ManifestPackage): void {
  if (adapter.can.pathOutsideRoot || !(path.startsWith("../") || isAbsolute(path))) return;
  throw new HsmError(
    "manifest-invalid",
    `Cannot map ${name}: ${adapter.name} takes no checkout outside of the app's folder, such as ${path}`,
    {
      hint: `take \`path\` of ${name} out of the manifest, or name a folder of the app`,
      details: { package: name, path },
    },
  );
}

/**
 * The source of a package in prod mode: its pin in its repository.
 *
 * @param isOnline Whether its server may be asked where the address leaves its URL open.
 * @throws {HsmError} `pin-missing`, `manifest-invalid`
 */
export async function prodSource(
  workspace: Workspace,
  it: ManifestPackage,
  isOnline: boolean,
): Promise<GitSource> {
  const { name, git, pin, subdirectory, lfs } = it;
  if (git === undefined) {
    throw noRepository(`map ${name}`, { package: name });
  }
  if (pin === undefined) {
    throw new HsmError(
      "pin-missing",
      `Cannot map ${name}: in prod mode it needs a tag, rev or branch`,
      {
        hint: `run \`hsm pin ${name} TAG\`, or \`hsm dev ${name}\` to work on it`,
        details: { package: name },
      },
    );
  }
  if (/^git:\/\//i.test(git)) {
    throw new HsmError(
      "manifest-invalid",
      `Cannot map ${name}: ${workspace.adapter.name} takes no git:// URL`,
      {
        hint: `give ${name} one with https:// or ssh://; git:// does in dev mode only`,
        details: { package: name },
      },
    );
  }
  if (lfs && !workspace.adapter.can.fetchesLfs) {
    throw new HsmError(
      "manifest-invalid",
      `Cannot map ${name}: ${workspace.adapter.name} fetches nothing that Git LFS keeps`,
      {
        hint: `take \`lfs\` of ${name} out of the manifest, or run \`hsm dev ${name}\``,
        details: { package: name },
      },
    );
  }
  const url = await sourceUrl(workspace, it, isOnline);
  return { kind: "git", git: url, ...pin, ...given({ subdirectory, lfs: lfs || undefined }) };
}
