import { assertEquals } from "@std/assert";
import type { Component } from "../../../lib/reconcile/model.ts";
import { reconcile } from "../../../lib/reconcile/reconcile.ts";
import { makeApp, makePlugin, type ProjectOptions } from "./build.ts";

const NEEDS = { dependencies: ["tp"] };

function sources(...lines: readonly string[]): string {
  return ["[tool.uv.sources]", ...lines].join("\n");
}

/** A plugin in a folder of its own that needs tp, and says where it is from. */
function plugin(name: string, source: string, more: ProjectOptions = NEEDS): Component {
  const toml = [more.toml ?? "", sources(`tp = ${source}`)].join("\n");
  const component = { source: { kind: "path", path: `packages/${name}` } } as const;
  return makePlugin(name, { ...more, toml, component });
}

/** The severities of the problems with tp. */
function verdicts(app: ProjectOptions, ...components: readonly Component[]): readonly string[] {
  const { problems } = reconcile({ app: makeApp(app), components });
  return problems.filter((it) => it.code === "requirements-conflict").map((it) => it.severity);
}

/** The verdict on two sources; each was tried with uv 0.13.9. */
function verdict(one: string, other: string): string {
  return verdicts({}, plugin("plug-a", one), plugin("plug-b", other)).join() || "fit";
}

Deno.test("reconcile() says which places of a third-party package uv takes for one", () => {
  assertEquals(verdict('{ path = "../x/tp" }', '{ path = "../x/./tp/" }'), "fit");
  assertEquals(verdict('{ path = "../x/tp" }', '{ path = "../y/tp" }'), "error");
  assertEquals(verdict('{ path = "../x/tp" }', '{ path = "../x/tp", editable = true }'), "error");
  assertEquals(verdict('{ path = "../x/tp" }', '{ path = "/x/tp" }'), "unchecked");
  assertEquals(verdict('{ path = "../x/tp" }', '{ git = "https://e.org/tp" }'), "error");
  const git = (more: string) => `{ git = "https://e.org/tp", ${more} }`;
  assertEquals(verdict(git('tag = "v1"'), git('tag = "v1"')), "fit");
  assertEquals(verdict(git('tag = "v1"'), '{ git = "https://e.org/tp.git", tag = "v1" }'), "fit");
  assertEquals(verdict(git('tag = "v1"'), '{ git = "https://e.org/x", tag = "v1" }'), "error");
  assertEquals(verdict(git('tag = "v1"'), git('tag = "v1", subdirectory = "x"')), "error");
  // Two names may stand for one commit, and two commits never do.
  assertEquals(verdict(git('tag = "v1"'), git('branch = "main"')), "unchecked");
  const rev = (digit: string) => git(`rev = "${digit.repeat(40)}"`);
  assertEquals(verdict(rev("a"), rev("b")), "error");
  assertEquals(verdict(rev("a"), rev("a")), "fit");
  assertEquals(
    verdict('{ url = "https://e.org/a.whl" }', '{ url = "https://e.org/b.whl" }'),
    "error",
  );
  assertEquals(verdict("{ workspace = true }", "{ workspace = true }"), "error");
  assertEquals(verdict('{ index = "a" }', '{ index = "b" }'), "error");
  assertEquals(verdict('{ index = "a" }', '{ index = "a" }'), "fit");
  assertEquals(verdict('{ index = "a" }', '{ path = "../x/tp" }'), "fit");
});

Deno.test("reconcile() heeds markers, extras and groups of a source", () => {
  const windows = `{ path = "../x/tp", marker = "sys_platform == 'win32'" }`;
  const others = `{ path = "../y/tp", marker = "sys_platform != 'win32'" }`;
  assertEquals(verdict(`[${windows}, ${others}]`, others), "fit");
  assertEquals(verdict(`[${windows}, ${others}]`, '{ path = "../y/tp" }'), "error");
  const rare = `{ path = "../x/tp", marker = "platform_machine == 'riscv64'" }`;
  assertEquals(verdict(rare, '{ path = "../y/tp" }'), "error");
  const gpu = { ...NEEDS, extras: { gpu: ["tp"] } };
  const b = plugin("plug-b", '{ path = "../y/tp" }');
  assertEquals(verdicts({}, plugin("plug-a", '{ path = "../x/tp", extra = "gpu" }', gpu), b), []);
  const asked = {
    ...plugin("plug-a", '{ path = "../x/tp", extra = "gpu" }', gpu),
    extras: ["gpu"],
  };
  assertEquals(verdicts({}, asked, b), ["error"]);
  // What one file says for its own extras is uv's to judge.
  const both = plugin(
    "plug-a",
    '[{ path = "x", extra = "gpu" }, { path = "y", extra = "cpu" }]',
    { extras: { gpu: ["tp"], cpu: ["tp"] } },
  );
  assertEquals(verdicts({}, { ...both, extras: ["gpu", "cpu"] }), []);
  const group = '[dependency-groups]\nx = ["tp"]';
  const grouped = { ...NEEDS, toml: group };
  assertEquals(verdicts({}, plugin("plug-a", '{ path = "../x/tp", group = "x" }', grouped), b), []);
});

Deno.test("reconcile() compares places with those of the app, unless an override settles them", () => {
  const a = plugin("plug-a", '{ path = "../x/tp" }');
  const from = (path: string) => sources(`tp = { path = "${path}" }`);
  assertEquals(verdicts({ ...NEEDS, toml: from("packages/x/tp") }, a), []);
  assertEquals(verdicts({ ...NEEDS, toml: from("tp") }, a), ["error"]);
  // uv ignores a source for what the app does not name.
  assertEquals(verdicts({ toml: from("tp") }, a), []);
  const uv = (key: string) => `[tool.uv]\n${key} = ["tp"]\n${from("tp")}`;
  assertEquals(verdicts({ toml: uv("constraint-dependencies") }, a), ["error"]);
  assertEquals(verdicts({ ...NEEDS, toml: uv("override-dependencies") }, a), []);
  // uv locks all groups, but for those that `conflicts` keeps apart.
  const group = { toml: `[dependency-groups]\nx = ["tp"]\n${from("tp")}` };
  assertEquals(verdicts(group, a), ["error"]);
});

Deno.test("reconcile() is not certain where dependencies are computed, and names both files", () => {
  const text = makePlugin("plug-b", { toml: sources('tp = { path = "../y/tp" }') });
  const dynamic = {
    ...text,
    source: { kind: "path", path: "packages/plug-b" } as const,
    metadata: { ...text.metadata!, dynamic: ["dependencies"] },
  };
  const { problems } = reconcile({
    app: makeApp(),
    components: [plugin("plug-a", '{ path = "../x/tp" }'), dynamic],
  });
  assertEquals(problems.filter((it) => it.code === "requirements-conflict"), [{
    code: "requirements-conflict",
    severity: "unchecked",
    message:
      "plug-a 1.2.0 needs tp from packages/x/tp, plug-b 1.2.0 may need tp from packages/y/tp",
    sides: [
      {
        component: "plug-a",
        file: "packages/plug-a/pyproject.toml",
        line: 8,
        requirement: 'tp = { path = "../x/tp" }',
      },
      {
        component: "plug-b",
        file: "packages/plug-b/pyproject.toml",
        line: 7,
        requirement: 'tp = { path = "../y/tp" }',
      },
    ],
    fix:
      "let the package manager judge it with `hsm check --resolve`, for a build may say otherwise; or name tp in hsm.yaml, whose source then counts for all, " +
      "or change it in packages/plug-a/pyproject.toml:8, or change it in packages/plug-b/pyproject.toml:7",
  }]);
});
