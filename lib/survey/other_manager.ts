/**
 * A package manager that an app is used with, and that hsm.yaml does not name.
 *
 * @module
 */

import { findUsed } from "../adapters/find_used.ts";
import { ADAPTER_NAMES } from "../manifest/adapter_names.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A key of that name, however it is written. */
const NAMES_ONE = /^["']?adapter["']?\s*:/m;

/**
 * Tells where the app shows another package manager than the default one, nothing shows that, and the manifest is silent.
 * Touches nothing.
 */
export async function findOtherManager(workspace: Workspace): Promise<readonly Problem[]> {
  const { root, env, adapter } = workspace;
  if (adapter.name !== ADAPTER_NAMES[0]) return [];
  const texts = await Promise.all(["hsm.yaml", "hsm.local.yaml"].map((it) => workspace.read(it)));
  if (texts.some((it) => NAMES_ONE.test(it ?? ""))) return [];
  const names = new Set((await Array.fromAsync(Deno.readDir(root))).map((it) => it.name));
  const found = (await findUsed(env, workspace.filesFor(), names))
    .filter((it) => it.usage.sureness !== "possible");
  const [other] = found;
  if (other === undefined || found.some((it) => it.adapter.name === adapter.name)) return [];
  const { adapter: { name }, usage: { signs, environment } } = other;
  const lines = environment === undefined ? "" : ` and \`environment: ${environment}\``;
  return [{
    code: "other-manager",
    severity: "warning",
    message: `the app has ${
      signs.join(", ")
    } (${name}), and hsm.yaml names no package manager, which means ${adapter.name}`,
    sides: [{ component: "app", file: "hsm.yaml" }],
    fix: `write \`adapter: ${name}\`${lines} into hsm.yaml, or \`adapter: ${adapter.name}\``,
  }];
}
