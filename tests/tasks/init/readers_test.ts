import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { parseGitmodules, resolveSubmoduleUrl } from "../../../lib/git/gitmodules.ts";
import { readMxIni } from "../../../tasks/init/mxdev.ts";
import { readRef } from "../../../tasks/init/resolve.ts";
import { readUvSources } from "../../../lib/adapters/uv/foreign_sources.ts";
import { readRepos } from "../../../tasks/init/vcstool.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

Deno.test("readUvSources() reads sources from git and from folders, and says which ones it cannot take", () => {
  const file = readUvSources(
    `[project]
name = "app"
version = "1"
dependencies = ["Plug_A[fast]>=1"]
[project.optional-dependencies]
more = ["plug-b"]
[dependency-groups]
dev = ["plug-c", { include-group = "x" }]
x = []
[tool.uv.sources]
plug-a = { git = "https://example.com/a", tag = "v1", subdirectory = "py" }
plug-b = { git = "https://example.com/b", rev = "${COMMIT}" }
plug-c = { git = "https://example.com/c", rev = "develop" }
plug-d = { git = "https://example.com/d", branch = "main" }
plug-e = { git = "https://example.com/e" }
plug-f = { path = "../f", editable = true }
plug-g = { workspace = true }
plug-h = [{ git = "https://example.com/h", marker = "x" }]
plug-i = { git = "https://example.com/i", marker = "x" }
plug-j = [{ index = "x" }]
plug-k = { git = "https://example.com/k", tag = "v1", lfs = true }
plug-l = { git = "https://example.com/l", tag = "v1", lfs = false }
`,
    "pyproject.toml",
  );

  const source = { mode: "prod", subdirectory: undefined } as const;
  const url = (name: string) => `https://example.com/${name}`;
  assertEquals(file.packages, [
    { ...source, name: "plug-a", git: url("a"), version: { tag: "v1" }, subdirectory: "py" },
    { ...source, name: "plug-b", git: url("b"), version: { rev: COMMIT } },
    { ...source, name: "plug-c", git: url("c"), version: { ref: "develop" } },
    { ...source, name: "plug-d", git: url("d"), version: { branch: "main" }, require: false },
    { ...source, name: "plug-e", git: url("e"), version: "default-branch", require: false },
    { name: "plug-f", folder: "../f", require: false },
    { ...source, name: "plug-k", git: url("k"), version: { tag: "v1" }, lfs: true, require: false },
    { ...source, name: "plug-l", git: url("l"), version: { tag: "v1" }, require: false },
  ]);
  assertEquals(file.skipped, [
    { name: "plug-h", reason: "it has several sources, which hsm.yaml cannot express" },
    { name: "plug-i", reason: "its source has `marker`, which hsm.yaml cannot express" },
  ]);
});

Deno.test("readMxIni() reads sections as mxdev does", () => {
  const file = readMxIni(
    `# a comment
[settings]
requirements-in = requirements.txt
    more.txt
default-target = ./src/
remote = git@example.com:team
remotes_plone = https://example.com/plone

[plone.api]
URL = \${settings:remotes_plone}/\${name}.git
name = plone.api
extras = test, doc
subdirectory = py
branch = 2.x

[plone]
url = \${remote}/plone.git
target = elsewhere

[loop]
url = \${loop:url}

[off]
url = x
use = false

[skipped]
url = x
install-mode = skip

[svn]
url = x
vcs = svn

[mine]
anything = 1
`,
    "mx.ini",
  );

  assertEquals(file.packages, [
    {
      name: "plone",
      git: "git@example.com:team/plone.git",
      version: { ref: "main" },
      mode: "dev",
      path: "elsewhere/plone",
      subdirectory: undefined,
      extras: [],
    },
    {
      name: "plone.api",
      git: "https://example.com/plone/plone.api.git",
      version: { ref: "2.x" },
      mode: "dev",
      path: "src/plone.api",
      subdirectory: "py",
      extras: ["test", "doc"],
    },
    {
      name: "loop",
      git: "${loop:url}",
      version: { ref: "main" },
      mode: "dev",
      path: "src/loop",
      subdirectory: undefined,
      extras: [],
    },
  ]);
  assertEquals(file.skipped.map((it) => it.name), ["off", "skipped", "svn"]);
});

Deno.test("readRepos() reads repositories, and refuses what is none", () => {
  const file = readRepos(
    `repositories:
  ros/plug-a: { type: git, url: 'https://example.com/a.git', version: 1.10 }
  plug-b:
    type: git
    url: https://example.com/b.git
  plug-c: { type: git, url: 'https://example.com/c.git', version: ${COMMIT} }
  hg-one: { type: hg, url: x }
  bare: { type: git }
`,
    "my.repos",
  );

  assertEquals(file.packages, [
    {
      name: "plug-a",
      git: "https://example.com/a.git",
      version: { ref: "1.10" },
      path: "ros/plug-a",
    },
    { name: "plug-b", git: "https://example.com/b.git", version: "default-branch", path: "plug-b" },
    { name: "plug-c", git: "https://example.com/c.git", version: { rev: COMMIT }, path: "plug-c" },
  ]);
  assertEquals(file.skipped, [
    { name: "hg-one", reason: "it is kept in hg, not in git" },
    { name: "bare", reason: "it has no url" },
  ]);
  assertEquals(readRepos("repositories:\n", "my.repos").packages, []);
  for (const text of ["", "a: [", "- x\n", "repositories: x\n", "other: {}\n"]) {
    assertEquals(
      assertThrows(() => readRepos(text, "my.repos"), HsmError).code,
      "manifest-invalid",
    );
  }
});

Deno.test("readRepos() takes what git takes for the name of a commit", () => {
  const versions = (text: string) => readRepos(text, "my.repos").packages.map((it) => it.version);
  const repository = (version: string) =>
    `  p${version}: { type: git, url: x, version: ${version} }\n`;
  const cases: [string, ReturnType<typeof versions>[number]][] = [
    ["tags/1.10", { tag: "1.10" }],
    ["refs/tags/libs/plug/v1.0", { tag: "libs/plug/v1.0" }],
    ["heads/feature/x", { branch: "feature/x" }],
    ["refs/heads/main", { branch: "main" }],
    [COMMIT, { rev: COMMIT }],
    ["0".repeat(64), { rev: "0".repeat(64) }],
    ["abcdef1", { ref: "abcdef1" }],
    ["origin/main", { ref: "origin/main" }],
    ["refs/pull/7/head", { ref: "refs/pull/7/head" }],
    ["tags/", { ref: "tags/" }],
    ["main", { ref: "main" }],
  ];
  const text = `repositories:\n${cases.map(([version]) => repository(version)).join("")}`;
  assertEquals(versions(text), cases.map(([, version]) => version));
  const mxdev = (lines: string) =>
    readMxIni(`[a]\nurl = x\n${lines}`, "mx.ini").packages[0]?.version;
  assertEquals(mxdev("branch = tags/v1"), { tag: "v1" });
  assertEquals(mxdev(`rev = ${COMMIT}`), { rev: COMMIT });
  assertEquals(mxdev("revision = v2"), { ref: "v2" });
  const uv = (rev: string) => {
    const text = `[tool.uv.sources]\na = { git = "x", rev = "${rev}" }\n`;
    const [first] = readUvSources(text, "pyproject.toml").packages;
    return first !== undefined && "version" in first ? first.version : undefined;
  };
  assertEquals(uv("refs/tags/v1"), { tag: "v1" });
  // uv itself takes a name without refs/ for one of a tag or branch.
  assertEquals(uv("tags/v1"), { ref: "tags/v1" });
});

Deno.test("readUvSources() reads the URLs of requirements, where no source counts more", () => {
  const { packages, skipped } = readUvSources(
    `[project]
name = "app"
version = "1"
dependencies = [
  "plug-a[fast] @ git+https://me:secret@example.com/a@v1#subdirectory=py",
  "plug-b @ git+https://example.com/b@v1",
  "plug-c @ git+https://example.com/c ; os_name == 'nt'",
  "plug-d @ https://example.com/d.zip",
]
[dependency-groups]
dev = ["plug-a @ git+https://example.com/other", "plug-e @ git+ssh://git@example.com/e.git"]
[tool.uv.sources]
Plug_B = { path = "../b" }
`,
    "pyproject.toml",
  );
  assertEquals(packages, [
    { name: "Plug_B", folder: "../b" },
    {
      name: "plug-a",
      git: "https://example.com/a",
      version: { ref: "v1" },
      mode: "prod",
      subdirectory: "py",
      extras: ["fast"],
    },
    {
      name: "plug-e",
      git: "ssh://git@example.com/e.git",
      version: "default-branch",
      mode: "prod",
    },
  ]);
  assertEquals(skipped, [
    { name: "plug-c", reason: "it has a marker, which hsm.yaml cannot express" },
  ]);
});

Deno.test("readRepos() reads rosinstall's list", () => {
  const file = readRepos(
    `- git: { local-name: src/plug-a/, uri: 'https://example.com/a.git', version: 1.10 }
- git:
    local-name: plug-b
    uri: https://example.com/b.git
    version: tags/v1
- hg: { local-name: hg-one, uri: x }
- other: { local-name: ../beside }
- git: { local-name: bare }
`,
    ".rosinstall",
  );

  assertEquals(file.packages, [
    {
      name: "plug-a",
      git: "https://example.com/a.git",
      version: { ref: "1.10" },
      path: "src/plug-a",
    },
    { name: "plug-b", git: "https://example.com/b.git", version: { tag: "v1" }, path: "plug-b" },
  ]);
  assertEquals(file.skipped, [
    { name: "hg-one", reason: "it is kept in hg, not in git" },
    { name: "../beside", reason: "it is kept in other, not in git" },
    { name: "bare", reason: "it has no url" },
  ]);
  assertEquals(readRepos("[]", "my.repos").packages, []);
  for (const text of ["- git: x\n", "- git: { uri: x }\n", "- { git: {}, hg: {} }\n", "- [x]\n"]) {
    assertEquals(assertThrows(() => readRepos(text, "x"), HsmError).code, "manifest-invalid");
  }
});

Deno.test("parseGitmodules() takes names with dots and spaces, and values with line breaks", () => {
  const listed = [
    "submodule.libs/plug.a.path\nlibs/plug a/",
    "submodule.libs/plug.a.url\n../a.git",
    "submodule.libs/plug.a.branch\n.",
    "submodule.b.path\nb",
    "submodule.b.update\nnone",
    "submodule.b.shallow",
    "core.bare\nfalse",
    "",
  ].join("\0");

  assertEquals(parseGitmodules(listed), [
    { name: "libs/plug.a", path: "libs/plug a", url: "../a.git", branch: ".", update: "" },
    { name: "b", path: "b", url: "", branch: "", update: "none" },
  ]);
});

Deno.test("resolveSubmoduleUrl() resolves as git does", () => {
  const cases: [string, string, string][] = [
    ["https://example.com/x.git", "https://example.com/org/app.git", "https://example.com/x.git"],
    ["../x.git", "https://example.com/org/app.git", "https://example.com/org/x.git"],
    ["../../other/x", "https://example.com/org/app.git/", "https://example.com/other/x"],
    ["./x", "https://example.com/org/app", "https://example.com/org/app/x"],
    ["../x.git", "git@example.com:org/app.git", "git@example.com:org/x.git"],
    ["../../x.git", "git@example.com:org/app.git", "git@example.com:x.git"],
    ["../x", "/srv/app", "/srv/x"],
  ];
  for (const [url, base, expected] of cases) {
    assertEquals(resolveSubmoduleUrl(url, base), expected, `${url} at ${base}`);
  }
});

Deno.test("readRef() asks the remote first, and guesses only then", () => {
  const refs = `${COMMIT}\trefs/tags/v1\n${COMMIT}\trefs/heads/v1\n${COMMIT}\trefs/heads/main\n`;
  assertEquals(readRef("v1", refs), { pin: { tag: "v1" } });
  assertEquals(readRef("main", refs), { pin: { branch: "main" } });
  for (const answer of [refs, undefined]) {
    assertEquals(readRef("abcdef1", answer), {
      pin: { rev: "abcdef1" },
      doubt: "`abcdef1` is taken for the beginning of a commit: all its digits are best",
    });
  }
  assertEquals(readRef("v1", refs.replace(COMMIT, "1".repeat(40))), {
    pin: { tag: "v1" },
    doubt: "its remote has a tag and a branch `v1`: the tag counts",
  });
  for (const ref of ["origin/main", "remotes/origin/main", "refs/remotes/origin/main"]) {
    assertEquals(readRef(ref, refs), { pin: { branch: "main" } });
  }
  assertEquals(readRef("refs/pull/7/head", `${COMMIT}\trefs/pull/7/head\n`), {
    pin: { rev: COMMIT },
    doubt: "`refs/pull/7/head` moves, the commit that it is at now does not",
  });
  assertEquals(readRef("refs/pull/7/head", refs), {
    pin: undefined,
    doubt: "it gets no pin: it is at `refs/pull/7/head`, and its remote has none",
  });
  assertEquals(readRef("1.2.0", undefined).pin, { tag: "1.2.0" });
  assertEquals(readRef("develop", undefined), {
    pin: { branch: "develop" },
    doubt: "its remote does not answer, so `develop` is taken for a branch",
  });
  assertEquals(
    readRef("v2.0", refs).doubt,
    "its remote has no `v2.0`, which is taken for a tag",
  );
});
