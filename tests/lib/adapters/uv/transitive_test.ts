import { assertEquals } from "@std/assert";
import { findConstraints, findOverrides } from "../../../../lib/adapters/uv/transitive.ts";
import { readGraph } from "../../../../lib/reconcile/read_graph.ts";
import { reconcile } from "../../../../lib/reconcile/reconcile.ts";
import type { Component } from "../../../../lib/reconcile/model.ts";
import { makeApp, makePlugin, type ProjectOptions } from "../../reconcile/build.ts";

const OWN_SOURCE = '[tool.uv.sources]\nplug-a = { path = "../elsewhere" }';
const UNREQUIRED = { require: false };

function entries(app: ProjectOptions, ...components: readonly Component[]) {
  const graph = readGraph({ app: makeApp(app), components }).graph;
  const overrides = findOverrides(graph);
  return { overrides, constraints: findConstraints(graph, overrides) };
}

const a = makePlugin("plug-a", {
  extras: { fast: ["x"], slow: [], all: ["plug-a[fast]"] },
  component: UNREQUIRED,
});

Deno.test("findConstraints() constrains managed packages that the app does not name", () => {
  const b = makePlugin("plug-b", { dependencies: ["plug-a"] });
  assertEquals(entries({}, a, b), { overrides: [], constraints: ["plug-a"] });
  assertEquals(entries({}, a), { overrides: [], constraints: ["plug-a"] });
  assertEquals(entries({ dependencies: ["plug-a"] }, a, b).constraints, []);
  assertEquals(entries({ dependencies: ["plug-a; python_version >= '3'"] }, a, b).constraints, []);
  const windows = { dependencies: ["plug-a; os_name == 'nt'"] };
  assertEquals(entries(windows, a, b).constraints, ["plug-a"]);
  assertEquals(entries(windows, { ...a, require: true }, b).constraints, ["plug-a"]);
  assertEquals(entries({ extras: { o: ["plug-a"] } }, a, b).constraints, []);
  assertEquals(entries({ toml: '[dependency-groups]\no = ["plug-a"]' }, a, b).constraints, []);
  // What uv resolves apart from the rest names nothing there.
  const late = "[tool.uv]\ndependency-groups.o = { requires-python = '>=3.12' }";
  const group = '[dependency-groups]\no = ["plug-a"]\np = []\n';
  assertEquals(entries({ toml: group + late }, a, b).constraints, ["plug-a"]);
  const apart = '[tool.uv]\nconflicts = [[{ group = "o" }, { group = "p" }]]';
  assertEquals(entries({ toml: group + apart }, a, b).constraints, ["plug-a"]);
  const extras = { extras: { o: ["plug-a"], p: [] }, toml: apart.replaceAll("group", "extra") };
  assertEquals(entries(extras, a, b).constraints, ["plug-a"]);
  assertEquals(entries({}, { ...a, require: true }, b).constraints, []);
  const again = { toml: '[tool.uv]\nconstraint-dependencies = ["plug-a"]' };
  assertEquals(entries(again, a, b).constraints, ["plug-a"]);
});

Deno.test("findOverrides() overrides where a component that counts has a source of its own", () => {
  const b = makePlugin("plug-b", { dependencies: ["plug-a>=1"], toml: OWN_SOURCE });
  assertEquals(entries({}, a, b), { overrides: ["plug-a"], constraints: [] });
  assertEquals(entries({}, { ...a, require: true }, b), { overrides: ["plug-a"], constraints: [] });
  const unused = makePlugin("plug-b", { toml: OWN_SOURCE });
  assertEquals(entries({}, a, unused), { overrides: [], constraints: ["plug-a"] });
  const extra = makePlugin("plug-b", { extras: { e: ["plug-a"] }, toml: OWN_SOURCE });
  assertEquals(entries({}, a, extra).overrides, []);
  assertEquals(entries({}, a, { ...extra, extras: ["e"] }).overrides, ["plug-a"]);
  const group = { toml: '[dependency-groups]\ndocs = ["plug-b[e]"]' };
  assertEquals(entries(group, a, extra).overrides, ["plug-a"]);
  const url = makePlugin("plug-b", { dependencies: ["plug-a @ https://example.org/a.whl"] });
  assertEquals(entries({}, a, url).overrides, ["plug-a"]);
});

Deno.test("findOverrides() puts into an override all extras that anybody asks for", () => {
  const b = makePlugin("plug-b", { dependencies: ["plug-a[slow]"], toml: OWN_SOURCE });
  const c = makePlugin("plug-c", { dependencies: ["plug-a[all]"] });
  assertEquals(entries({}, a, b, c).overrides, ["plug-a[all,fast,slow]"]);
  const required = { ...a, require: true, extras: ["Fast"] };
  assertEquals(entries({}, required, b).overrides, ["plug-a[fast,slow]"]);
  assertEquals(entries({ dependencies: ["plug-a[fast]"] }, a, b).overrides, ["plug-a[fast,slow]"]);
});

Deno.test("findOverrides() keeps the markers in an override", () => {
  const windows = "plug-a[fast]; sys_platform == 'win32'";
  const b = makePlugin("plug-b", { dependencies: [windows], toml: OWN_SOURCE });
  assertEquals(entries({}, a, b).overrides, ["plug-a[fast] ; sys_platform == 'win32'"]);
  const c = makePlugin("plug-c", { dependencies: ["plug-a; python_version < '3.11'"] });
  assertEquals(entries({}, a, b, c).overrides, [
    "plug-a ; (python_version < '3.11') or (sys_platform == 'win32')",
    "plug-a[fast] ; sys_platform == 'win32'",
  ]);
  const d = makePlugin("plug-d", { dependencies: ["plug-a"] });
  assertEquals(entries({}, a, b, d).overrides, [
    "plug-a",
    "plug-a[fast] ; sys_platform == 'win32'",
  ]);
});

Deno.test("findOverrides() overrides only where a component names another place than the manifest", () => {
  const git = (tag: string, subdirectory: string) =>
    ({ kind: "git", git: "https://example.org/rs", tag, subdirectory }) as const;
  const member = { toml: "[tool.uv.sources]\nplug-a = { workspace = true }" };
  const b = makePlugin("plug-b", { dependencies: ["plug-a"], ...member });
  const at = (component: Component, source: Component["source"], commit?: string) =>
    ({ ...component, source, commit }) as Component;
  const root = {
    ...b,
    metadata: {
      ...b.metadata!,
      sources: b.metadata!.sources.map((it) => ({
        ...it,
        choices: it.choices.map((choice) => ({
          ...choice,
          from: { ...choice.from!, path: "../.." },
        })),
      })),
    },
  };
  const overrides = (one: Component, other: Component) => entries({}, one, other).overrides;
  const lib = at(a, git("v1", "pkgs/a"));
  assertEquals(overrides(lib, at(root, git("v1", "pkgs/b"))), []);
  assertEquals(overrides(lib, at(root, git("v2", "pkgs/b"))), ["plug-a"]);
  // Two tags on one commit are one place.
  const same = [at(lib, git("v1", "pkgs/a"), "c"), at(root, git("v2", "pkgs/b"), "c")] as const;
  assertEquals(overrides(...same), []);
  const dev = { kind: "path", path: "packages/rs/pkgs/a" } as const;
  assertEquals(overrides(at(a, dev), at(root, git("v1", "pkgs/b"))), ["plug-a"]);
  assertEquals(overrides(at(a, dev), at(root, { ...dev, path: "packages/rs/pkgs/b" })), []);
  assertEquals(overrides(at(a, dev), at(root, { ...dev, path: "packages/b/pkgs/b" })), ["plug-a"]);
});

Deno.test("findOverrides() overrides what the sources of a component with computed dependencies name", () => {
  const b = makePlugin("plug-b", { toml: OWN_SOURCE });
  const dynamic = { ...b, metadata: { ...b.metadata!, dynamic: ["dependencies"] } };
  const c = makePlugin("plug-c", { dependencies: ["plug-a[fast]"] });
  assertEquals(entries({}, a, dynamic).overrides, ["plug-a"]);
  assertEquals(entries({}, a, dynamic, c).overrides, ["plug-a[fast]"]);
  const { problems } = reconcile({ app: makeApp({}), components: [a, dynamic] });
  assertEquals(problems.map((it) => it.message), [
    "dependencies of plug-b 1.2.0 are not written out in packages/plug-b/pyproject.toml",
    "plug-b 1.2.0 may need another version of plug-a, or extras of it: its dependencies are computed, " +
    "and plug-a comes from the manifest in spite of them",
  ]);
});
