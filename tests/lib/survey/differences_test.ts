import { assertEquals } from "@std/assert";
import { useOf } from "../../../lib/adapters/uv/uses.ts";
import { findDrift, type PackageFacts } from "../../../lib/survey/differences.ts";
import type { InstalledPackage } from "../../../lib/packages/installed.ts";
import { parseManifest } from "../../../lib/manifest/load.ts";

/** The package `a` of a manifest that says this of it. */
function packageOf(entry: string): PackageFacts["package"] {
  const text = `git: https://example.com/{name}\npackages:\n  a: ${entry}\n`;
  return parseManifest({ shared: { path: "hsm.yaml", text } }).packages[0]!;
}

const PROD = packageOf("v1");
const DEV = packageOf("{ tag: v1, mode: dev }");
const GIT = "https://example.com/a";
const LOCKED = { tag: "v1", branch: undefined, commit: "abcdef" };
const CHECKOUT: PackageFacts["checkout"] = {
  kind: "checkout",
  state: {
    commit: "12",
    branch: "main",
    upstream: undefined,
    ahead: undefined,
    behind: undefined,
    changed: [],
    submodules: [],
    untracked: [],
    stashes: 0,
    operation: undefined,
  },
};

function commit(requested: string | undefined, url = GIT, subdirectory?: string): InstalledPackage {
  const origin = { kind: "git", url, commit: "abcdef", requested, subdirectory } as const;
  return { version: "1.0", origin };
}

function folder(path: string, editable = true): InstalledPackage {
  return { version: "1.0", origin: { kind: "folder", path, editable } };
}

/** What is known of a package; its source as `[tool.uv.sources]` has it. */
type Facts = Partial<Omit<PackageFacts, "source">> & { readonly source?: unknown };

function messages({ source: written, ...facts }: Facts): readonly string[] {
  const source = written === undefined ? undefined : useOf(written);
  const nothing = {
    checkout: undefined,
    source,
    installed: undefined,
    locked: undefined,
  };
  const all = { root: "/app", defaultGroups: ["dev"], missingSubmodules: [], ...nothing };
  return findDrift({ ...all, package: PROD, ...facts }).map((it) => `${it.kind}: ${it.message}`);
}

Deno.test("findDrift() finds nothing where a prod package is at its pin everywhere", () => {
  const source = { git: GIT, tag: "v1" };
  assertEquals(messages({ source, installed: commit("v1") }), []);
  assertEquals(messages({ source, installed: commit("main"), locked: LOCKED }), []);
  assertEquals(messages({ source, installed: commit(undefined, `${GIT}.git/`) }), []);
  assertEquals(
    messages({
      package: packageOf("{ rev: ABCDEF1, subdirectory: python }"),
      source: { git: GIT, rev: "ABCDEF1", subdirectory: "python" },
      installed: {
        version: "1.0",
        origin: {
          kind: "git",
          url: GIT,
          commit: "abcdef1234",
          requested: "abcdef1234",
          subdirectory: "python",
        },
      },
    }),
    [],
  );
});

Deno.test("findDrift() compares a prod package's source with the manifest, then what is installed with both", () => {
  const source = { git: GIT, tag: "v1" };
  const cases: [Facts, string][] = [
    [{}, "source: pyproject.toml has no source for it"],
    [{ source: [{ git: GIT }] }, "source: pyproject.toml has several sources for it"],
    [{ source: { path: "packages/a" } }, "source: pyproject.toml does not use the pin"],
    [{ source: { ...source, git: "https://x/b" } }, "source: pyproject.toml uses https://x/b"],
    [{ source: { git: GIT, tag: "v0" } }, "source: pyproject.toml uses v0"],
    [{ source: { git: GIT } }, "source: pyproject.toml names no pin"],
    [
      { source: { ...source, subdirectory: "x" } },
      "source: pyproject.toml uses another subdirectory",
    ],
    [{ source }, "installed: not installed"],
    [{ source, installed: commit("v0") }, "installed: installed is v0"],
    [{ source, installed: commit("abcdef") }, "installed: installed is rev abcdef"],
    [
      { source, installed: commit("v0"), locked: { ...LOCKED, tag: "v0" } },
      "installed: installed is v0",
    ],
    [
      { source, installed: commit("v0"), locked: { ...LOCKED, commit: "fedcba" } },
      "installed: installed is v0",
    ],
    [
      { source, installed: commit("v1", "https://x/b") },
      "installed: installed is from https://x/b",
    ],
    [
      { source, installed: commit("v1", GIT, "x") },
      "installed: installed is from another subdirectory",
    ],
    [
      { source, installed: folder("/app/packages/a") },
      "installed: installed is an editable checkout, not v1",
    ],
    [
      { source, installed: { version: "1", origin: { kind: "index" } } },
      "installed: installed is from an index, not v1",
    ],
    [{ package: { ...PROD, pin: undefined } }, "manifest: names no pin"],
    [{ package: { ...PROD, git: undefined } }, "manifest: names no repository"],
  ];
  for (const [facts, message] of cases) assertEquals(messages(facts), [message]);
});

Deno.test("findDrift() compares a dev package's checkout, source and environment", () => {
  const source = { path: "packages/a", editable: true };
  const dev = { package: DEV, checkout: CHECKOUT };
  const cases: [Facts, string[]][] = [
    [{ source, installed: folder("/app/packages/a") }, []],
    [{ source: { workspace: true }, installed: folder("/app/packages/a/python") }, []],
    [
      {
        source: { ...source, path: "packages/a/python" },
        installed: folder("/app/packages/a/python"),
      },
      [],
    ],
    [{ source, checkout: { kind: "missing" } }, ["checkout: packages/a is missing"]],
    [
      { source, checkout: { kind: "foreign", reason: "a file" } },
      ["checkout: packages/a is a file"],
    ],
    [{ source: { git: GIT, tag: "v1" } }, ["source: pyproject.toml does not use packages/a"]],
    [{ source: { ...source, path: "packages/ab" } }, ["source: pyproject.toml uses packages/ab"]],
    [{ source: { path: "packages/a" } }, [
      "source: pyproject.toml does not say `editable = true`",
    ]],
    [{ source }, ["installed: not installed"]],
    [
      { source, installed: folder("/app/packages/a", false) },
      ["installed: installed is a copy of the checkout"],
    ],
    [
      { source, installed: folder("/else") },
      ["installed: installed is /else, not the checkout"],
    ],
    [{ source, installed: commit("v1") }, ["installed: installed is v1, not the checkout"]],
  ];
  for (const [facts, expected] of cases) assertEquals(messages({ ...dev, ...facts }), expected);
});

Deno.test("findDrift() does not miss a package that nothing may need", () => {
  const source = { git: GIT, tag: "v1" };
  assertEquals(messages({ package: packageOf("{ tag: v1, require: false }"), source }), []);
  assertEquals(messages({ package: packageOf("{ tag: v1, group: docs }"), source }), []);
});

Deno.test("findDrift() misses what a default group of uv's would have installed", () => {
  const source = { git: GIT, tag: "v1" };
  const missing = (group: string, defaultGroups?: PackageFacts["defaultGroups"]) =>
    messages({
      package: packageOf(`{ tag: v1, group: ${group} }`),
      source,
      ...(defaultGroups === undefined ? {} : { defaultGroups }),
    });
  assertEquals(missing("Dev"), ["installed: not installed"]);
  assertEquals(missing("docs"), []);
  assertEquals(missing("docs", "all"), ["installed: not installed"]);
  assertEquals(missing("dev", []), []);
});

Deno.test("findDrift() tells of submodules that are missing, beside all else", () => {
  const facts = { package: DEV, checkout: CHECKOUT };
  assertEquals(messages({ ...facts, missingSubmodules: ["vendor/lib"] }), [
    "checkout: its submodule vendor/lib is missing: run `hsm clone a`",
    "source: pyproject.toml has no source for it",
  ]);
  assertEquals(
    messages({ ...facts, missingSubmodules: ["x", "y"] })[0],
    "checkout: its submodules x, y are missing: run `hsm clone a`",
  );
});

Deno.test("findDrift() compares `lfs` in both ways", () => {
  const source = { git: GIT, tag: "v1" };
  const installed = commit("v1");
  const wanting = packageOf("{ tag: v1, lfs: true }");
  assertEquals(messages({ package: wanting, source: { ...source, lfs: true }, installed }), []);
  assertEquals(messages({ source: { ...source, lfs: false }, installed }), []);
  assertEquals(messages({ package: wanting, source, installed }), [
    "source: pyproject.toml does not say `lfs = true`",
  ]);
  assertEquals(messages({ source: { ...source, lfs: true }, installed }), [
    "source: pyproject.toml says `lfs = true`",
  ]);
});
