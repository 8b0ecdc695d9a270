/**
 * `deno task notes TAG`: what CHANGELOG.md says of the version that the tag is for, which must be deno.json's own.
 *
 * @module
 */

import { readSection, tells } from "./changelog.ts";

const [tag = ""] = Deno.args;
const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
if (tag !== `v${version}`) {
  fail(`deno.json has version ${version}, whose tag is v${version} and not ${tag || "missing"}`);
}
const notes = readSection(await Deno.readTextFile("CHANGELOG.md"), version);
if (!tells(notes)) fail(`CHANGELOG.md says nothing of ${version}`);
console.log(notes);

function fail(why: string): never {
  console.error(`error: Cannot tell what is new: ${why}`);
  Deno.exit(1);
}
