import { assertEquals, assertRejects } from "@std/assert";
import { createContext } from "../../../lib/process/context.ts";
import { HsmError } from "../../../lib/errors.ts";
import { Questions } from "../../../lib/process/questions.ts";
import type { Value } from "../../../lib/process/words.ts";
import { REMOTE } from "../../../lib/git/fetch_checkout.ts";
import { silentReporter } from "../../../lib/report.ts";
import { createTell } from "../../../lib/events/tell.ts";

const FOLDER = new URL(".", import.meta.url).pathname.slice(0, -1);

/** A `$`, and what it has run. */
function commands(env: Readonly<Record<string, string>> = {}) {
  const calls: string[][] = [];
  const reporter = {
    ...silentReporter(),
    command: (argv: readonly string[]) => void calls.push([...argv]),
  };
  const signal = new AbortController().signal;
  const PATH = Deno.env.get("PATH") ?? "";
  return {
    ...createContext({
      root: FOLDER,
      env: { PATH, ...env },
      signal,
      tell: createTell({ reporter }),
    }),
    calls,
  };
}

/** Prints its arguments, each between brackets. */
const ARGS = ["-c", `printf '[%s]' "$@"`, "sh"];

Deno.test("$ takes values for words, whatever is in them, with dax and without it alike", async () => {
  const { $ } = commands();
  const odd: readonly Value[] = [
    ...[
      "",
      " ",
      "a b",
      "--",
      "-x",
      "$HOME",
      "*",
      "~",
      "'",
      '"',
      "a\nb",
      "`id`",
      "\\",
      "#",
      "{a,b}",
    ],
    ...[7, ["a", "b c"], [], ["one"]],
  ];
  for (const value of odd) {
    const alone = await $`sh ${ARGS} ${value}`.text();
    assertEquals(await $`sh ${ARGS} ${value} && true`.text(), alone, JSON.stringify(value));
    const inside = await $`sh ${ARGS} --as=${value}.x 'in quotes $HOME' ${value}`.text();
    const withDax = await $`sh ${ARGS} --as=${value}.x 'in quotes $HOME' ${value} && true`.text();
    assertEquals(withDax, inside, JSON.stringify(value));
  }
  assertEquals(await $`sh ${ARGS} ${["a", "b c"]} --to=${"; rm"}`.text(), "[a][b c][--to=; rm]");
});

Deno.test("$ gives what dax gives, with dax and without it", async () => {
  const { $ } = commands({ WORD: "env" });
  const say = (text: string) => ["-c", `printf '${text}'; printf 'why\n' >&2; exit \${CODE:-0}`];
  for (const text of ["", "a", "a\n", "a\n\n", "a\r\nb\n", "\n", "a\n\nb"]) {
    const values = [await $`sh ${say(text)}`, await $`sh ${say(text)} && true`];
    for (const { code, success, stdout, stderr } of values) {
      assertEquals([code, success, stdout, stderr], [
        0,
        true,
        text.replaceAll("\\n", "\n"),
        "why\n",
      ]);
    }
    assertEquals(await $`sh ${say(text)}`.text(), await $`sh ${say(text)} && true`.text());
    assertEquals(await $`sh ${say(text)}`.lines(), await $`sh ${say(text)} && true`.lines());
  }
  assertEquals(
    await $`sh -c ${"pwd; echo $WORD $MORE"}`.cwd("/").env({ MORE: "x" }).text(),
    "/\nenv x",
  );
  assertEquals(
    await $`cd . && sh -c ${"pwd; echo $WORD $MORE"}`.cwd("/").env({ MORE: "x" }).text(),
    "/\nenv x",
  );
  assertEquals(await $`cat -`.stdinText("in").text(), "in");
  const list = ["-c", "echo [$A,$B]"];
  for (const command of [() => $`sh ${list}`, () => $`true && sh ${list}`]) {
    assertEquals(await command().env("A", "1").env({ B: "2" }).quiet().json(), [1, 2]);
  }
  assertEquals(await $`sh -c cat | sh -c ${"cat; echo out"}`.stdinText("in").text(), "inout");
  for (const command of [() => $`sh ${say("x")}`, () => $`true && sh ${say("x")}`]) {
    const failing = () => command().env({ CODE: "3" });
    assertEquals([await failing().code(), await failing().succeeds()], [3, false]);
    assertEquals(await failing().noThrow().text(), "x");
    const { code, causes } = await assertRejects(() => failing().text(), HsmError);
    assertEquals([code, causes], ["command-failed", ["why"]]);
  }
});

Deno.test("$.shell() is all of dax's, with the same programs beneath it", async () => {
  const { $, calls } = commands({ LC_ALL: "de_DE.UTF-8" });
  const all = await $.with({ env: { MORE: "x" } }).shell();
  assertEquals(await all`sh -c ${"echo $LC_ALL $MORE"}`.text(), "C.UTF-8 x");
  assertEquals(await all`sh -c ${"echo a; echo b"} | sh -c ${"cat; pwd"}`.lines(), [
    "a",
    "b",
    FOLDER,
  ]);
  assertEquals([...await all`sh -c ${"printf ab"}`.bytes()], [97, 98]);
  assertEquals(calls.map(([program]) => program), ["sh", "sh", "sh", "sh"]);
});

Deno.test("$ speaks English, runs what it is told where it is told, and names what failed", async () => {
  const { $, calls } = commands({ LANGUAGE: "de", LC_ALL: "de_DE.UTF-8" });
  assertEquals(await $`sh -c ${"echo $LC_ALL $LANGUAGE"}`.text(), "C.UTF-8 en");
  const git = $.with({ cwd: "/", action: "try it" });
  const { message, code, hint } = await assertRejects(
    async () => void await git`git -c a.b=c rev-parse --verify ${"nothing"}`,
    HsmError,
  );
  assertEquals([code, message], ["git-failed", "Cannot try it: git exited with code 128"]);
  assertEquals(
    hint,
    "run `git rev-parse --verify nothing` in /, or hsm with -v, to see more of it",
  );
  const missing = await assertRejects(async () => void await $`nothing-like-it`, HsmError);
  assertEquals(missing.code, "tool-missing");
  assertEquals(calls.at(-1), ["git", "-c", "a.b=c", "rev-parse", "--verify", "nothing"]);
});

Deno.test("$ runs git again with its questions where a person can answer, with dax and without it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    const refusal = "fatal: could not read Username for 'https://x': terminal prompts disabled";
    const script = `#!/bin/sh
if test "$GIT_TERMINAL_PROMPT" = 0; then echo "${refusal}" >&2; exit 128; fi
echo answered
`;
    await Deno.writeTextFile(`${folder}/git`, script, { mode: 0o755 });
    const { $ } = createContext({
      root: FOLDER,
      env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` },
      signal: new AbortController().signal,
      tell: createTell(),
      questions: new Questions(),
    });
    assertEquals(await $`git ${REMOTE} fetch`.text(), "answered");
    assertEquals(await $`git ${REMOTE} fetch && true`.text(), "answered");
    // So is one whose words are told as they come, and which of them are a question's.
    const told: boolean[] = [];
    const telling = $.with({ onStderr: (_, isAsking) => void told.push(isAsking) });
    assertEquals(await telling`git ${REMOTE} clone`.text(), "answered");
    assertEquals(told, [false, true]);
    // What a transaction waits for is run but once.
    const once = $.with({ onStart: () => {}, isRemote: true });
    assertEquals([await once`git x`.code(), await once`git x || exit 3`.code()], [128, 3]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
