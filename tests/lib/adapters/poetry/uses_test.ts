import { assertEquals } from "@std/assert";
import { readPoetryPackages } from "../../../../lib/adapters/poetry/foreign_packages.ts";
import { injectSources } from "../../../../lib/adapters/poetry/inject.ts";
import { readApp } from "../../../../lib/adapters/poetry/read_app.ts";
import { shadowPyproject } from "../../../../lib/adapters/poetry/shadow.ts";
import {
  changedSources,
  findStrangers,
  localSources,
  ownedBy,
  usesOf,
} from "../../../../lib/adapters/poetry/uses.ts";
import type { AppFiles } from "../../../../lib/adapters/adapter.ts";
import type { LockedSource } from "../../../../lib/adapters/reader.ts";

function filesOf(text: string): AppFiles {
  return {
    environment: undefined,
    pyproject: () => Promise.resolve(text),
    read: () => Promise.resolve(undefined),
    has: () => false,
  };
}

const LEGACY = `[tool.poetry]
name = "app"
version = "1.0"

[tool.poetry.dependencies]
python = "^3.11"
idna = "^3.7"
own-git = { git = "https://example.com/own-git", tag = "v1" }
own-path = { path = "../own", develop = true }
own-url = { url = "https://example.com/own.whl" }
several = [{ git = "https://example.com/a" }, { path = "b" }]

[tool.poetry.group.web.dependencies]
flask = ">=3"
`;

const SOURCES = [
  { package: "plug", source: { kind: "path", path: "packages/plug" } },
  { package: "other", source: { kind: "git", git: "https://example.com/other", tag: "v1" } },
] as const;

const WRITTEN = injectSources(LEGACY, {
  packages: SOURCES.map(({ package: name, source }) => ({
    name,
    source,
    extras: [],
    group: undefined,
    require: true,
  })),
}).text;

Deno.test("poetry: usesOf() tells the user's own sources and HSM's", async () => {
  const project =
    '[project]\nname = "app"\ndependencies = ["direct @ git+https://x/d@v1#subdirectory=py", "f @ https://x/f.whl"]\n';
  assertEquals(Object.fromEntries(await usesOf(filesOf(project))), {
    direct: { kind: "git", git: "https://x/d", rev: "v1", subdirectory: "py" },
    f: { kind: "foreign", isSeveral: false },
  });
  assertEquals(Object.fromEntries(await usesOf(filesOf(WRITTEN))), {
    "own-git": { kind: "git", git: "https://example.com/own-git", tag: "v1" },
    "own-path": { kind: "path", path: "../own", editable: true },
    "own-url": { kind: "foreign", isSeveral: false },
    several: { kind: "foreign", isSeveral: true },
    plug: { kind: "path", path: "packages/plug", editable: true },
    other: { kind: "git", git: "https://example.com/other", tag: "v1" },
  });
  assertEquals(await ownedBy(filesOf(WRITTEN)), ["other", "plug"]);
});

Deno.test("poetry: changedSources() tells what is not written down in that way", async () => {
  assertEquals(await changedSources(filesOf(WRITTEN), SOURCES), []);
  assertEquals(await changedSources(filesOf(LEGACY), SOURCES), ["plug", "other"]);
  const moved = WRITTEN.replace('tag = "v1" }\n\n[tool.hsm]', 'tag = "v2" }\n\n[tool.hsm]');
  assertEquals(moved === WRITTEN, false);
  assertEquals(await changedSources(filesOf(moved), SOURCES), ["other"]);
});

Deno.test("poetry: localSources() finds what comes from this machine", () => {
  assertEquals(
    localSources(WRITTEN, "pyproject.toml").map((it) => [it.name, it.path, it.at.join(".")]),
    [
      ["own-path", "../own", "tool.poetry.dependencies.own-path.path"],
      ["several", "b", "tool.poetry.dependencies.several.1.path"],
      ["plug", "packages/plug", "tool.poetry.group.hsm.dependencies.plug.path"],
    ],
  );
});

Deno.test("poetry: readApp() reads Poetry's own tables, without what HSM has added", () => {
  for (const text of [LEGACY, WRITTEN]) {
    const { app, problems } = readApp({ component: "app", file: "pyproject.toml", text });
    assertEquals(problems, []);
    assertEquals([app?.name, app?.version, app?.requiresPython], ["app", "1.0", ">=3.11,<4.0"]);
    assertEquals(app?.dependencies.filter((it) => /idna|plug|other/.test(it)), ["idna>=3.7,<4.0"]);
    assertEquals(app?.dependencyGroups, { web: ["flask>=3"] });
  }
  const { app } = readApp({
    component: "app",
    file: "pyproject.toml",
    text: '[project]\nname = "app"\ndependencies = ["idna"]\n[dependency-groups]\nweb = ["a"]\n' +
      '[tool.poetry]\npackage-mode = false\n[tool.poetry.group.Web.dependencies]\nb = "*"\n',
  });
  assertEquals([app?.dependencies, app?.dependencyGroups], [["idna"], { web: ["a", "b"] }]);
});

Deno.test("poetry: readPoetryPackages() takes git and path dependencies, and says what it leaves", () => {
  const { packages, skipped } = readPoetryPackages(
    `${LEGACY}fast = { git = "git@example.com:t/fast", branch = "main", extras = ["x"] }\n`,
    "pyproject.toml",
  );
  assertEquals(packages, [
    { name: "own-git", git: "https://example.com/own-git", version: { tag: "v1" }, mode: "prod" },
    { name: "own-path", folder: "../own" },
    {
      name: "fast",
      git: "git@example.com:t/fast",
      version: { branch: "main" },
      mode: "prod",
      extras: ["x"],
    },
  ]);
  assertEquals(skipped.map((it) => it.name), ["several"]);
});

Deno.test("poetry: findStrangers() compares the lock file with HSM's group", async () => {
  const folders = { root: "/srv/app", lock: "/srv/app" };
  const git = (url: string, reference: string): LockedSource => ({
    kind: "git",
    url,
    tag: reference,
    branch: reference,
    rev: reference,
    commit: undefined,
    subdirectory: undefined,
  });
  const strangers = async (key: string, source: LockedSource) => {
    const locked = [{
      ...{ key, version: "1", source, written: "there", needs: [] },
      extras: new Set<string>(),
    }];
    return (await findStrangers(locked, filesOf(WRITTEN), [key], folders)).length;
  };
  const path = (path: string): LockedSource => ({ kind: "path", path, isFile: false });
  assertEquals(await strangers("plug", path("packages/plug")), 0);
  assertEquals(await strangers("plug", path("packages/x")), 1);
  assertEquals(await strangers("plug", { kind: "index", url: "PyPI" }), 1);
  assertEquals(await strangers("other", git("https://example.com/other", "v1")), 0);
  assertEquals(await strangers("other", git("https://example.com/other", "v2")), 1);
  assertEquals(await strangers("other", git("https://example.com/x", "v1")), 1);
  assertEquals(await strangers("own-git", { kind: "index", url: "PyPI" }), 0);
});

Deno.test("poetry: a shadow has absolute paths and is no package", () => {
  const text = shadowPyproject(WRITTEN, "/srv/app");
  assertEquals([...text.matchAll(/^path = "(.*)"$/gm)].map((it) => it[1]), [
    "/srv/own",
    "/srv/app/b",
    "/srv/app/packages/plug",
  ]);
  assertEquals(text.includes("package-mode = false"), true);
});
