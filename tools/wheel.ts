/**
 * `deno task wheel [FOLDER] [--target TARGET]`: a wheel with the executable, in dist/ or elsewhere, for this machine or for
 * another target of `deno compile`.
 *
 * @module
 */

import { basename, join, resolve } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { compile, DIST, PROJECT } from "./compile.ts";
import { hsmManPages } from "./man.ts";
import { readTarget } from "./wheel/header.ts";
import { licencesInside } from "./wheel/licences.ts";
import { oldestSystem } from "./wheel/symbols.ts";
import { wheelTag } from "./wheel/tags.ts";
import { makeWheel } from "./wheel/wheel.ts";
import { readWords } from "./words.ts";

const { target = Deno.build.target, folder: asked = DIST } = readWords("wheel", "target");
const folder = resolve(asked);
const executable = await compile(
  target === Deno.build.target ? folder : join(folder, target),
  target,
);
const bytes = await Deno.readFile(executable);
const found = readTarget(bytes);
if (found !== target) {
  // What DENORT_BIN names is taken for any target.
  console.error(`error: Cannot make a wheel for ${target}: ${executable} is for ${found}`);
  console.error("hint: is DENORT_BIN a runtime for another platform?");
  Deno.exit(1);
}
const wheel = await makeWheel({
  version: deno.version,
  summary: deno.description,
  readme: await Deno.readTextFile(join(PROJECT, "README.md")),
  tag: wheelTag(target, oldestSystem(bytes, target)),
  program: [basename(executable), bytes],
  license: [deno.license, await Deno.readFile(join(PROJECT, "LICENSE"))],
  licences: await licencesInside(join(PROJECT, "cli.ts")),
  data: new Map(
    Object.entries(await hsmManPages()).map(([file, page]) =>
      [`share/man/man1/${file}`, new TextEncoder().encode(page)] as const
    ),
  ),
});
const path = join(folder, wheel.name);
await Deno.writeFile(path, wheel.bytes);
console.log(`made ${path}, ${Math.round(wheel.bytes.length / 1e6)} MB`);
