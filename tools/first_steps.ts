/**
 * `deno task first-steps COMMAND...`: from the README to an app in dev mode, as a newcomer goes: its set-up commands, `hsm`
 * by `deno install`, and the tutorial, whose output is compared. COMMAND starts a bash somewhere (`.ci/debian` says where)
 * and is given one script, so that a folder or a PATH stays from step to step.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { blockSteps, isRun, pattern, readBlocks, type Step } from "../tests/harness/steps.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
/** All tests would take too long there: these run hsm, git and uv. */
const SOME_TESTS = "tests/tasks/map_test.ts";
/** Ends the output of a step. */
const MARK = "\x1e";

/** A step, and the page that it is from. */
type PageStep = Step & { readonly page: string };

const [setUp, fromSources, asCommand] = await readmeSteps(
  /^git clone /m,
  /^uvx deno task hsm -C /m,
  /^deno install /m,
);
const steps: readonly PageStep[] = [
  { ...setUp!, command: setUp!.command.replace(/\bdeno task test\b/, `$& ${SOME_TESTS}`) },
  asCommand!,
  own("cd"),
  ...await tutorialSteps("## And back"),
  own("ln -s hsm-tutorial/app ~/my-app && cd ~/hsm"),
  { ...fromSources!, expected: "…\n2 packages are in line\n" },
];

// What follows the last mark is of a step that did not come to its end.
const outputs = (await run(script(steps))).split(MARK).slice(0, -1);
const problems = outputs.flatMap((output, index) => {
  const { page, line, command, expected } = steps[index]!;
  if (expected === undefined || pattern(expected).test(output)) return [];
  return [`${page}:${line}: ${command}\n${output}is not what the page says:\n${expected}`];
});
const failed = steps[outputs.length];
if (failed !== undefined) {
  problems.push(`${failed.page}:${failed.line}: this step failed:\n${failed.command}`);
}
for (const it of problems) console.error(it);
if (problems.length > 0) Deno.exit(1);
console.log(`${steps.length} steps of README.md and docs/tutorial.md lead to an app in dev mode`);

/** The blocks of the README in which there are these lines. */
async function readmeSteps(...lines: readonly RegExp[]): Promise<readonly PageStep[]> {
  const page = "README.md";
  const blocks = readBlocks(await Deno.readTextFile(join(PROJECT, page)));
  const steps = blocks.filter(isRun).flatMap(blockSteps);
  return lines.map((wanted) => {
    const step = steps.find(({ command }) => wanted.test(command));
    if (step === undefined) throw new Error(`${page} has no block with ${wanted}`);
    return { ...step, page };
  });
}

/** The steps of the tutorial before a heading. */
async function tutorialSteps(heading: string): Promise<readonly PageStep[]> {
  const page = "docs/tutorial.md";
  const [text = ""] = (await Deno.readTextFile(join(PROJECT, page))).split(`\n${heading}\n`);
  const steps = readBlocks(text).filter(isRun).flatMap(blockSteps);
  return steps.map((it) => ({ ...it, page }));
}

/** What lies between the pages. */
function own(command: string): PageStep {
  return { page: "tools/first_steps.ts", line: 0, command, expected: undefined };
}

/** One script, which ends at the first step that fails, or that shows an error and does not. */
function script(steps: readonly PageStep[]): string {
  const parts = steps.map(({ command, expected }) => {
    const fails = /^error:/m.test(expected ?? "");
    return `${fails ? `if ${command}; then exit 1; fi` : command}\nprintf '${MARK}'\n`;
  });
  return `set -e\nexec 2>&1\ncd\n${parts.join("")}`;
}

/** Runs it; what it prints is shown as it comes. */
async function run(script: string): Promise<string> {
  const [program = "bash", ...args] = Deno.args;
  const child = new Deno.Command(program, {
    args: [...args, script],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    await Deno.stdout.write(new TextEncoder().encode(chunk.replaceAll(MARK, "")));
  }
  await child.status;
  return text;
}
