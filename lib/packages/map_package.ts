/**
 * Where one package comes from.
 *
 * @module
 */

import { isWorkspaceMember } from "../adapters/uv_workspace.ts";
import { findDistribution } from "../checkout/distribution.ts";
import { HsmError } from "../errors.ts";
import { repositoryUrl } from "../git/url.ts";
import { given } from "../given.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { ProjectFacts } from "../pyproject/read.ts";
import type { GitSource, Source } from "./source.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What {@linkcode mapPackage} has to know beside the package. */
export interface MapPackageOptions {
  /** The app's own uv workspace, where it has one. */
  readonly members: ProjectFacts["workspace"];
  /** Whether the checkout is not there yet, as in a dry run, and cannot be looked into. */
  readonly missing: boolean;
}

/**
 * The source of a package: its folder in its checkout, or its pin in its repository.
 *
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, `manifest-invalid`
 */
export async function mapPackage(
  workspace: Workspace,
  it: ManifestPackage,
  { members, missing }: MapPackageOptions,
): Promise<Source> {
  if (it.mode === "prod") return prodSource(it, workspace.root);
  const top = it.subdirectory === undefined ? it.path : `${it.path}/${it.subdirectory}`;
  const path = missing ? top : await findDistribution(workspace, it);
  const isMember = members !== undefined && isWorkspaceMember(members, path);
  return { kind: isMember ? "workspace" : "path", path };
}

function prodSource({ name, git, pin, subdirectory }: ManifestPackage, root: string): GitSource {
  if (git === undefined) {
    throw new HsmError("manifest-invalid", `Cannot map ${name}: hsm.yaml names no repository`, {
      hint: "give the package a `git:`, or hsm.yaml one for all: " +
        "`git: https://github.com/org/{name}.git`",
      details: { package: name },
    });
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
  return { kind: "git", git: repositoryUrl(git, root), ...pin, ...given({ subdirectory }) };
}
