import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";
import { tally } from "../harness/tally.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { wrapGit } from "../harness/wrap_git.ts";
import { sleep, startGroup } from "./processes.ts";

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Name = keyof typeof CODES;

/** Something that takes its time to end on a signal, and writes once more before it does. */
const stubborn = (app: TestApp, file: string) =>
  `trap 'sleep 0.4; echo late > ${file}; echo ended >> ${app.folder}/order; exit 1' INT TERM HUP
   echo early > ${file}
   : > ${begun(app)}
   while :; do sleep 0.02; done`;

const begun = (app: TestApp) => join(app.folder, "begun");

/** When a signal comes: prepares the app, and says what hsm is to be run with. */
interface Moment {
  readonly when: string;
  readonly args: readonly string[];
  prepare(app: TestApp): Promise<Record<string, string>>;
}

const MOMENTS: readonly Moment[] = [
  {
    when: "before uv runs, during a clone",
    args: ["dev", "my-plugin", "--yes"],
    prepare: (app) => wrapGit(app, { clone: stubborn(app, `${app.folder}/git-wrote`) }),
  },
  {
    when: "while uv runs",
    args: ["sync"],
    prepare: (app) => fakeUv(app, stubborn(app, "uv.lock")),
  },
  {
    when: "after uv, while a verify command runs",
    args: ["sync"],
    prepare: async (app) => {
      await app.write("verify.sh", stubborn(app, "uv.lock"));
      await app.write("hsm.yaml", `verify: [sh verify.sh]\n${await app.read("hsm.yaml")}`);
      return await fakeUv(app, "echo '# locked' > uv.lock");
    },
  },
];

for (const { when, args, prepare } of MOMENTS) {
  for (const times of [1, 2]) {
    Deno.test(`a signal ${when}, ${times === 1 ? "once" : "twice"}: the child ends first, then all goes back`, async () => {
      for (const signal of Object.keys(CODES) as Name[]) {
        await using app = await testApp({ plugins: ["my-plugin"] });
        const env = await prepare(app);

        await app.unchanged(async () => {
          const running = app.startWith(env, ...args);
          await waitForFile(begun(app));
          for (let n = 0; n < times; n++) {
            if (n > 0) await sleep(100);
            running.kill(signal);
            tally({ signals: 1 });
          }
          const run = await running.ended;
          run.expect({ code: CODES[signal], stdout: "" });
          assertStringIncludes(run.stderr, `error: Cannot go on: interrupted by ${signal}\n`);
          if (times > 1) assertStringIncludes(run.stderr, "Ending already: ");
          assertEquals(await Deno.readTextFile(join(app.folder, "order")), "ended\n", when);
        });

        await assertNoProcesses(app.folder);
        assertEquals(await app.exists(".hsm/journal/open"), false);
        assertEquals(await app.exists("packages/my-plugin"), false);
        assert(!(await app.exists("packages")) || (await app.list("packages")).length === 0);
      }
    });
  }
}

Deno.test("Ctrl-C on a terminal, twice, reaches all at once and does not break the rollback", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "2.0.0" });
  await app.write("verify.sh", stubborn(app, `${app.folder}/verify-wrote`));
  const manifest = `verify: [sh verify.sh]\n${await app.read("hsm.yaml")}`;
  await app.write("hsm.yaml", manifest.replace("my-plugin: v1.0.0", "my-plugin: v2.0.0"));
  const restoring = join(app.folder, "restoring");
  const restored = join(app.folder, "restored");
  // The environment is being brought back when the second one comes.
  const uv = await fakeUv(
    app,
    "echo '# locked' > uv.lock",
    `[ -e ${begun(app)} ] && : > ${restoring} && sleep 0.6 && : > ${restored}; exit 0`,
  );

  await app.unchanged(async () => {
    const group = startGroup(app, uv, "sync");
    await waitForFile(begun(app));
    group.signal("SIGINT");
    await waitForFile(restoring);
    group.signal("SIGINT");
    tally({ signals: 2 });
    const run = await group.ended;
    run.expect({ code: 130, stdout: "" });
    const end = "interrupted by SIGINT\n  restored: pyproject.toml, uv.lock\n";
    assertStringIncludes(run.stderr, end);
    assertEquals(run.stderr.includes("was not brought back"), false, run.stderr);
  });

  assertEquals(await exists(restored), true);
  await assertNoProcesses(app.folder);
});

for (const { when, args, prepare } of MOMENTS) {
  Deno.test(`Ctrl-C on a terminal ${when}: no process stays`, async () => {
    await using app = await testApp({ plugins: ["my-plugin"] });
    const env = await prepare(app);

    await app.unchanged(async () => {
      const group = startGroup(app, env, ...args);
      await waitForFile(begun(app));
      group.signal("SIGINT");
      tally({ signals: 1 });
      (await group.ended).expect({ code: 130, stdout: "" });
    });

    await assertNoProcesses(app.folder);
  });
}

Deno.test("a program that never ends on a signal is killed after its time, then all goes back", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(
    app,
    `trap '' INT TERM HUP; echo early > uv.lock; : > ${begun(app)}; while :; do sleep 0.1; done`,
  );

  await app.unchanged(async () => {
    const running = app.startWith(uv, "sync");
    await waitForFile(begun(app));
    const started = performance.now();
    running.kill("SIGTERM");
    tally({ signals: 1 });
    (await running.ended).expect({ code: 143, stdout: "", stderr: /restored: .*uv\.lock/ });
    const seconds = (performance.now() - started) / 1000;
    assert(seconds > 9 && seconds < 25, `${seconds} s`);
  });

  await assertNoProcesses(app.folder);
});

Deno.test("a signal at any moment of a run ends it, with the files all old or all new", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(app, "echo '# locked' > uv.lock; sleep 0.1");
  const old = await app.texts();
  const started = performance.now();
  (await app.hsmWith(uv, "sync")).expect({ code: 0 });
  const whole = performance.now() - started;
  const new_ = await app.texts();
  const steps = 18;
  for (let step = 1; step <= steps; step++) {
    for (const [file, text] of Object.entries(old)) {
      if (text === null) await Deno.remove(join(app.root, file)).catch(() => {});
      else await Deno.writeTextFile(join(app.root, file), text);
    }
    const signal = (Object.keys(CODES) as Name[])[step % 3]!;
    const running = app.startWith(uv, "sync");
    await sleep(whole * 1.1 * step / steps);
    try {
      running.kill(signal);
      tally({ signals: 1 });
    } catch {
      // It has ended.
    }
    const run = await running.ended;
    const where = `step ${step}, ${signal}, exit ${run.code}\n${run.stderr}`;
    assert([0, CODES[signal]].includes(run.code), where);
    const state = JSON.stringify(await app.texts());
    assert([JSON.stringify(old), JSON.stringify(new_)].includes(state), where + state);
    if (run.code === 0) assertEquals(await app.texts(), new_, where);
    assertEquals(await app.exists(".hsm/journal/open"), false, where);
  }
  await assertNoProcesses(app.folder);
});

Deno.test("a signal ends an hsm that waits for the lock", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(
    app,
    `: > ${begun(app)}; while [ -e ${begun(app)} ]; do sleep 0.05; done`,
  );
  const holder = app.startWith(uv, "sync");
  await waitForFile(begun(app));
  for (const signal of Object.keys(CODES) as Name[]) {
    const waiting = app.start("sync", "--wait");
    await sleep(1_500);
    waiting.kill(signal);
    tally({ signals: 1 });
    (await waiting.ended).expect({ code: CODES[signal], stdout: "" });
  }
  await Deno.remove(begun(app));
  (await holder.ended).expect({ code: 0 });
});
