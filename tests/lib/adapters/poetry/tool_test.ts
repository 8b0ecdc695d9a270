/** Which Poetry will do, and what it may be told, by programs that only say what they are. */

import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { poetryAdapter } from "../../../../lib/adapters/poetry/adapter.ts";
import { OUT_OF_DATE } from "../../../../lib/adapters/poetry/call.ts";
import { stepsIn } from "../../../../lib/adapters/poetry/look.ts";
import { splitPoetryArguments } from "../../../../lib/adapters/poetry/options.ts";
import { createTell } from "../../../../lib/events/tell.ts";
import { HsmError } from "../../../../lib/errors.ts";

/** What `ready()` says of a program that says this of itself. */
async function verdict(says: string | undefined, pyproject: string): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    const program = join(root, "poetry-of-tests");
    if (says !== undefined) {
      await Deno.writeTextFile(program, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
    }
    await Deno.writeTextFile(join(root, "pyproject.toml"), pyproject);
    const env = { HSM_POETRY: program, PATH: Deno.env.get("PATH") ?? "" };
    const signal = new AbortController().signal;
    const context = { root, env, environment: undefined, signal, tell: createTell() };
    await poetryAdapter(env).ready(context);
    return "ready";
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return `${error.code}: ${error.message.replaceAll(root, "")}`;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const PROJECT = '[project]\nname = "app"\n';
const LEGACY = '[tool.poetry]\nname = "app"\n';

Deno.test("poetry: what is missing, something else or too old is told", async () => {
  assertEquals(await verdict("Poetry (version 2.5.1)", PROJECT), "ready");
  assertEquals(await verdict("Poetry (version 1.8.5)", LEGACY), "ready");
  assertEquals(
    await verdict("Poetry (version 1.8.5)", PROJECT),
    "tool-too-old: Cannot use Poetry 1.8.5 at /poetry-of-tests: an app with a [project] table needs 2.0 or newer",
  );
  assertEquals(
    await verdict("Poetry (version 1.7.1)", LEGACY),
    "tool-too-old: Cannot use Poetry 1.7.1 at /poetry-of-tests: HSM needs 1.8 or newer",
  );
  assertEquals(
    await verdict("pip 26.3", PROJECT),
    "tool-missing: Cannot use /poetry-of-tests: it does not answer as Poetry does",
  );
  assertEquals(
    await verdict(undefined, PROJECT),
    "tool-missing: Cannot find Poetry: there is no program /poetry-of-tests",
  );
});

Deno.test("poetry: arguments go to the step that they belong to, and others are refused", () => {
  assertEquals(
    splitPoetryArguments(["--with", "docs", "--extras=a b", "--regenerate", "-v", "--no-root"]),
    {
      lock: ["--regenerate", "-v"],
      sync: ["--with", "docs", "--extras=a b", "-v", "--no-root"],
    },
  );
  const { relockArguments } = poetryAdapter({});
  assertEquals(splitPoetryArguments(relockArguments!(["a"])).lock, ["--regenerate"]);
  for (
    const args of [["--dry-run"], ["--no-directory"], ["-C", "x"], ["x"], ["--nope"], ["--with"], [
      "-q",
    ]]
  ) {
    assertEquals(assertThrows(() => splitPoetryArguments(args), HsmError).code, "usage");
  }
});

Deno.test("poetry: stepsIn() reads what a dry run would do", () => {
  const said = `Installing dependencies from lock file

Package operations: 1 install, 2 updates, 1 removal, 1 skipped

  - Removing iniconfig (2.3.1)
  - Installing idna (3.7)
  - Installing plug-a (1.2.0 /srv/plug-a): Skipped for the following reason: Already installed
  - Updating plug-c (1.0.0 9648598 -> 1.2.0 0204229)
  - Downgrading Plug_T (1.2.0 /srv/plug-t -> 1.0.0 7be4736)
`;
  assertEquals(stepsIn(said).map((it) => `${it.action} ${it.what}`), [
    "uninstall iniconfig==2.3.1",
    "install idna==3.7",
    "uninstall plug-c==1.0.0",
    "install plug-c==1.2.0",
    "uninstall plug-t==1.2.0",
    "install plug-t==1.0.0",
  ]);
});

Deno.test("poetry: a stale or missing lock file is known by what is said of it", () => {
  const stale =
    "pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.";
  assertEquals(
    OUT_OF_DATE.exec(`Installing dependencies from lock file\n\n${stale}\n`)?.[1],
    stale.split(".")
      .slice(0, 3).join("."),
  );
  assertEquals(OUT_OF_DATE.test("Error: poetry.lock was not found.\n"), true);
  assertEquals(OUT_OF_DATE.test("Because app depends on a (1)"), false);
});
