/**
 * `deno task test [FILE...]`: all tests, or those of some files, and at the end how much they tried. With `--commands` those
 * of each command.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { commandTests } from "./command_tests.ts";
import { COUNTED, TALLY_FILE, total } from "../tests/harness/tally.ts";

const NAMES = {
  kills: "kills",
  errors: "injected errors",
  signals: "signals",
  cases: "generated cases",
} as const;

const file = await Deno.makeTempFile({ prefix: "hsm-tally-" });
let code: number;
try {
  const words = Deno.args.flatMap((it) => it === "--commands" ? commandTests() : it);
  const paths = words.some((it) => !it.startsWith("-")) ? [] : ["tests/"];
  // What a sweep needs no script does: files in memory (/dev/shm), changed owners, other processes.
  const permissions = ["--allow-all"];
  ({ code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--parallel", ...permissions, ...words, ...paths],
    cwd: fromFileUrl(new URL("..", import.meta.url)),
    env: { [TALLY_FILE]: file },
  }).spawn().status);
  const tried = total(await Deno.readTextFile(file));
  const parts = COUNTED.filter((it) => tried[it] > 0)
    .map((it) => `${tried[it].toLocaleString("en")} ${NAMES[it]}`);
  if (parts.length > 0) console.log(`tried: ${parts.join(", ")}`);
} finally {
  await Deno.remove(file);
}
Deno.exit(code);
