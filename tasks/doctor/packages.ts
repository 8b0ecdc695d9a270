/**
 * A look at the packages of a workspace: their checkouts, and what pyproject.toml says of them.
 *
 * @module
 */

import { type CheckoutGroup, groupByCheckout } from "../../lib/checkout/group.ts";
import { readCheckoutState, withArticle } from "../../lib/checkout/state.ts";
import { missingSubmodules, wantsSubmodules } from "../../lib/checkout/submodules.ts";
import { hasCheckout, verifyCheckout } from "../../lib/checkout/verify.ts";
import { HsmError } from "../../lib/errors.ts";
import { planInjection } from "../../lib/packages/injection.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { mapPackage } from "../../lib/packages/map_package.ts";
import { settleAll } from "../../lib/process/pool.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { error, type Finding, ok, warning } from "./model.ts";

/** Looks at the checkouts of the dev packages. */
export async function checkCheckouts(workspace: Workspace): Promise<readonly Finding[]> {
  const dev = workspace.manifest.packages.filter((it) => it.mode === "dev");
  const groups = groupByCheckout(workspace.root, dev);
  const settled = await settleAll(groups, workspace.jobs, (it) => lookAt(workspace, it));
  const findings = settled.flatMap((result) => {
    if (result.status === "fulfilled") return result.value ?? [];
    return toFinding("checkouts", result.reason);
  });
  if (findings.length > 0) return findings;
  return [ok("checkouts", dev.length === 0 ? "no package is in dev mode" : namesOf(dev))];
}

async function lookAt(
  workspace: Workspace,
  { directory, path, packages, names }: CheckoutGroup,
): Promise<Finding | undefined> {
  if (!hasCheckout(workspace.root, path)) {
    const command = `hsm clone ${packages.map((it) => it.name).join(" ")}`;
    return error("checkouts", `${names}: ${path} is missing`, `run \`${command}\``);
  }
  for (const it of packages) await verifyCheckout(workspace, it);
  // The checkout's own files may be in order, and git refuse it all the same.
  const reading = await readCheckoutState(workspace, directory);
  if (reading.kind === "foreign") {
    return error("checkouts", `${names}: ${path} is ${reading.reason}`, undefined);
  }
  const { operation } = reading.kind === "checkout" ? reading.state : {};
  if (operation !== undefined) {
    const state = `${names}: ${path} is in the middle of ${withArticle(operation)}`;
    return warning(
      "checkouts",
      state,
      `run \`git -C ${path} status\` for how to bring it to its end`,
    );
  }
  if (!wantsSubmodules(workspace.manifest, path)) return undefined;
  const missing = await missingSubmodules(workspace, directory);
  if (missing.length === 0) return undefined;
  const what = missing.length === 1 ? "a submodule is" : "submodules are";
  const message = `${names}: ${what} missing in ${path}: ${missing.join(", ")}`;
  return warning("checkouts", message, `run \`hsm clone ${packages[0].name}\``);
}

/** Looks at whether pyproject.toml says what the manifest says, as far as that is known without asking a remote. */
export async function checkDrift(workspace: Workspace): Promise<readonly Finding[]> {
  try {
    const { packages } = workspace.manifest;
    const settled = await settleAll(packages, workspace.jobs, async (it) => {
      const missing = it.mode === "dev" && !hasCheckout(workspace.root, it.path);
      return {
        package: it.name,
        source: await mapPackage(workspace, it, { missing, isOnline: false }),
      };
    });
    const sources = settled.flatMap((it) => it.status === "fulfilled" ? [it.value] : []);
    const findings = settled.flatMap((it) =>
      it.status === "rejected" ? [toFinding("pyproject.toml", it.reason)] : []
    );
    const { texts, changes } = await planInjection(workspace, sources);
    const [changed] = await workspace.changedBy(texts);
    if (changed !== undefined) {
      const names = [...new Set(changes.map((it) => it.package))];
      const about = names.length === 0 ? "" : ` about ${names.join(", ")}`;
      const message = `it does not say what hsm.yaml says${about}`;
      findings.push(
        error(
          "pyproject.toml",
          message,
          "run `hsm diff` to see it, `hsm sync` to bring it in line",
        ),
      );
    }
    return findings.length > 0 ? findings : [ok("pyproject.toml", "it says what hsm.yaml says")];
  } catch (thrown) {
    return [toFinding("pyproject.toml", thrown)];
  }
}

/** An error as a finding; what is no error of HSM's own goes on. */
export function toFinding(check: string, thrown: unknown): Finding {
  if (!(thrown instanceof HsmError) || thrown.code === "interrupted") throw thrown;
  const message = [thrown.message, ...thrown.causes].join("\n");
  return error(check, message, thrown.hint);
}

function namesOf(packages: readonly ManifestPackage[]): string {
  return packages.map((it) => it.name).join(", ");
}
