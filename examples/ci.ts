/**
 * A check for CI: pyproject.toml and uv.lock must be what hsm.yaml says, and the app must install.
 */

import { HsmError, openWorkspace, sync } from "@hsm/hsm";

try {
  await using workspace = await openWorkspace();
  await sync(workspace, { locked: true });
  console.log("up to date");
} catch (error) {
  if (!(error instanceof HsmError) || error.code !== "out-of-date") throw error;
  console.error([error.message, ...error.causes, error.hint].join("\n"));
  Deno.exitCode = error.exitStatus;
}
