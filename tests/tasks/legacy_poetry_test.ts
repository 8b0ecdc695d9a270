/** What commands know of an app that says all of itself in [tool.poetry]. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { poetryEnvironment, poetrySource } from "../harness/poetry.ts";

Deno.test("an app that is Poetry's alone has its name and its requirements in every command", async () => {
  await using app = await testApp({
    env: await poetryEnvironment("2.5.1"),
    plugins: [
      { name: "plug-a", extras: { fast: ["plug-b"] }, backend: "poetry.core.masonry.api" },
      { name: "plug-b", backend: "poetry.core.masonry.api" },
    ],
    manifest: "adapter: poetry\ngit: {remotes}/{name}\npackages:\n" +
      "  plug-a: { tag: v1.0.0, extras: [fast] }\n  plug-b: { tag: v1.0.0, require: false }\n",
    pyproject: '[tool.poetry]\nname = "my-app"\nversion = "0.1.0"\npackage-mode = false\n\n' +
      '[tool.poetry.dependencies]\npython = ">=3.9"\nplug-a = "^1.0"\n' + await poetrySource(),
  });
  await app.untouched(async () => {
    (await app.hsm("add", "my_app", "--tag", "v1.0.0")).expect({
      code: 2,
      stderr: /^error: Cannot add my_app: my-app is the app itself\n/,
    });
    (await app.hsm("new", "My.App")).expect({
      code: 2,
      stderr: /^error: Cannot make My\.App: my-app is the app itself\n/,
    });
  });

  assertStringIncludes(
    (await app.hsm("sync")).expect({ code: 0 }).stderr,
    "warning: plug-a[fast] is not installed: pyproject.toml requires plug-a without it, " +
      "and hsm leaves your own requirements alone\n",
  );
  const { nodes, edges } = (await app.hsm("graph", "--json")).expect({ code: 0 }).json();
  assertEquals((nodes as unknown[])[0], { name: "my-app", mode: "app" });
  assertEquals((edges as unknown[])[0], { from: "my-app", to: "plug-a", versions: ">=1.0,<2.0" });

  const made = (await app.hsm("new", "plug-n", "--no-sync")).expect({ code: 0 });
  assertMatch(made.stdout, /packages\/plug-n/);
  assertMatch(await app.read("packages/plug-n/pyproject.toml"), /^requires-python = ">=3\.9"$/m);

  (await app.hsm("remove", "plug-a", "--no-sync")).expect({
    code: 0,
    stderr: /^warning: plug-a is still required by the app/,
  });
});
