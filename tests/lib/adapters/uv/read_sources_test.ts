import { assertEquals } from "@std/assert";
import { readMetadata } from "../../../../lib/adapters/uv/read_metadata.ts";

const PROJECT = '[project]\nname = "rs-api"\nversion = "1"\n';
const ROOT = `[tool.uv.workspace]
members = ["pkgs/*"]
exclude = ["pkgs/old"]
[tool.uv.sources]
rs-lib = { workspace = true }
RS_Ext = { path = "ext" }
`;

/** The sources of a member, as `name file:line`. */
function sources(own: string, root: string, path = "pkgs/rs-api"): readonly string[] {
  const above = { file: "rs@v1:pyproject.toml", text: root, path };
  const file = `rs@v1:${path}/pyproject.toml`;
  const { metadata, problems } = readMetadata({ component: "rs-api", file, text: own, above });
  assertEquals(problems, []);
  return metadata!.sources.map((it) => `${it.name} ${it.file.replace(path, "…")}:${it.line}`);
}

Deno.test("readMetadata() gives a member the sources of its workspace's root, and its own before them", () => {
  const shared = ["rs-lib rs@v1:pyproject.toml:5", "RS_Ext rs@v1:pyproject.toml:6"];
  assertEquals(sources(PROJECT, ROOT), shared);
  assertEquals(sources(PROJECT, `[project]\nname = "root"\n${ROOT}`), [
    "rs-lib rs@v1:pyproject.toml:7",
    "RS_Ext rs@v1:pyproject.toml:8",
  ]);
  const own = `${PROJECT}[tool.uv.sources]\nrs-ext = { path = "../ext" }\n`;
  assertEquals(sources(own, ROOT), ["rs-ext rs@v1:…/pyproject.toml:5", ...shared.slice(0, 1)]);
});

const POETRY =
  '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n[tool.poetry]\nname = "rs-api"\n' +
  "[tool.uv.sources]\nx = {}\n";

Deno.test("readMetadata() takes nothing from above where uv does not", () => {
  assertEquals(sources(PROJECT, ROOT, "pkgs/old"), []);
  assertEquals(sources(PROJECT, ROOT, "pkgs/deep/rs-api"), []);
  assertEquals(sources(PROJECT, ROOT, "rs-api"), []);
  assertEquals(sources(PROJECT, ROOT.replace(/^.*workspace\]\n.*\n.*\n/, "")), []);
  assertEquals(sources(`${PROJECT}[tool.uv.workspace]\nmembers = []\n`, ROOT), []);
  // Nor does it look at what is there.
  assertEquals(sources(`${PROJECT}[tool.uv]\nmanaged = false\n`, "[tool.uv\n"), []);
  const unmanaged = "[tool.uv]\nmanaged = false\nsources.x = { path = 'x' }\n";
  assertEquals(sources(`${PROJECT}${unmanaged}`, ROOT), []);
  assertEquals(sources(POETRY, ROOT), []);
});

Deno.test("readMetadata() says what is wrong with the root of a workspace, in its file", () => {
  const read = (text: string) =>
    readMetadata({
      component: "rs-api",
      file: "rs@v1:pkgs/rs-api/pyproject.toml",
      text: PROJECT,
      above: { file: "rs@v1:pyproject.toml", text, path: "pkgs/rs-api" },
    });
  const broken = read("[tool.uv\n");
  assertEquals(broken.problems[0]?.sides, [
    { component: "rs-api", file: "rs@v1:pyproject.toml", line: 1 },
  ]);
  assertEquals(broken.metadata?.name, "rs-api");
  const wrong = read('[tool.uv.workspace]\nmembers = "pkgs/*"\n');
  assertEquals(wrong.problems[0]?.fix, "make tool.uv.workspace.members a list");
});

Deno.test("readMetadata() names an index by its URL, from the member's file or the root's", () => {
  const index = (name: string) => `[[tool.uv.index]]\nname = "${name}"\nurl = "https://${name}/"\n`;
  const source = '[tool.uv.sources]\ntp = { index = "corp" }\n';
  const choices = (own: string, root: string) =>
    readMetadata({
      component: "rs-api",
      file: "f",
      text: own,
      above: { file: "r", text: `[tool.uv.workspace]\nmembers = ["*"]\n${root}`, path: "rs-api" },
    }).metadata!.sources[0]!.choices.map((it) => it.from);
  assertEquals(choices(PROJECT, `${source}${index("corp")}`), [
    { kind: "index", url: "https://corp/" },
  ]);
  assertEquals(choices(`${PROJECT}${source}`, index("corp")), [
    { kind: "index", url: "https://corp/" },
  ]);
  assertEquals(choices(`${PROJECT}${source}`, index("other")), [
    { kind: "index", url: "corp" },
  ]);
});

Deno.test("readMetadata() says in plain words where a table leads, seen from the component's folder", () => {
  const from = (table: string, root = ROOT) =>
    readMetadata({
      component: "rs-api",
      file: "f",
      text: `${PROJECT}[tool.uv.sources]\ntp = ${table}\n`,
      above: { file: "r", text: root, path: "pkgs/rs-api" },
    }).metadata!.sources[0]!.choices;
  const workspace = { kind: "path", path: "../..", within: "uv workspace" } as const;
  const cases = [
    ["{ workspace = true }", { from: { ...workspace, isEditable: true } }],
    ["{ workspace = true, editable = false }", { from: { ...workspace, isEditable: false } }],
    ['{ path = "../tp" }', { from: { kind: "path", path: "../tp", isEditable: false } }],
    ['{ path = "/tp", editable = true }', {
      from: { kind: "path", path: "/tp", isEditable: true },
    }],
    ['{ url = "https://x/tp.whl", marker = "os_name == \'nt\'" }', {
      from: { kind: "url", url: "https://x/tp.whl" },
      marker: "os_name == 'nt'",
    }],
    ['{ git = "https://x/tp", rev = "v1", subdirectory = "py", extra = "Some_Extra" }', {
      from: { kind: "git", git: "https://x/tp", rev: "v1", subdirectory: "py" },
      extra: "some-extra",
    }],
    ["{ index = 1, group = 'Dev' }", { from: undefined, group: "dev" }],
  ] as const;
  for (const [table, expected] of cases) assertEquals(from(table), [expected], table);
  const shared = readMetadata({
    component: "rs-api",
    file: "f",
    text: PROJECT,
    above: { file: "r", text: ROOT, path: "pkgs/rs-api" },
  }).metadata!.sources[1]!;
  assertEquals(shared.choices, [{ from: { kind: "path", path: "../../ext", isEditable: false } }]);
});
