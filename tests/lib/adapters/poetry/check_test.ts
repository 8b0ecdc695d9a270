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
