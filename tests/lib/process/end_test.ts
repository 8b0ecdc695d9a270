import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { HsmError } from "../../../lib/errors.ts";
import { run, type RunOptions } from "../../../lib/process/run.ts";
import { interruptedBy } from "../../../lib/process/signals.ts";
import { waitForFile } from "../../harness/fake_uv.ts";
import { assertNoProcesses } from "../../harness/processes.ts";
import { must } from "../../harness/program.ts";

const ignore = Deno.build.os === "windows";

/** Something that no Ctrl-C ends; it says that it runs by a file. */
const DEAF = "trap '' INT; : > begun; while :; do sleep 0.02; done";

async function tempFolder(): Promise<string> {
  return await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
}

/** Interrupts a program once it runs, and returns how many milliseconds it took to end. */
async function interrupt(
  cwd: string,
  argv: readonly string[],
  options: Partial<RunOptions>,
): Promise<number> {
  const ending = new AbortController();
  const running = run(argv, { cwd, signal: ending.signal, ...options });
  const ended = assertRejects(() => running, HsmError, "interrupted by SIGINT");
  await waitForFile(join(cwd, "begun"));
  const started = performance.now();
  ending.abort(interruptedBy("SIGINT"));
  await ended;
  return performance.now() - started;
}

Deno.test({
  name: "run() sends a program SIGTERM where SIGINT does not end it, long before it kills it",
  ignore,
  async fn() {
    for (const detached of [false, true]) {
      const folder = await tempFolder();
      const script = `trap 'echo ended > how; exit 1' TERM; ${DEAF}`;

      const took = await interrupt(folder, ["sh", "-c", script], { detached, grace: 6_000 });

      assertEquals(await Deno.readTextFile(join(folder, "how")), "ended\n");
      assert(took < 6_000, `${took} ms`);
      await assertNoProcesses(folder);
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "run() gives git, which ignores SIGINT while an editor runs, the time to remove its lock",
  ignore,
  async fn() {
    const folder = await tempFolder();
    await must(["git", "init", "-q", folder], { cwd: folder });
    await Deno.writeTextFile(join(folder, "editor"), `#!/bin/sh\n${DEAF}\n`, { mode: 0o755 });
    const env = {
      ...Deno.env.toObject(),
      GIT_EDITOR: "./editor",
      GIT_AUTHOR_NAME: "Tester",
      GIT_AUTHOR_EMAIL: "tester@example.com",
      GIT_COMMITTER_NAME: "Tester",
      GIT_COMMITTER_EMAIL: "tester@example.com",
    };
    await Deno.writeTextFile(join(folder, "file"), "");
    await must(["git", "add", "file"], { cwd: folder });

    await interrupt(folder, ["git", "commit", "-a"], { env, detached: true, grace: 6_000 });

    assertEquals(
      [...Deno.readDirSync(join(folder, ".git"))].filter((it) => /lock/.test(it.name)),
      [],
    );
    await assertNoProcesses(folder);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "run() ends what a program that was interrupted has left behind",
  ignore,
  async fn() {
    const folder = await tempFolder();
    // It says nothing more, so that no pipe tells of it.
    const script = `sh -c "${DEAF}" > /dev/null 2>&1 & wait`;

    const took = await interrupt(folder, ["sh", "-c", script], { detached: true, grace: 5_000 });

    assert(took < 5_000, `${took} ms`);
    await assertNoProcesses(folder);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "run() ends what a program has started where SIGTERM comes to HSM alone",
  ignore,
  async fn() {
    const folder = await tempFolder();
    const ending = new AbortController();
    // As an editor that git waits for; neither has a group of its own.
    const editor =
      "trap 'sleep 0.3; echo saved > how; exit' TERM; : > begun; while :; do sleep 0.02; done";
    await Deno.writeTextFile(join(folder, "editor"), `#!/bin/sh\n${editor}\n`, { mode: 0o755 });
    const argv = ["sh", "-c", "trap 'exit 1' TERM; ./editor > /dev/null 2>&1 & wait"];
    const running = run(argv, { cwd: folder, signal: ending.signal, grace: 6_000 });
    const ended = assertRejects(() => running, HsmError, "interrupted by SIGTERM");
    await waitForFile(join(folder, "begun"));

    ending.abort(interruptedBy("SIGTERM"));
    await ended;

    assertEquals(await Deno.readTextFile(join(folder, "how")), "saved\n");
    await assertNoProcesses(folder);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "run() hands a second Ctrl-C, which does not reach a program, on to it as SIGTERM",
  ignore,
  async fn() {
    const folder = await tempFolder();
    const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      const { run } = await import(${module("../../../lib/process/run.ts")});
      const { trapSignals } = await import(${module("../../../lib/process/signals.ts")});
      using trap = trapSignals();
      const argv = ["sh", "-c", "trap ': > heard' INT; : > begun; while :; do sleep 0.02; done"];
      const options = { cwd: ${JSON.stringify(folder)}, detached: true, grace: 200_000 };
      await run(argv, { ...options, signal: trap.signal }).catch(() => Deno.exit(130));`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", script],
      cwd: fromFileUrl(new URL("../../..", import.meta.url)),
    }).spawn();
    await waitForFile(join(folder, "begun"));
    child.kill("SIGINT");
    await waitForFile(join(folder, "heard"));
    // Without it, a minute would pass.
    const started = performance.now();
    child.kill("SIGINT");

    assertEquals((await child.status).code, 130);
    assert(performance.now() - started < 30_000);
    await assertNoProcesses(folder);
    await Deno.remove(folder, { recursive: true });
  },
});
