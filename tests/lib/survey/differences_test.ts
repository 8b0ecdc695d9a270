import { assertEquals } from "@std/assert";
import { useOf } from "../../../lib/adapters/uv/uses.ts";
import { type Facts, findDifferences, type PackageFacts } from "../../../lib/survey/differences.ts";
import type { LockState, Stranger } from "../../../lib/adapters/adapter.ts";
import type { ManifestPackage } from "../../../lib/manifest/model.ts";
import type { InstalledPackage } from "../../../lib/packages/installed.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";

/** The package `a` of a manifest that says this of it. */
function packageOf(entry: string): ManifestPackage {
  const text = `git: https://example.com/{name}\npackages:\n  a: ${entry}\n`;
  return parseManifest({ shared: { path: "hsm.yaml", text } }).packages[0]!;
}

const PROD = packageOf("v1");
const DEV = packageOf("{ tag: v1, mode: dev }");
const GIT = "https://example.com/a";
const LOCKED = { tag: "v1", branch: undefined, commit: "abcdef" };
const CHECKOUT: NonNullable<PackageFacts["checkout"]> = { kind: "checkout", gaps: [] };

function commit(requested: string | undefined, url = GIT, subdirectory?: string): InstalledPackage {
  const origin = { kind: "git", url, commit: "abcdef", requested, subdirectory } as const;
  return { version: "1.0", origin };
}

function folder(path: string, editable = true): InstalledPackage {
  return { version: "1.0", origin: { kind: "folder", path, editable } };
}

/** Everything in line, but for what is given. */
function all(facts: Partial<Facts> = {}): Facts {
  return {
    root: "/app",
    edited: "pyproject.toml",
    packages: [PROD],
    known: new Map(),
    isRewritten: false,
    changes: [],
    lockFile: "uv.lock",
    lock: { state: "current" },
    strangers: [],
    install: { environment: "kept", steps: [] },
    ...facts,
  };
}

function told(facts: Partial<Facts>): readonly string[] {
  return findDifferences(all(facts)).map((it) =>
    `${it.kind}: ${it.package === undefined ? "" : `${it.package}: `}${it.message}`
  );
}

/** What is told of the package `a`, where pyproject.toml would get another source of it. */
function toldOfSource(it: ManifestPackage, source: unknown): readonly string[] {
  const change = { package: "a", what: "source", action: "replace", from: "x", to: "y" } as const;
  const known = new Map([["a", { source: source === undefined ? undefined : useOf(source) }]]);
  return told({ packages: [it], known, isRewritten: true, changes: [change] });
}

/** What is told of the package `a`, where uv would install another. */
function toldOfInstall(it: ManifestPackage, own: PackageFacts): readonly string[] {
  const steps = ["uninstall", "install"].map((action) => ({
    action: action as "install",
    package: "a",
    what: "a==2",
  }));
  const install = { environment: "kept", steps } as const;
  return told({ packages: [it], known: new Map([["a", own]]), install });
}

Deno.test("findDifferences() finds nothing where nothing would change, whatever names say", () => {
  assertEquals(told({}), []);
  // Another tag of the same commit, which uv leaves alone.
  const installed = commit("v0.9");
  assertEquals(told({ known: new Map([["a", { installed, locked: LOCKED }]]) }), []);
  // Nobody needs it here, says uv.
  assertEquals(told({ packages: [PROD, { ...DEV, key: "b", name: "b" }] }), []);
});

Deno.test("findDifferences() says what is the matter with a source", () => {
  const source = { git: GIT, tag: "v1" };
  const cases: [unknown, string][] = [
    [undefined, "pyproject.toml has no source for it"],
    [[{ git: GIT }], "pyproject.toml has several sources for it"],
    [{ path: "packages/a" }, "pyproject.toml does not use the pin"],
    [{ ...source, git: "https://x/b" }, "pyproject.toml uses https://x/b"],
    [{ git: GIT, tag: "v0" }, "pyproject.toml uses v0"],
    [{ git: GIT }, "pyproject.toml names no pin"],
    [{ ...source, subdirectory: "x" }, "pyproject.toml uses another subdirectory"],
    [{ ...source, lfs: true }, "pyproject.toml asks for what Git LFS keeps"],
    [{ ...source, branch: "x" }, "pyproject.toml has another source for it"],
  ];
  for (const [it, message] of cases) {
    assertEquals(toldOfSource(PROD, it), [`pyproject: a: ${message}`]);
  }
  const dev: [unknown, string][] = [
    [source, "pyproject.toml does not use packages/a"],
    [{ path: "packages/ab", editable: true }, "pyproject.toml uses packages/ab"],
    [{ path: "packages/a" }, "pyproject.toml does not take it as editable"],
  ];
  for (const [it, message] of dev) {
    assertEquals(toldOfSource(DEV, it), [`pyproject: a: ${message}`]);
  }
  assertEquals(toldOfSource(packageOf("{ tag: v1, lfs: true }"), source), [
    "pyproject: a: pyproject.toml does not ask for what Git LFS keeps",
  ]);
});

Deno.test("findDifferences() tells of all else in pyproject.toml, and of packages that have left the manifest", () => {
  const changes = [{ package: "A", what: "requirement", action: "add", to: "a" }] as const;
  assertEquals(told({ isRewritten: true, changes }), [
    "pyproject: a: pyproject.toml lacks requirement a",
  ]);
  const gone = [{ package: "gone", what: "source", action: "remove", from: "x" }] as const;
  assertEquals(told({ isRewritten: true, changes: gone }), [
    "pyproject: pyproject.toml does not say what hsm.yaml says about gone",
  ]);
  assertEquals(told({ isRewritten: true }), [
    "pyproject: pyproject.toml does not say what hsm.yaml says",
  ]);
});

Deno.test("findDifferences() says what is installed instead, where uv would install another", () => {
  const prod: [PackageFacts, string][] = [
    [{}, "not installed"],
    [{ installed: commit("v0") }, "installed is v0"],
    [{ installed: commit("abcdef") }, "installed is rev abcdef"],
    [
      { installed: commit("v1"), locked: { ...LOCKED, commit: "fedcba" } },
      "installed is rev abcdef, locked rev fedcba",
    ],
    [{ installed: commit("v1", "https://x/b") }, "installed is from https://x/b"],
    [{ installed: commit("v1", GIT, "x") }, "installed is from another subdirectory"],
    [{ installed: folder("/app/packages/a") }, "installed is an editable checkout, not v1"],
    [
      { installed: { version: "1", origin: { kind: "index" } } },
      "installed is from an index, not v1",
    ],
    [{ installed: commit("v1") }, "installed is not what is locked"],
  ];
  for (const [own, message] of prod) {
    assertEquals(toldOfInstall(PROD, own), [`environment: a: ${message}`]);
  }
  const source = useOf({ path: "packages/a", editable: true });
  const dev: [InstalledPackage, string][] = [
    [folder("/app/packages/a", false), "installed is a copy of the checkout"],
    [folder("/else"), "installed is /else, not the checkout"],
    [commit("v1"), "installed is v1, not the checkout"],
    [folder("/app/packages/a"), "installed is not what is locked"],
  ];
  for (const [installed, message] of dev) {
    const own = { source, installed, checkout: CHECKOUT };
    assertEquals(toldOfInstall(DEV, own), [`environment: a: ${message}`]);
  }
  const steps = [{ action: "uninstall", package: "a", what: "a==1" }] as const;
  const known = new Map([["a", { installed: commit("v1") }]]);
  assertEquals(told({ known, install: { environment: "kept", steps } }), [
    "environment: a: installed, though nothing asks for it",
  ]);
});

Deno.test("findDifferences() tells first what the rest follows from", () => {
  const own = (facts: PackageFacts) => new Map([["a", facts]]);
  const changes = [{ package: "a", what: "source", action: "add", to: "x" }] as const;
  const missing = { checkout: { kind: "missing" } } as const;
  const foreign = { checkout: { kind: "foreign", reason: "a file" } } as const;
  assertEquals(told({ packages: [DEV], known: own(missing), changes }), [
    "checkout: a: packages/a is missing",
  ]);
  assertEquals(told({ packages: [DEV], known: own(foreign), changes }), [
    "checkout: a: packages/a is a file",
  ]);
  assertEquals(told({ packages: [{ ...PROD, pin: undefined }], changes }), [
    "manifest: a: names no pin",
  ]);
  assertEquals(told({ packages: [{ ...PROD, git: undefined }], changes }), [
    "manifest: a: names no repository",
  ]);
  assertEquals(
    told({ known: own({ checkout: { kind: "checkout", gaps: ["x", "y"] } }), changes }),
    [
      "checkout: a: its submodules x, y are missing: run `hsm clone a`",
      "pyproject: a: pyproject.toml has no source for it",
    ],
  );
  assertEquals(told({ known: own({ checkout: { kind: "checkout", gaps: ["vendor/lib"] } }) }), [
    "checkout: a: its submodule vendor/lib is missing: run `hsm clone a`",
  ]);
});

Deno.test("findDifferences() tells of the lock file and of the environment as a whole", () => {
  const lock = (state: LockState["state"], reason?: string) =>
    told({ lock: { state, ...(reason === undefined ? {} : { reason }) } });
  assertEquals(lock("missing"), ["lock: there is no uv.lock"]);
  assertEquals(lock("stale"), ["lock: uv.lock does not match pyproject.toml"]);
  assertEquals(lock("unknown"), []);
  assertEquals(lock("unknown", "no"), [
    "lock: whether uv.lock matches pyproject.toml is not known: no",
  ]);
  const strangers: readonly Stranger[] = [{ package: "a", from: "the index x" }];
  assertEquals(told({ strangers }), ["lock: a: the lock file has it from the index x"]);
  const environment = (install: Facts["install"]) => told({ install });
  assertEquals(environment({ environment: "made", steps: [] }), [
    "environment: there is no environment",
  ]);
  assertEquals(environment({ environment: "kept", steps: undefined, reason: "no" }), [
    "environment: what a sync would install is not known: no",
  ]);
  const steps = ["w==1", "x==1 (from y)", "y @ z", "z==1"].map((what) => ({
    action: "install" as const,
    package: what.slice(0, 1),
    what,
  }));
  const gone = { action: "uninstall", package: "q", what: "q==1" } as const;
  assertEquals(environment({ environment: "kept", steps: [...steps, gone] }), [
    "environment: in the environment, a sync would install w==1, x==1, y and 1 more and uninstall q==1",
  ]);
});
