import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { dev, inject, map, openWorkspace, silentReporter, sync } from "../mod.ts";
import { hsmCommand, type TestApp, testApp } from "./harness/app.ts";
import type { HsmEvent } from "../lib/events/events.ts";
import { assertEvents, eventsOf } from "./harness/events.ts";
import { start } from "./harness/program.ts";
import { fakeUv, waitForFile } from "./harness/fake_uv.ts";
import type { HistoryEntry } from "../lib/transaction/history.ts";
import { join } from "@std/path";

Deno.test("hsm --events prints what happens as JSON lines on standard error, and nothing else there", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const run = (await app.hsm("dev", "plug-a", "--yes", "--events")).expect({
    code: 0,
    stdout: "plug-a  prod → dev\n",
  });
  const events = eventsOf(run);
  assertEquals(events[0]?.kind === "begun" && events[0].args, [
    "dev",
    "plug-a",
    "--yes",
    "--events",
  ]);
  const programs = events.flatMap((it) =>
    it.kind === "started" && it.work === "program" ? [it.message] : []
  );
  assertEquals(programs, ["uv lock", "uv sync --frozen"]);
  const clone = events.find((it) => it.kind === "started" && it.work === "clone");
  const { at: _, ...facts } = clone!;
  assertEquals(facts, {
    kind: "started",
    id: (facts as { id: number }).id,
    work: "clone",
    packages: ["plug-a"],
    path: "packages/plug-a",
    message: "Cloning plug-a",
  });

  // The road of nothing to do has it too, and the document stays alone on standard output.
  const again = (await app.hsm("sync", "--events", "--json")).expect({ code: 0 });
  assertEquals(Object.keys(again.json()), ["checkouts", "sources", "injected", "synced"]);
  const proof = eventsOf(await app.hsm("sync", "--events")).at(-1);
  assertEquals(proof?.message, "2 packages are in line");
});

Deno.test("hsm --events ends with what failed, as --json has it, and a command line that is wrong is told so too", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const cases: [string[], number][] = [
    [["sync", "--bogus"], 2],
    [["snyc"], 2],
    [["--events=yes", "sync"], 2],
    [["map", "plug-z"], 2],
    [["dev", "plug-a", "--no-sync"], 0],
    [["sync"], 2],
    [["check", "--prod"], 2],
    [["status", "--exit-code"], 1],
    [["--help"], 0],
    [["help", "sync"], 0],
    [["--version"], 0],
    [["exec", "--", "git", "log", "-1"], 2],
    [["sync", "-C", "nowhere"], 2],
  ];
  for (const [words, code] of cases) {
    const run = (await app.hsm("--events", "--json", ...words)).expect({ code });
    const last = eventsOf(run).at(-1);
    const { error } = run.json();
    assertEquals(last?.kind === "failed" ? last.error : undefined, error, words.join(" "));
  }
});

Deno.test("hsm --events asks nobody", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.hsm("dev", "plug-a", "--no-sync");
  const unasked = eventsOf(await app.hsm("clone", "--events")).at(-1);
  assertEquals(unasked?.kind === "failed" && unasked.error.code, "checkout-missing");
});

Deno.test("hsm --events shows no secret", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.hsm("dev", "plug-a", "--yes");
  const url = "https://me:s3cret@example.com/x?token=s3cret";
  const run = await app.hsm("exec", "--events", "--", "git", "config", "x.y", url);
  const ran = eventsOf(run.expect({ code: 0 })).find((it) => it.kind === "ran");
  assertEquals(ran?.kind === "ran" && ran.argv.at(-1), "https://***@example.com/x?token=***");
  assertEquals(run.stderr.includes("s3cret"), false, run.stderr);
});

Deno.test("hsm exec --events collects what the command says, and its standard error has events alone", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.hsm("dev", "plug-a", "--yes");
  const run = await app.hsm("exec", "--events", "--", "sh", "-c", "echo out; echo err >&2");
  run.expect({ code: 0 });
  assertEquals(run.stdout.split("\n").toSorted(), ["", "== plug-a", "err", "out"]);
  const ran = eventsOf(run).find((it) => it.kind === "ran" && it.argv[0] === "sh");
  assertEquals(ran?.kind === "ran" && ran.exitCode, 0);
});

/** The kinds of events, without those of work and programs, and those of each package together. */
function kindsOf(events: readonly HsmEvent[]): readonly string[] {
  const left = ["begun", "started", "progressed", "ended", "ran", "output"];
  return events.map((it) => it.kind).filter((it) => !left.includes(it));
}

Deno.test("clones that are made at a time tell of each, one that fails as soon as it has, and each has one end", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `plug-${index}`);
  await using app = await testApp({ plugins: names });
  await app.hsm("dev", "--all", "--no-sync");
  const gone = app.plugin("plug-3");
  await Deno.remove(gone.path, { recursive: true });
  const run = (await app.hsm("clone", "--yes", "--events", "-j8")).expect({ code: 1 });
  const events = eventsOf(run);
  const cloned = events.flatMap((it) => it.kind === "cloned" ? [it] : []);
  assertEquals(
    cloned.map((it) => it.package).toSorted(),
    names.filter((it) => it !== "plug-3"),
  );
  for (const { id, package: name, path, state, level } of cloned) {
    assertEquals([path, state, level], [`packages/${name}`, "cloned", "detail"]);
    const started = events.find((it) => it.kind === "started" && it.id === id);
    assertEquals(started?.kind === "started" && started.packages, [name]);
  }
  const failures = events.flatMap((it) => it.kind === "clone-failed" ? [it] : []);
  assertEquals(failures.map((it) => [it.package, it.path]), [["plug-3", "packages/plug-3"]]);
  const ended = events.find((it) => it.kind === "ended" && it.id === failures[0]?.id);
  assertEquals(ended?.kind === "ended" && ended.success, false);
  assertEquals(kindsOf(events).slice(-2), ["told", "failed"], "the sum, and the error");
});

Deno.test("a transaction tells what it writes, and that it is committed or has gone back before what failed", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const done = eventsOf((await app.hsm("dev", "plug-a", "--yes", "--events")).expect({ code: 0 }));
  const files = done.flatMap((it) => it.kind === "written" ? it.files : []);
  assertEquals(files, ["hsm.local.yaml", ".gitignore", "pyproject.toml"]);
  const committed = done.flatMap((it) => it.kind === "committed" ? [it] : []);
  const history = (await app.hsm("undo", "--list", "--json")).json()["history"] as HistoryEntry[];
  assertEquals(
    committed.map((it) => [it.transaction, it.files.toSorted()]),
    history.map((it) => [it.id, it.files.toSorted()]),
  );

  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: [sh -c 'exit 3']\n`);
  const run = (await app.hsm("prod", "plug-a", "--events")).expect({ code: 1 });
  const [back, last] = eventsOf(run).filter((it) => it.kind !== "ended").slice(-2);
  assertEquals(back?.kind, "rolled-back");
  assertEquals(last?.kind, "failed");
  const restored = ["hsm.local.yaml", "pyproject.toml", "uv.lock", ".venv"];
  assertEquals(back?.kind === "rolled-back" && back.restored.toSorted(), restored.toSorted());
  assertEquals(last?.kind === "failed" && last.error.restored.toSorted(), restored.toSorted());
});

Deno.test("Ctrl-C is told as what has gone back and what failed; a run that was killed by the next one", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.hsm("sync");
  const begun = join(app.folder, "begun");
  const uv = await fakeUv(app, `: > ${begun}; exec sleep 3`);
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    await Deno.remove(begun).catch(() => {});
    const running = app.startWith(uv, "dev", "plug-a", "--yes", "--events");
    await waitForFile(begun);
    running.kill(signal);
    const run = await running.ended;
    if (signal === "SIGKILL") continue;
    const events = eventsOf(run.expect({ code: 130 }));
    assertEquals(kindsOf(events).slice(-2), ["rolled-back", "failed"]);
  }
  const next = eventsOf((await app.hsm("list", "--events")).expect({ code: 0 }));
  const recovered = next.flatMap((it) => it.kind === "recovered" ? [it] : []);
  assertEquals(recovered.map(({ command, restored }) => [command, restored.toSorted()]), [[
    "hsm dev plug-a --yes --events",
    ["hsm.local.yaml", "pyproject.toml"],
  ]]);
});

/** The facts of the events of a kind. */
function factsOf(events: readonly HsmEvent[], wanted: HsmEvent["kind"]): readonly object[] {
  return events.filter((it) => it.kind === wanted)
    .map(({ kind: _, at: _1, message: _2, level: _3, ...facts }) => facts);
}

Deno.test("events tell in their order the very values that the document has", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
  });
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: [git --version]\n`);
  const words = ["dev", "plug-a", "--yes", "--json", "--events"];
  const run = await app.hsm(...words);
  const events = eventsOf(run);
  const { checkouts, sources, injected } = run.json();
  const cloned = factsOf(events, "cloned").map((it) => ({ ...it, id: undefined }));
  assertEquals(cloned, (checkouts as object[]).map((it) => ({ ...it, id: undefined })));
  assertEquals(factsOf(events, "mapped"), sources);
  assertEquals(factsOf(events, "injected"), [injected as object]);
  assertEquals(factsOf(events, "locked"), [{ adapter: "uv" }]);
  assertEquals(factsOf(events, "verified"), [{ command: "git --version" }]);
  const kinds = kindsOf(events).filter((it) => it !== "written" && it !== "mapped");
  assertEquals(kinds, [
    ...["switched", "cloned", "injected", "locked", "installed", "verified", "committed", "done"],
  ]);

  const pyproject = await app.read("pyproject.toml");
  await app.write("pyproject.toml", pyproject.replace(`["plug-a"]`, `["plug-a>=9"]`));
  const { problems } = (await app.hsm("check", "--json")).expect({ code: 0 }).json();
  const checked = await app.hsm("check", "--events");
  assertEquals(
    factsOf(eventsOf(checked), "problem-found"),
    (problems as object[]).map((problem) => ({ problem })),
  );
});

Deno.test("each change of the manifest is an event with what its document has of it", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("  plug-b: v1.0.0\n", ""));
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  const cases: [string[], HsmEvent["kind"], string][] = [
    [["add", "plug-b"], "added", "added"],
    [["update", "plug-a"], "pinned", "moved"],
    [["dev", "plug-b", "--yes"], "switched", "switched"],
    [["pull"], "pulled", "checkouts"],
    [["remove", "plug-b"], "removed", "removed"],
  ];
  for (const [words, kind, field] of cases) {
    const run = (await app.hsm(...words, "--events", "--json")).expect({ code: 0 });
    assertEquals(factsOf(eventsOf(run), kind), run.json()[field] as object[], words.join(" "));
  }
});

/** The variables of a script in an app. */
function envOf(app: TestApp): Record<string, string> {
  return { ...Deno.env.toObject(), ...app.env };
}

Deno.test("a listener that throws, or is slow, or calls the workspace, lets the sync come to its end", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const warnings: string[] = [];
  const reporter = { ...silentReporter(), warn: (it: string) => void warnings.push(it) };
  const heard: HsmEvent[] = [];
  let manifest: unknown;
  {
    await using workspace = await openWorkspace({
      directory: app.root,
      env: envOf(app),
      reporter,
      async onEvent(event) {
        heard.push(event);
        // As long as some wait for a chat; nobody waits for it.
        const until = performance.now() + 5;
        while (performance.now() < until);
        if (event.kind !== "mapped") return;
        workspace.reporter.info("I heard that");
        manifest = await workspace.read("hsm.yaml");
        throw new Error("no such chat");
      },
    });
    await dev(workspace, { packages: ["plug-a"] });
    const { synced } = await sync(workspace, { yes: true });
    assertEquals(synced?.adapter, "uv");
  }
  assertEquals(warnings, ["onEvent has failed, and the run goes on: Error: no such chat"]);
  assertEquals(manifest, await app.read("hsm.yaml"));
  assertEvents(heard);
  assertEquals(heard.at(-1)?.kind, "committed");
  assertEquals(heard.some((it) => it.kind === "told"), false, "what it says itself");
});

Deno.test("two workspaces at once tell one listener of work that has different numbers", async () => {
  await using one = await testApp({ plugins: ["plug-a"] });
  await using two = await testApp({ plugins: ["plug-a", "plug-b"] });
  const heard: HsmEvent[] = [];
  const onEvent = (event: HsmEvent) => void heard.push(event);
  await Promise.all([one, two].map(async (app) => {
    const opening = { directory: app.root, env: envOf(app), reporter: silentReporter(), onEvent };
    await using workspace = await openWorkspace(opening);
    await dev(workspace, { packages: ["*"] });
    await sync(workspace, { yes: true });
  }));
  assertEvents(heard);
  assertEquals(factsOf(heard, "cloned").length, 3);
  assertEquals(factsOf(heard, "committed").length, 2);
});

Deno.test("a script that leaves without a commit is told that all has gone back", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const heard: HsmEvent[] = [];
  {
    const onEvent = (event: HsmEvent) => void heard.push(event);
    const opening = { directory: app.root, env: envOf(app), reporter: silentReporter(), onEvent };
    await using workspace = await openWorkspace(opening);
    await inject(workspace, { sources: (await map(workspace)).sources });
    const $ = await workspace.shell();
    await $`git --version`;
  }
  assertEvents(heard);
  const ran = heard.find((it) =>
    it.kind === "ran" && it.argv[0] === "git" && it.argv[1] === "--version"
  );
  assertEquals(ran?.kind === "ran" && ran.exitCode, 0);
  const output = heard.find((it) => it.kind === "output");
  assertMatch(output?.kind === "output" ? output.text : "", /^git version .*\n$/);
  assertEquals(factsOf(heard, "rolled-back"), [
    { restored: ["pyproject.toml"], notRestored: [] },
  ]);
});

Deno.test("hsm --events comes to its end where nobody reads, and where there is no standard error", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const command = hsmCommand().map((it) => `'${it}'`).join(" ");
  for (const redirection of ["2>&-", "2>&1 >&3 | true"]) {
    await app.hsm("prod", "plug-a", "--no-sync");
    const { code, stdout } = await start(
      [
        "bash",
        "-c",
        `set -o pipefail; exec 3>&1; ${command} dev plug-a --yes --events ${redirection}`,
      ],
      { cwd: app.root, env: app.env },
    ).ended;
    assertEquals([code, stdout], [0, "plug-a  prod → dev\n"], redirection);
    assertMatch(await app.read("pyproject.toml"), /path = "packages\/plug-a"/);
  }
});

Deno.test("events that are not as documented are found out, and work that does not end", () => {
  const at = new Date(0).toISOString();
  const wrong = [
    [{ kind: "told", at }],
    [{ kind: "told", at, message: "", more: 1 }],
    [{ kind: "unheard-of", at }],
    [{ kind: "started", at, id: 1, work: "clone" }],
    [{ kind: "ended", at, id: 1, milliseconds: 0 }],
  ] as unknown as HsmEvent[][];
  for (const events of wrong) assertThrows(() => assertEvents(events));
  assertEvents([{ kind: "told", at, message: "" }]);
});
