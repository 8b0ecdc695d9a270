import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { testApp } from "../harness/app.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";
import { tally } from "../harness/tally.ts";
import { sleep } from "./processes.ts";

Deno.test("8 hsm sync --wait at once all end well, and the files are what one run makes", async () => {
  await using alone = await testApp({ plugins: ["my-plugin"] });
  (await alone.hsm("sync")).expect({ code: 0 });
  const expected = JSON.stringify(await alone.texts()).replaceAll(alone.folder, "[DIR]");
  await using app = await testApp({ plugins: ["my-plugin"] });

  const runs = await Promise.all(Array.from({ length: 8 }, () => app.hsm("sync", "--wait")));

  for (const run of runs) run.expect({ code: 0 });
  // Each repository has commits of its own, made at its own time.
  const commits = (text: string) => text.replace(/[0-9a-f]{40}/g, "[COMMIT]");
  const found = JSON.stringify(await app.texts()).replaceAll(app.folder, "[DIR]");
  assertEquals(commits(found), commits(expected));
  assertEquals(runs.filter((it) => it.stdout !== "").length, 1);
  assertEquals(await app.exists(".hsm/journal/open"), false);
});

Deno.test("without --wait the later ones say who holds the lock, and a dead holder's is none", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const begun = join(app.folder, "begun");
  const release = join(app.folder, "release");
  const uv = await fakeUv(app, `: > ${begun}; until [ -e ${release} ]; do sleep 0.05; done`);
  const holder = app.startWith(uv, "sync");
  await waitForFile(begun);

  const later = await Promise.all([app.hsm("sync"), app.hsm("inject"), app.hsm("sync", "--json")]);

  for (const run of later) run.expect({ code: 1 });
  assertMatch(
    later[0].stderr,
    new RegExp(
      `^error: Cannot lock the workspace: \`hsm sync\` \\(process ${holder.pid}\\) runs since \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\nhint: wait until it has ended, or run with \`--wait\`\n$`,
    ),
  );
  assertEquals((later[2].json()["error"] as { code: string }).code, "workspace-locked");

  holder.kill("SIGKILL");
  tally({ kills: 1 });
  await Deno.writeTextFile(release, "");
  await holder.ended;
  const run = await app.hsm("sync");
  run.expect({
    code: 0,
    stderr: /^warning: `hsm sync` of .* did not end well; restored \.gitignore, pyproject\.toml\n/m,
  });
});

Deno.test("a command that only looks says that a program of a killed one still runs, and ends with 3", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const begun = join(app.folder, "begun");
  const release = join(app.folder, "release");
  const uv = await fakeUv(app, `: > ${begun}; until [ -e ${release} ]; do sleep 0.05; done`);
  const killed = app.startWith(uv, "sync");
  await waitForFile(begun);
  killed.kill("SIGKILL");
  tally({ kills: 1 });
  await Deno.writeTextFile(release, "");
  await killed.ended;
  // git, which is not stopped half way, is what it ran last.
  const git = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const notes = [
    { event: "starting", files: ["pyproject.toml"], program: "git", starter: killed.pid },
    { event: "started", pid: git.pid, executable: null, at: new Date().toISOString() },
  ];
  const log = join(app.root, ".hsm/journal/open/log");
  const text = notes.map((it) => `\n${JSON.stringify(it)}`).join("");
  await Deno.writeTextFile(log, text, { append: true });
  try {
    await app.untouched(async () => {
      (await app.hsm("diff", "--exit-code")).expect({
        code: 3,
        stdout: "",
        stderr: [
          `Waiting for the end of git (process ${git.pid}), which a crashed run left\n`,
          `error: Cannot recover: git (process ${git.pid}), started by a command that crashed, still runs\n`,
          `hint: end process ${git.pid}, then run the command again\n`,
        ].join(""),
      });
    });
  } finally {
    git.kill("SIGKILL");
    await git.status;
  }
  const run = await app.hsm("diff", "--json");
  run.expect({ code: 0, stderr: /did not end well; restored / });
});

Deno.test("hsm says that a file system has no locks, and touches nothing", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const shim = join(app.folder, "fault.so");
  const source = fromFileUrl(new URL("../faults/fault.c", import.meta.url));
  const gcc = await new Deno.Command("gcc", {
    args: ["-shared", "-fPIC", "-w", "-o", shim, source, "-ldl"],
  }).output().catch(() => undefined);
  if (Deno.build.os !== "linux" || !gcc?.success) {
    console.log("no locks: skipped, it needs Linux and gcc");
    return;
  }

  await app.untouched(async () => {
    (await app.hsmWith({ LD_PRELOAD: shim, HSM_FAULT_FLOCK: "37" }, "sync")).expect({
      code: 1,
      stdout: "",
      stderr:
        /^error: Cannot lock the workspace: No locks available.*\nhint: the file system of this folder has no file locks/,
    });
    tally({ errors: 1 });
  });
});

Deno.test("SIGKILL at any moment of a run: the next command makes the files all old or all new", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(app, "echo '# half' > uv.lock; sleep 0.1; echo '# locked' > uv.lock");
  const old = await app.texts();
  const started = performance.now();
  (await app.hsmWith(uv, "sync")).expect({ code: 0 });
  const whole = performance.now() - started;
  const new_ = await app.texts();
  const steps = 12;
  for (let step = 1; step <= steps; step++) {
    for (const [file, text] of Object.entries(old)) {
      if (text === null) await Deno.remove(join(app.root, file)).catch(() => {});
      else await Deno.writeTextFile(join(app.root, file), text);
    }
    const running = app.startWith(uv, "sync");
    await sleep(whole * step / steps);
    try {
      running.kill("SIGKILL");
      tally({ kills: 1 });
    } catch {
      // It has ended.
    }
    const { code } = await running.ended;
    // The next one, whichever it is.
    const next = [["map"], ["inject", "--dry-run"], ["clone", "--dry-run"]][step % 3] ?? [];
    (await app.hsmWith(uv, ...next)).expect({ code: 0 });
    const state = await app.texts();
    const where = `step ${step}, exit ${code}, then hsm ${next.join(" ")}: ${
      JSON.stringify(state)
    }`;
    assert([old, new_].some((it) => JSON.stringify(it) === JSON.stringify(state)), where);
    assertEquals(await app.exists(".hsm/journal/open"), false, where);
    const strays = (await app.list(".")).filter((it) => it.startsWith(".hsm-"));
    assertEquals(strays, [], where);
  }
});
