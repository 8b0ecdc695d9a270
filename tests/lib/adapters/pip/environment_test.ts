import { assertEquals, assertRejects } from "@std/assert";
import { findEnvironment, peekEnvironment } from "../../../../lib/adapters/pip/environment.ts";

const env = { HOME: "/home/me", VIRTUAL_ENV: "/envs/active", HERE: "envs/here", NOTHING: "" };

const find = (environment?: string) => findEnvironment({ root: "/app", env, environment });

Deno.test("findEnvironment() goes by the manifest's word", async () => {
  const folders: readonly (readonly [string | undefined, string, boolean])[] = [
    [undefined, "/app/.venv", true],
    ["envs/app", "/app/envs/app", true],
    ["../venv", "/venv", true],
    ["/envs/app", "/envs/app", true],
    ["~/envs/app", "/home/me/envs/app", true],
    // What somebody has activated is there, or it is a mistake.
    ["$VIRTUAL_ENV", "/envs/active", false],
    ["${VIRTUAL_ENV}", "/envs/active", false],
    ["$HERE", "/app/envs/here", false],
    // No word, but a name that every object has.
    ["constructor", "/app/constructor", true],
  ];
  for (const [word, folder, isMade] of folders) {
    const found = await find(word);
    assertEquals([found.folder, found.make !== undefined], [folder, isMade], word);
  }
});

Deno.test("findEnvironment() tells that a variable is not set", async () => {
  for (const name of ["CONDA_PREFIX", "NOTHING"]) {
    const message = `Cannot find the app's environment: $${name}, which hsm.yaml names, is not set`;
    await assertRejects(() => find(`$${name}`), Error, message);
    const project = { root: "/app", env, environment: `$${name}` };
    assertEquals(await peekEnvironment(project), undefined);
  }
});
