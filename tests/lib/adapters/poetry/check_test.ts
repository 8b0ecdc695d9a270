/** What `hsm check` says of an app of Poetry's, which no source of HSM's can overrule. */

import { assertEquals } from "@std/assert";
import { readApp } from "../../../../lib/adapters/poetry/read_app.ts";
import { readMetadata } from "../../../../lib/project/read_metadata.ts";
import type { Component } from "../../../../lib/reconcile/model.ts";
import { reconcile } from "../../../../lib/reconcile/reconcile.ts";
import type { Source } from "../../../../lib/source.ts";

const BUILD =
  '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n';

const LEGACY = (dependencies: string) =>
  `[tool.poetry]\nname = "plug-c"\nversion = "1.2.0"\n[tool.poetry.dependencies]\npython = ">=3.9"\n${dependencies}\n${BUILD}`;

const PROJECT = (requirement: string, more = "") =>
  `[project]\nname = "plug-c"\nversion = "1.2.0"\ndependencies = ["${requirement}"]\n${more}${BUILD}`;

const DEV = (path: string): Source => ({ kind: "path", path });
const PROD = (name: string): Source => ({
  kind: "git",
  git: `https://example.com/${name}`,
  tag: "v1.0.0",
});

function component(name: string, source: Source, text: string): Component {
  const file = `packages/${name}/pyproject.toml`;
  const { metadata } = readMetadata({ component: name, file, text }, "none", () => []);
  const mode = source.kind === "path" ? "dev" : "prod";
  return { name, mode, file, metadata, source, extras: [], require: true };
}

/** The problems of an app with plug-c, which says of itself what it may, and plug-t. */
function problems(text: string, ofC: Source, ofT: Source, dependencies = '["plug-c"]') {
  const { app } = readApp({
    component: "app",
    file: "pyproject.toml",
    text: `[project]\nname = "app"\nrequires-python = ">=3.9"\ndependencies = ${dependencies}\n`,
  });
  const plugT = '[project]\nname = "plug-t"\nversion = "1.0.0"\n';
  const components = [component("plug-c", ofC, text), component("plug-t", ofT, plugT)];
  return reconcile({ app: app!, components }).problems;
}

const told = (...given: Parameters<typeof problems>) =>
  problems(...given).map((it) => `${it.severity} ${it.code}`);

Deno.test("poetry: a component that has a managed package from elsewhere is told", () => {
  const url = PROJECT("plug-t @ git+https://example.com/fork@v1.0.0");
  const [problem] = problems(url, PROD("plug-c"), PROD("plug-t"));
  assertEquals([problem?.severity, problem?.message, problem?.fix], [
    "error",
    "plug-c 1.2.0 has plug-t from https://example.com/fork @ v1.0.0, and poetry cannot overrule " +
    "that: hsm.yaml has it from https://example.com/plug-t @ v1.0.0",
    "require plug-t by version instead in packages/plug-c/pyproject.toml:4, and pin plug-c to a " +
    "version with that",
  ]);
  const same = PROJECT("plug-t @ git+https://example.com/plug-t@v1.0.0");
  assertEquals(told(same, PROD("plug-c"), PROD("plug-t")), []);
  // The manifest has it in dev mode, and a URL stays one.
  assertEquals(told(same, PROD("plug-c"), DEV("packages/plug-t")), ["error source-conflict"]);
});

Deno.test("poetry: what an older component has from a folder is that folder, or nothing at all", () => {
  const text = LEGACY('plug-t = { path = "../plug-t", develop = true }');
  const c = DEV("packages/plug-c");
  assertEquals(told(text, c, DEV("packages/plug-t")), []);
  assertEquals(told(text, c, DEV("elsewhere/plug-t")), ["error source-conflict"]);
  assertEquals(told(text, c, PROD("plug-t")), ["error source-conflict"]);
  assertEquals(told(text, PROD("plug-c"), DEV("packages/plug-t")), ["error source-conflict"]);
});

Deno.test("poetry: sources that Poetry does not heed are no conflict", () => {
  const text = PROJECT("plug-t>=1", '[tool.poetry.dependencies]\nplug-t = { path = "../x" }\n');
  assertEquals(told(text, DEV("packages/plug-c"), PROD("plug-t")), []);
});

Deno.test("poetry: the app's own URL goes, and its own versions are heeded in dev mode as well", () => {
  const text = PROJECT("plug-t");
  const own = '["plug-c", "plug-t @ git+https://example.com/x@v9"]';
  assertEquals(told(text, DEV("packages/plug-c"), PROD("plug-t"), own), []);
  const newer = '["plug-c", "plug-t>=2"]';
  assertEquals(told(text, DEV("packages/plug-c"), DEV("packages/plug-t"), newer), [
    "error requirement-unmet",
  ]);
});

Deno.test("poetry: a component is to work with every Python of the app's, newer ones as well", () => {
  const judge = (head: string, requiresPython: string, dependencies = "") => {
    const { app } = readApp({
      component: "app",
      file: "pyproject.toml",
      text: `${head}\n[tool.poetry.dependencies]\n${dependencies}`,
    });
    const text =
      `[project]\nname = "plug-c"\nversion = "1.0.0"\nrequires-python = "${requiresPython}"\n`;
    const components = [component("plug-c", DEV("packages/plug-c"), text)];
    return reconcile({ app: app!, components }).problems.map((it) => [it.message, it.fix]);
  };
  const project = (python: string, requirement = "plug-c") =>
    `[project]\nname = "app"\n${python}\ndependencies = ["${requirement}"]`;
  const other = (python: string) =>
    `check out a version of plug-c that works with Python ${python}`;
  const open = project('requires-python = ">=3.9"');
  assertEquals(judge(open, ">=3.9,<4.0"), [[
    "plug-c 1.0.0 needs Python >=3.9,<4.0, the app supports others as well (>=3.9)",
    `set requires-python = ">=3.9,<4.0" in pyproject.toml, or ${other(">=3.9")}`,
  ]]);
  assertEquals(judge(open, ">=3.9,!=3.10.*"), [[
    "plug-c 1.0.0 needs Python >=3.9,!=3.10.*, the app supports others as well (>=3.9)",
    `narrow requires-python in pyproject.toml to what is in >=3.9,!=3.10.*, or ${other(">=3.9")}`,
  ]]);
  assertEquals(judge(open, ">=3.9"), []);
  assertEquals(judge(open, ">=3.11")[0]?.[1]?.startsWith('set requires-python = ">=3.11"'), true);
  // For the lock file Poetry's own key counts for more.
  assertEquals(judge(open, ">=3.9,<4.0", 'python = ">=3.9,<4.0"'), []);
  // HSM's group holds everywhere, whatever markers the app's requirement has.
  const marked = project('requires-python = ">=3.9"', "plug-c; python_version < '4'");
  assertEquals(judge(marked, ">=3.9,<4.0").length, 1);
  // Whoever says nothing is for all of them.
  assertEquals(judge(project(""), ">=3.9").length, 1);
  // The older form has another key.
  const older = '[tool.poetry]\nname = "app"\nversion = "1"';
  assertEquals(judge(older, ">=3.9,<4.0", 'python = ">=3.10"\nplug-c = "*"'), [[
    "plug-c 1.0.0 needs Python >=3.9,<4.0, the app supports others as well (>=3.10)",
    `set python = ">=3.10,<4.0" in pyproject.toml, or ${other(">=3.10")}`,
  ]]);
  assertEquals(judge(older, ">=3.9,<4.0", 'python = "^3.10"\nplug-c = "*"'), []);
});
