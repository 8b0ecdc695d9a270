import { assert, assertEquals, assertRejects } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { run } from "../../../lib/process/run.ts";
import type { Surroundings } from "../../../lib/process/call.ts";
import { createShell, type Start } from "../../../lib/process/shell.ts";
import { silentReporter } from "../../../lib/report.ts";
import { createTell } from "../../../lib/events/tell.ts";

const FOLDER = new URL(".", import.meta.url).pathname.slice(0, -1);

/** A shell, and what it has shown. */
async function shell(
  { start = run, show, ...context }:
    & Partial<Pick<Surroundings, "env" | "signal">>
    & { readonly start?: Start; readonly show?: (text: string) => void } = {},
) {
  let shown = "";
  const output = show ?? ((text: string) => void (shown += text));
  const $ = await createShell({
    root: FOLDER,
    env: { PATH: Deno.env.get("PATH") ?? "" },
    signal: new AbortController().signal,
    tell: createTell({ reporter: { ...silentReporter(), output } }),
    ...context,
  }, start);
  return { $, shown: () => shown };
}

/** Says something on both streams. */
const SAY = "echo out; echo err >&2";

Deno.test("$ shows what nobody captures", async () => {
  const { $, shown } = await shell();
  let before = 0;
  const more = () => {
    const text = shown().slice(before);
    before = shown().length;
    return text.split("\n").sort().join("\n").trim();
  };
  await $`sh -c ${SAY}`;
  assertEquals(more(), "err\nout");
  assertEquals(await $`sh -c ${SAY}`.code(), 0);
  assertEquals(more(), "err\nout");
  await $`sh -c ${SAY}`.spawn();
  assertEquals(more(), "err\nout");
  // dax's own commands, pipes, several at once, children and raw templates alike.
  await $`echo one && sh -c ${"echo two; echo three"} | grep t`;
  assertEquals(more(), "one\nthree\ntwo");
  await $.raw`sh -c '${SAY}'`;
  assertEquals(more(), "err\nout");
  await $.build$()`/bin/sh -c ${SAY}`;
  assertEquals(more(), "err\nout");

  assertEquals(await $`sh -c ${SAY}`.text(), "out");
  assertEquals(more(), "err");
  assertEquals(await $`sh -c ${SAY}`.text("stderr"), "err");
  assertEquals(more(), "out");
  assertEquals((await $`sh -c ${SAY}`.text("combined")).length, 7);
  assertEquals(await $`echo ${"[1]"}`.json(), [1]);
  assertEquals(await $`sh -c ${"echo a; echo b"}`.lines(), ["a", "b"]);
  assertEquals(await Array.fromAsync($`sh -c ${"echo a; echo b"}`.linesIter()), ["a", "b"]);
  assertEquals((await $`sh -c ${SAY}`.quiet()).stdout, "out\n");
  assertEquals((await $`sh -c ${SAY}`.stderr("null").stdout("piped")).stdout, "out\n");
  assertEquals((await $`sh -c ${SAY}`.captureCombined()).combined.length, 8);
  assertEquals(more(), "");
  await $`sh -c ${SAY}`.quiet("stderr");
  assertEquals(more(), "out");
});

Deno.test("$ shows what a program prints while it runs, and cuts no escape sequence", async () => {
  const pieces: string[] = [];
  const { $ } = await shell({ show: (text) => pieces.push(text) });
  // It ends as soon as the first piece was shown.
  const untilShown = {
    async read() {
      while (pieces.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return null;
    },
  };
  await $`sh -c ${"printf 'a\\033['; cat; printf '1mb'"}`.stdin(untilShown);
  assertEquals(pieces, ["a", "\x1b[1mb"]);
});

Deno.test("a command of $ that fails says by which program, where, how, and the end of the output", async () => {
  const { $, shown } = await shell();
  const failure = (command: PromiseLike<unknown>) =>
    assertRejects(async () => void await command, HsmError);

  const loud = "for i in $(seq 100); do echo line $i; done; echo last >&2; exit 7";
  const { code, message, causes, details, exitStatus } = await failure($`sh -c ${loud}`);
  assertEquals([code, exitStatus], ["command-failed", 1]);
  assertEquals(message, `Cannot run \`sh -c ${loud}\` in ${FOLDER}: it exited with code 7`);
  assertEquals(details["exitCode"], 7);
  assertEquals(details["folder"], FOLDER);
  const lines = causes[0]?.trimEnd().split("\n") ?? [];
  assertEquals(lines.length, 20);
  assert(lines.includes("line 100") && lines.includes("last") && !lines.includes("line 50"));
  assert(shown().includes("line 50\n"));

  // Captured or thrown away, it is there all the same.
  for (
    const command of [
      () => $`sh -c ${"echo why >&2; exit 3"}`.text(),
      () => $`sh -c ${"echo why; exit 3"}`.text(),
      () => $`sh -c ${"echo why; exit 3"}`.quiet(),
      () => $`sh -c ${"echo why; exit 3"}`.stdout("null"),
      () => $`sh -c ${"echo why; exit 3"}`.spawn(),
      () => $`/bin/sh -c ${"echo why; exit 3"}`.lines(),
      () => Array.fromAsync($`sh -c ${"echo why >&2; exit 3"}`.linesIter()),
    ]
  ) assertEquals((await failure(command())).causes, ["why"]);

  const elsewhere = await failure($`cd / && echo fine && sh -c ${"kill -KILL $$"}`);
  assertEquals(elsewhere.message, "Cannot run `sh -c kill -KILL $$` in /: it exited with code 137");
  assertEquals((await failure($`test -f nowhere`)).details["command"], "test -f nowhere");
  assertEquals((await failure($`sleep 20`.timeout(50))).details["exitCode"], 124);
  assertEquals((await failure($`sh -c ${"exec sleep 20"}`.timeout(50))).details["exitCode"], 124);
  assertEquals((await failure($`nothing-like-it now`)).code, "tool-missing");
  assertEquals(await $`nothing-like-it || echo else`.text(), "else");
  assertEquals(await $`sh -c ${"exit 3"}`.noThrow().code(), 3);
});

Deno.test("$ hands bytes on as they are, from files, streams and other programs", async () => {
  const { $ } = await shell();
  const bytes = new Uint8Array(100_000).map((_, at) => at % 256);
  assertEquals(await $`cat`.stdin(bytes).bytes(), bytes);
  assertEquals(await $`sh -c cat | sh -c cat`.stdin(bytes).bytes(), bytes);
  assertEquals(await $`head -c 3`.stdinText("abcdef").text(), "abc");
  assertEquals(await $`grep c`.stdin($`sh -c ${"echo abc; echo d"}`).text(), "abc");
});

Deno.test("$ starts every program through HSM, which ends it with the run", async () => {
  const started: string[] = [];
  const ending = new AbortController();
  const { $ } = await shell({
    signal: ending.signal,
    start: (argv, options) => {
      started.push(argv[0] ?? "");
      return run(argv, options);
    },
  });
  const [prefix, list] = ["sh", ["-c", "true"]];
  await $`X=1 sh -c true && ${prefix} ${list} | cat; (true; sh -c true)`;
  assertEquals(started, ["sh", "sh", "sh"]);
  // By a path, by variables, in quotes, in what stands for another one's output, in the background of it all.
  started.length = 0;
  await $`/bin/sh -c true; PROGRAM=/bin/sh && $PROGRAM -c true; "sh" -c true; ! 'sh' -c false`;
  await $`echo "$(sh -c true) it's" $(/bin/sh -c true) &> /dev/null || echo no; ./sh -c true`
    .cwd("/bin");
  await $`/bin/sh -c true`.spawn();
  await Array.fromAsync($`/bin/sh -c true`.linesIter());
  const [text, path] = ["sh -c true; sh -c true", "/bin/sh"];
  await $.raw`${text} && ${path} -c true`;
  assertEquals(
    started.map((it) => it.replace(/^.*\//, "")),
    Array(12).fill("sh"),
  );
  started.length = 0;
  const reason = new HsmError("interrupted", "Cannot go on");
  setTimeout(() => ending.abort(reason), 100);
  const commands = [$`sh -c ${"exec sleep 20"}`, $`/bin/sh -c ${"exec sleep 20"}`, $`sleep 20`];
  for (const it of await Promise.allSettled(commands)) {
    assertEquals(it, { status: "rejected", reason });
  }
});

Deno.test("$ knows the commands that a script registers, and prints commands as they are written", async () => {
  const { $, shown } = await shell();
  const mine = $.build$({
    commandBuilder: (it) =>
      it.registerCommand("mine", ({ args }) => ({ code: args.join() === "a,b" ? 7 : 1 })),
  });
  assertEquals(await mine`true && mine a ${"b"}`.noThrow().code(), 7);
  assertEquals(await $`yours`.registerCommand("yours", () => ({ code: 8 })).noThrow().code(), 8);
  assertEquals(
    (await assertRejects(async () => void await $`mine a b`, HsmError)).code,
    "tool-missing",
  );
  const logged: string[] = [];
  const command = $`sh -c ${"true"} | cat`.printCommand();
  await command;
  assert(shown().endsWith("> sh -c true | cat\n"), shown());
  command.setPrintCommandLogger((text) => void logged.push(text));
  await command;
  assertEquals(logged, ["sh -c true | cat"]);
  const wrong = await assertRejects(async () => void await $`true > a > b && sh`, HsmError);
  assertEquals(wrong.message, "Cannot run `true > a > b && sh`: dax does not read it");
  assert(wrong.causes[0]?.includes("\n  > a > b && sh\n"), wrong.causes[0]);
});
