/**
 * The code blocks of a document, and the commands in them with what they are said to print.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { hsmCommand, type TestApp } from "./app.ts";
import { start } from "./program.ts";
import { uvProgram } from "./repository.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** A code block of a document. */
export interface Block {
  /** The line of the document that its first line is. */
  readonly line: number;
  /** What stands behind the fence, such as `sh`. */
  readonly language: string;
  /** Its lines. */
  readonly lines: readonly string[];
}

/** A command of a document, and what it says that it prints; undefined where it says nothing of that. */
export interface Step {
  /** Its line in the document. */
  readonly line: number;
  /** What a shell is given. */
  readonly command: string;
  /** The text that it prints. */
  readonly expected: string | undefined;
}

/** The code blocks of a document, in their order. */
export function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let block: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (block === undefined) {
      const language = /^```(.*)$/.exec(text)?.[1];
      if (language !== undefined) block = { line: index + 2, language, lines: [] };
    } else if (text === "```") {
      blocks.push(block);
      block = undefined;
    } else block.lines.push(text);
  }
  return blocks;
}

/** Whether a block holds commands. */
export function isRun({ language }: Block): boolean {
  return language === "sh" || language === "console";
}

/**
 * The steps of a block: one whose first line begins with `$ ` is a transcript (`console`), any other one is a script as a
 * whole (`sh`).
 */
export function blockSteps({ line, lines }: Block): readonly Step[] {
  if (!lines[0]?.startsWith("$ ")) {
    return [{ line, command: lines.join("\n"), expected: undefined }];
  }
  const starts = lines.flatMap((text, index) => text.startsWith("$ ") ? [index] : []);
  return starts.map((start, index) => ({
    line: line + start,
    command: (lines[start] ?? "").slice(2),
    expected: lines.slice(start + 1, starts[index + 1]).map((text) => `${text}\n`).join(""),
  }));
}

/** A text with `…` as a pattern: alone on a line it stands for any number of lines, else for a part of a line. */
export function pattern(expected: string): RegExp {
  const lines = expected.split("\n").slice(0, -1).map((line) => {
    if (line === "…") return "(?:.*\n)*?";
    return `${line.split("…").map((it) => it.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*")}\n`;
  });
  return new RegExp(`^${lines.join("")}$`);
}

/**
 * Does what a page says from its first block to the last, beginning in the app's folder: the commands of `sh` and
 * `console` blocks are run, and what they print compared; a `ts` block is a file, whose first line names it.
 *
 * @returns How many commands there were.
 */
export async function runPage(app: TestApp, page: string): Promise<number> {
  const env = await pageEnvironment(app);
  const state = join(app.folder, "cwd");
  let cwd = app.folder;
  let count = 0;
  for (const block of readBlocks(await Deno.readTextFile(join(PROJECT, page)))) {
    if (block.language === "ts") {
      const name = scriptName(block);
      await Deno.writeTextFile(join(cwd, name), `${block.lines.slice(1).join("\n")}\n`);
    }
    for (const { line, command, expected } of isRun(block) ? blockSteps(block) : []) {
      // Where a script stops at the first failure, a transcript may show one.
      const script = `exec 2>&1\n${expected === undefined ? "set -e\n" : ""}${command}\n` +
        `status=$?\npwd > '${state}'\nexit $status\n`;
      const { stdout, code } = await start(["sh", "-c", script], { cwd, env }).ended;
      const where = `${page}:${line}: ${command}\n${stdout}`;
      const fails = /^error:/m.test(expected ?? "");
      assertEquals(code !== 0, fails, `exit status ${code} at ${where}`);
      if (!pattern(expected ?? "").test(stdout)) assertEquals(stdout, expected ?? "", where);
      cwd = (await Deno.readTextFile(state)).trim();
      count++;
    }
  }
  return count;
}

/** The file that a `ts` block is, by its first line. */
export function scriptName({ line, lines }: Block): string {
  const name = /^\/\/ (\w+\.ts)$/.exec(lines[0] ?? "")?.[1];
  if (name === undefined) throw new Error(`the script in line ${line} has no name`);
  return name;
}

/** hsm, uv and Deno on PATH, and HSM's sources in the folder `hsm`. */
async function pageEnvironment(app: TestApp): Promise<Readonly<Record<string, string>>> {
  const [bin, temporary] = [join(app.folder, "bin"), join(app.folder, "tmp")];
  await Deno.mkdir(bin);
  await Deno.mkdir(temporary);
  await program(bin, "hsm", hsmCommand());
  await program(bin, "uv", [uvProgram()]);
  await program(bin, "deno", [Deno.execPath()]);
  await Deno.symlink(PROJECT, join(app.folder, "hsm"));
  await Deno.writeTextFile(join(app.folder, "home/.gitconfig"), "[init]\ndefaultBranch = main\n");
  return {
    ...app.env,
    PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`,
    HSM_UV: "",
    UV: "",
    // Deno lets nobody write where programs lie that it may run, nor make a temporary folder above them.
    TMPDIR: temporary,
  };
}

async function program(folder: string, name: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}
