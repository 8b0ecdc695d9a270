/**
 * What a plan rests on: as long as all of it is the same, the same comes out.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { resolve } from "@std/path";
import deno from "../../deno.json" with { type: "json" };
import { mapCheckouts } from "../checkout/group.ts";
import { headCommit } from "../checkout/head_commit.ts";
import { MAX_WRITTEN_BYTES, readFile } from "../files/read_file.ts";
import { describePin } from "../packages/describe_pin.ts";
import { lockFilesIn } from "../workspace/at_stake.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Survey } from "./survey.ts";
import { isThere } from "../files/is_there.ts";

/** The app by itself, and who looks at it. */
export interface AppBasis {
  /** HSM's version. */
  readonly hsm: string;
  /** The package manager, with its version where it tells it. */
  readonly adapter: string;
  /** The app's folder. */
  readonly root: string;
  /** The SHA-256 of each file that it goes by, by its path relative to the root; null: there is none. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** What a plan rests on. */
export interface PlanBasis extends AppBasis {
  /** What the pins of packages stood for whose source is to change. */
  readonly pins: readonly PinnedCommit[];
  /** Where the checkouts of dev packages were. */
  readonly checkouts: readonly CheckoutCommit[];
}

/** What a pin stands for. */
export interface PinnedCommit {
  /** The package's name. */
  readonly package: string;
  /** The tag, branch or commit. */
  readonly pin: string;
  /** The commit; null: not known. */
  readonly commit: string | null;
}

/** Where a checkout is. */
export interface CheckoutCommit {
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /** The commit that it is at; null: it has none yet. */
  readonly commit: string | null;
}

/** Looks at the app by itself, with what is staged. Touches nothing. */
export async function appBasis(workspace: Workspace): Promise<AppBasis> {
  const { root, adapter, edited } = workspace;
  const files: Record<string, string | null> = {};
  for (const file of new Set(["hsm.yaml", "hsm.local.yaml", "pyproject.toml", ...edited])) {
    files[file] = digest(await workspace.read(file));
  }
  const { file, text } = await workspace.ignoreRules();
  files[file] = digest(text);
  for (const file of [...lockFilesIn(workspace), ...adapter.settings]) {
    files[file] = digest(readFile(resolve(root, file), { limit: MAX_WRITTEN_BYTES }));
  }
  const version = await adapter.version(workspace.adapterContext);
  const named = version === undefined ? adapter.name : `${adapter.name} ${version}`;
  return { hsm: deno.version, adapter: named, root, files };
}

/** What a plan rests on that was made from a survey. Touches nothing. */
export async function basisOf(survey: Survey): Promise<PlanBasis> {
  const { workspace, packages } = survey;
  const app = await appBasis(workspace);
  const files = { ...app.files };
  for (const file of [...survey.filesRead].sort()) {
    files[file] = digest(await survey.files.text(file).catch(() => undefined));
  }
  const changed = await survey.changed();
  const pins: PinnedCommit[] = [];
  for (const it of packages.filter((it) => changed.has(it.name))) {
    const { commit = null } = await survey.component(it);
    pins.push({ package: it.name, pin: describePin(it.pin), commit });
  }
  const there = workspace.manifest.packages.filter((it) =>
    it.mode === "dev" && isThere(workspace.root, it.path)
  );
  const checkouts = await mapCheckouts(workspace, there, async ({ path }) => ({
    path,
    commit: await headCommit(workspace, path) ?? null,
  }));
  return { ...app, files, pins, checkouts: [...new Set(checkouts)] };
}

function digest(content: string | Uint8Array | undefined): string | null {
  return content === undefined ? null : createHash("sha256").update(content).digest("hex");
}
