/**
 * A nightly job: tries the newest commit of each plugin with the app as it is, and prints what came of it as JSON. The
 * words behind it are the test: `nightly.ts uv run --no-sync pytest`.
 *
 * Nothing of it stays, whatever the tests say; it exits with 1 where a plugin does not work.
 */

import { HsmError, inject, map, openWorkspace, silentReporter } from "@hsm/hsm";

const test = Deno.args.length > 0 ? Deno.args : ["uv", "pip", "check"];
const report = [];

await using workspace = await openWorkspace({ reporter: silentReporter(), wait: true });
const { sources } = await map(workspace);
const $ = await workspace.shell();

for (const it of sources) {
  if (it.source.kind !== "git") continue; // in dev mode, its checkout is installed anyway
  const { tag: _tag, branch: _branch, ...source } = it.source;
  let commit = "";
  try {
    [commit = ""] = (await $`git ls-remote -- ${source.git} HEAD`.text()).split("\t");
    const newest = { ...it, source: { ...source, rev: commit } };
    await inject(workspace, { sources: sources.map((other) => other === it ? newest : other) });
    await $`uv sync`;
    await $`${test}`;
    report.push({ package: it.package, commit, works: true });
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "command-failed") throw error;
    const why = [error.message, ...error.causes].join("\n");
    report.push({ package: it.package, commit, works: false, why });
  }
  await workspace.rollback(); // the next one is tried with the others as they are pinned
}

console.log(JSON.stringify(report, null, 2));
if (report.some((it) => !it.works)) Deno.exitCode = 1;
