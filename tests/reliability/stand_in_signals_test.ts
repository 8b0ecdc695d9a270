import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { uvThat } from "../harness/fake_uv.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { uvProgram } from "../harness/repository.ts";
import { AHEAD, StandInApp } from "../harness/stand_ins.ts";
import { tally } from "../harness/tally.ts";
import { startGroup } from "./processes.ts";

const CODES = { INT: 130, TERM: 143 } as const;

/** The calls of uv's that a switch makes, as patterns of the shell's. */
const STEPS = {
  dev: ["'pip install '*", "'sync '*"],
  prod: ["'sync '*"],
  update: ["'lock '*|lock", "'pip install '*", "'sync '*"],
};

/** When the signal comes: before uv has done anything, or when it has done all. */
const MOMENTS = ["before", "after"] as const;

/** The words of the shell that send it to hsm alone, or to the process group, as a terminal does. */
function sends(signal: string, whom: "hsm" | "all", moment: typeof MOMENTS[number]): string {
  const send = `kill -${signal} ${whom === "all" ? "0" : "$PPID"}; sleep 0.2`;
  return moment === "before" ? send : `'${uvProgram()}' "$@"; code=$?; ${send}; exit $code`;
}

const SWITCH = {
  dev: ["dev", "my-plugin", "--inject", "environment"],
  prod: ["prod", "my-plugin"],
  update: ["update", "my-plugin"],
} as const;

for (const command of ["dev", "prod", "update"] as const) {
  Deno.test(`hsm ${command} that is interrupted leaves files and environment as they were, whether a checkout stands in or not`, async () => {
    await using it = await StandInApp.make();
    const { app } = it;
    await it.dev("my-plugin");
    if (command === "dev") (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
    await it.release("my-plugin", "1.1.0");
    const [texts, tree] = [await app.texts(), it.tree()];
    let turn = 0;
    for (const step of STEPS[command]) {
      for (const moment of MOMENTS) {
        const signal = turn++ % 2 === 0 ? "INT" : "TERM";
        const whom = turn % 3 === 0 ? "all" : "hsm";
        const where = `SIG${signal} to ${whom} ${moment} uv ${step}`;
        const env = await uvThat(app, step, sends(signal, whom, moment));
        const run = await startGroup(app, env, ...SWITCH[command]).ended;
        tally({ signals: 1 });
        assertEquals(run.code, CODES[signal], `${where}\n${run.stderr}`);
        assertStringIncludes(run.stderr, `error: Cannot go on: interrupted by SIG${signal}\n`);
        assert(!run.stderr.includes("not brought back"), `${where}\n${run.stderr}`);
        await assertNoProcesses(app.folder);
        assertEquals(await app.texts(), texts, where);
        assertEquals(it.tree(), tree, where);
      }
    }
    if (command !== "dev") await it.assertStanding("my-plugin");
    await it.assertClean();
  });

  Deno.test(`hsm ${command} that is killed is told by hsm status, and mended by hsm sync`, async () => {
    await using it = await StandInApp.make();
    const { app } = it;
    await it.dev("my-plugin");
    if (command === "dev") (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
    await it.release("my-plugin", "1.1.0");
    const [texts, tree] = [await app.texts(), it.tree()];
    const wanted = command === "dev"
      ? "1.0.0 1.0.0"
      : `${AHEAD} ${AHEAD} my-plugin my-plugin-command`;
    let turn = 0;
    for (const step of STEPS[command]) {
      for (const moment of MOMENTS) {
        const whom = turn++ % 2 === 0 ? "all" : "hsm";
        const where = `SIGKILL to ${whom} ${moment} uv ${step}`;
        const env = await uvThat(app, step, sends("KILL", whom, moment));
        const { code, stderr } = await startGroup(app, env, ...SWITCH[command]).ended;
        tally({ kills: 1 });
        assertEquals(code, 137, `${where}\n${stderr}`);
        (await app.hsm("map")).expect({ code: 0, stderr: /did not end well; restored / });
        // Files are as before, and what is installed is never taken for what it is not.
        assertEquals(await app.texts(), texts, where);
        if (await it.agrees()) assertEquals(await it.imported("my-plugin"), wanted, where);
        (await app.hsm("sync")).expect({ code: 0 });
        assertEquals(await it.imported("my-plugin"), wanted, where);
        assertEquals(it.tree(), tree, where);
        await assertNoProcesses(app.folder);
      }
    }
    await it.assertClean();
  });
}
