/**
 * Whether HSM can be linked into a project of somebody else's, as docs/reference/scripting.md says: made on the spot, it must pass
 * `deno check`, `deno lint` and `deno test`, by Deno's own compiler options and by stricter ones, and with no permission
 * at all, since who only imports something has asked for nothing.
 *
 * @module
 */

import { fromFileUrl, join, relative } from "@std/path";
import deno from "../deno.json" with { type: "json" };

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Deno type-checks a linked package with the options of the project that links it. */
const COMPILER_OPTIONS: readonly Readonly<Record<string, boolean>>[] = [
  {},
  {
    exactOptionalPropertyTypes: true,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
  },
];

const SCRIPT = `import { HsmError, map, openWorkspace } from "@hsm/hsm";

/** The names of the packages. */
export async function names(directory: string): Promise<readonly string[]> {
  try {
    await using workspace = await openWorkspace({ directory, readonly: true });
    return (await map(workspace)).sources.map((it) => it.package);
  } catch (error) {
    if (error instanceof HsmError && error.code === "workspace-not-found") return [];
    throw error;
  }
}

if (import.meta.main) console.log(await names("."));
`;

/** Each entry of the package by itself. */
const ENTRIES = Object.keys(deno.exports).map((it) => it.replace(/^\./, deno.name));

const TEST = `${ENTRIES.map((it, index) => `import * as entry${index} from "${it}";\n`).join("")}
import { names } from "./script.ts";

Deno.test("HSM can be imported", () => {
  if (typeof names !== "function") throw new Error();
  for (const it of [${ENTRIES.map((_, index) => `entry${index}`).join(", ")}]) {
    if (typeof it !== "object") throw new Error();
  }
});
`;

const folder = await Deno.makeTempDir({ prefix: "hsm-outside-" });
try {
  await Deno.writeTextFile(join(folder, "script.ts"), SCRIPT);
  await Deno.writeTextFile(join(folder, "script_test.ts"), TEST);
  for (const compilerOptions of COMPILER_OPTIONS) {
    const config = {
      links: [relative(await Deno.realPath(folder), PROJECT)],
      compilerOptions,
    };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(config));
    for (const args of [["check", "."], ["lint"], ["test", "--no-prompt"]]) {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args, "--quiet"],
        cwd: folder,
      }).output();
      if (success) continue;
      for (const output of [stdout, stderr]) await Deno.stderr.write(output);
      console.error(`deno ${args[0]} fails in a project with ${JSON.stringify(config)}`);
      Deno.exitCode = 1;
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
