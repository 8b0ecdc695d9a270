import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createStyle } from "../../lib/text/style.ts";
import { renderSvg } from "../../tasks/graph/svg.ts";
import { renderTree } from "../../tasks/graph/tree.ts";
import { testApp } from "../harness/app.ts";

Deno.test("hsm graph shows who needs whom, in dev from checkouts and in prod from uv.lock", async () => {
  await using app = await testApp({
    plugins: [
      "plug-a",
      { name: "plug-b", dependencies: ["plug-a>=1.0"] },
      { name: "plug-c", dependencies: ["Plug.B", "plug-a >= 0.5 ; python_version > '3'"] },
    ],
    files: { "hsm.local.yaml": "packages:\n  plug-c: { mode: dev }\n" },
  });

  await app.untouched(async () => {
    (await app.hsm("graph")).expect({
      code: 0,
      stdout: `app
plug-a  prod: v1.0.0  ! it is not in uv.lock yet
plug-b  prod: v1.0.0  ! it is not in uv.lock yet
plug-c  dev: packages/plug-c  ! packages/plug-c is missing
`,
      stderr: "",
    });
  });
  assertEquals(await app.list("."), ["hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);

  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await app.untouched(async () => {
    (await app.hsm("graph")).expect({
      code: 0,
      stdout: `app
├── plug-a  prod: v1.0.0
├── plug-b  prod: v1.0.0
│   └── plug-a  prod: v1.0.0
└── plug-c  dev: packages/plug-c
    ├── plug-a >= 0.5  prod: v1.0.0
    └── plug-b  prod: v1.0.0  …
`,
      stderr: "",
    });
  });

  await app.plugin("plug-a").git("tag", "v1.0.1");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("a: v1.0.0", "a: v1.0.1"));
  const json = (await app.hsm("graph", "--json")).expect({ code: 0, stderr: "" }).json();
  assertEquals(json["nodes"], [
    { name: "app", mode: "app" },
    { name: "plug-a", mode: "prod", from: "v1.0.1", problem: "uv.lock has another version" },
    { name: "plug-b", mode: "prod", from: "v1.0.0" },
    { name: "plug-c", mode: "dev", from: "packages/plug-c" },
  ]);
  assertEquals((json["edges"] as unknown[]).at(-1), {
    from: "plug-c",
    to: "plug-b",
    versions: "",
  });
  assertEquals((await app.hsm("graph", "--format", "json")).json(), json);
});

Deno.test("hsm graph leaves out what belongs to groups of packages, and to extras that nobody asks for", async () => {
  await using app = await testApp({
    plugins: [
      {
        name: "plug-a",
        extras: { test: ["plug-b"], all: ["plug-a[Big_One]"], "big-one": ["plug-d>=1"] },
        pyproject: '\n[dependency-groups]\ndev = ["plug-b"]\n',
      },
      { name: "plug-b", dependencies: ["plug-a"], extras: { test: ["plug-c"] } },
      { name: "plug-c", dependencies: ["plug-a[ALL]; sys_platform == 'nowhere'"] },
      "plug-d",
    ],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  const packages = (...edges: string[]) => edges.map((it) => it.split(" "));
  const edges = async () => {
    const { edges } = (await app.hsm("graph", "--json")).json() as {
      edges: { from: string; to: string }[];
    };
    return edges.filter((it) => it.from !== "app").map(({ from, to }) => [from, to]);
  };

  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  // plug-c asks for all of plug-a, and so for its big-one; whether its marker holds is another question.
  assertEquals(await edges(), packages("plug-a plug-d", "plug-b plug-a", "plug-c plug-a"));
  // The app's own extras and groups count.
  const pyproject = await app.read("pyproject.toml");
  await app.write(
    "pyproject.toml",
    `${pyproject}\n[dependency-groups]\nmore = ["plug-b[test]"]\n`,
  );
  assertEquals(
    await edges(),
    packages("plug-a plug-d", "plug-b plug-a", "plug-b plug-c", "plug-c plug-a"),
  );

  // In prod the lock file says the same.
  await app.write("hsm.local.yaml", "");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(
    await edges(),
    packages("plug-a plug-d", "plug-b plug-a", "plug-b plug-c", "plug-c plug-a"),
  );
});

Deno.test("hsm graph speaks Mermaid, DOT and SVG", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject:
      '[project]\nname = "my \\"app\\" <&>"\nversion = "1"\ndependencies = ["plug-a[x]<2,>=1"]\n',
  });

  (await app.hsm("graph", "--format", "mermaid")).expect({
    code: 0,
    stdout: `flowchart TD
  n0["my #34;app#34; #60;#38;#62;<br>app"]
  class n0 app
  n1["plug-a<br>prod: v1.0.0<br>! it is not in uv.lock yet"]
  class n1 prod,problem
  n0 -->|"#60;2,#62;=1"| n1
  classDef app stroke-width:2px
  classDef dev stroke:#2a7
  classDef prod stroke:#888
  classDef problem stroke:#c33,stroke-dasharray:4
`,
    stderr: "",
  });
  (await app.hsm("graph", "-f", "dot")).expect({
    code: 0,
    stdout: `digraph hsm {
  node [shape=box, style=rounded];
  "my \\"app\\" <&>" [label="my \\"app\\" <&>\\napp", color="black"];
  "plug-a" [label="plug-a\\nprod: v1.0.0\\n! it is not in uv.lock yet", color="#cc3333"];
  "my \\"app\\" <&>" -> "plug-a" [label="<2,>=1"];
}
`,
  });
  const svg = (await app.hsm("graph", "-f", "svg")).expect({ code: 0, stderr: "" }).stdout;
  assertMatch(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="[\d.]+" height="[\d.]+"/);
  assertStringIncludes(svg, '>my "app" &#60;&#38;&#62;</text>');
  assertStringIncludes(svg, '<g class="prod problem">');
  assertEquals(svg.match(/<(?:svg|g|text|style|defs|marker)\b/g)?.length, closing(svg));

  (await app.hsm("graph", "--format", "png")).expect({
    code: 2,
    stdout: "",
    stderr:
      "error: Cannot run hsm graph: --format is `png`, and must be one of tree, mermaid, dot, svg, json\n" +
      "hint: run `hsm graph --help` for its options\n",
  });
  (await app.hsm("graph", "plug-a")).expect({ code: 2, stderr: /`plug-a` is one word too many/ });
});

Deno.test("renderSvg() has room for edges that go round the boxes", async () => {
  const names = ["app", "alpha", "beta", "gamma"];
  const svg = await renderSvg({
    nodes: names.map((name) => ({ name, mode: "prod", from: "v1.0.0" })),
    edges: [["app", "alpha"], ["app", "beta"], ["app", "gamma"], ["gamma", "alpha"]]
      .map(([from = "", to = ""]) => ({ from, to, versions: "" })),
  });
  const [, width] = /width="([\d.]+)"/.exec(svg) ?? [];
  const places = [...svg.matchAll(/[ML]([\d.]+) [\d.]+/g)].map(([, x]) => Number(x));
  assertEquals(places.filter((x) => x > Number(width)), []);
});

function closing(svg: string): number {
  return svg.match(/<\/(?:svg|g|text|style|defs|marker)>/g)?.length ?? 0;
}

Deno.test("hsm graph says what it cannot know, and goes on", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest:
      "git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a:\n  plug-b:\n  plug-c:\n  plug-d:\n",
  });
  await app.write("packages/plug-a/pyproject.toml", "[project\n");
  await app.write(
    "packages/plug-b/pyproject.toml",
    '[project]\nname = "plug-b"\ndynamic = ["dependencies"]\n',
  );
  await app.write("packages/plug-c/setup.py", "");

  const run = await app.hsm("graph", "--json");

  run.expect({ code: 0, stderr: "" });
  const nodes = run.json()["nodes"] as readonly { readonly problem?: string }[];
  assertEquals(nodes.slice(2).map((it) => it.problem), [
    "what it needs is computed when it is built",
    "what it needs is computed when it is built",
    "packages/plug-d is missing",
  ]);
  assertEquals(
    nodes[1]?.problem,
    "packages/plug-a/pyproject.toml:1: not valid TOML: illegal character in key",
  );
});

Deno.test("hsm graph misses nothing in uv.lock that nobody requires", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, require: false }\n",
  });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("graph")).expect({
    code: 0,
    stdout: "app\nplug-a  prod: v1.0.0\n",
    stderr: "",
  });
});

Deno.test("renderTree() shows packages that need one another in a circle once", () => {
  const node = (name: string) => ({ name, mode: "dev", from: `packages/${name}` }) as const;
  const edge = (from: string, to: string) => ({ from, to, versions: "" });
  const text = renderTree({
    nodes: [{ name: "app", mode: "app" }, node("a"), node("b"), node("c"), node("d")],
    edges: [
      edge("app", "a"),
      edge("a", "b"),
      edge("b", "a"),
      edge("c", "d"),
      edge("d", "c"),
    ],
  }, createStyle(false));
  assertEquals(
    text,
    `app
└── a  dev: packages/a
    └── b  dev: packages/b
        └── a  dev: packages/a  …
c  dev: packages/c
└── d  dev: packages/d
    └── c  dev: packages/c  …
`,
  );
});

Deno.test("renderSvg() lays out packages that need one another, and one that nobody needs", async () => {
  const node = (name: string) => ({ name, mode: "prod" }) as const;
  const svg = await renderSvg({
    nodes: [{ name: "app", mode: "app" }, node("a"), node("b"), node("c")],
    edges: [{ from: "a", to: "b", versions: ">=1" }, { from: "b", to: "a", versions: "" }],
  });
  assertEquals(svg.match(/<rect /g)?.length, 4);
  assertEquals(/NaN|undefined/.test(svg), false, svg);
  // Nothing lies outside of the picture.
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  for (const [, x, y] of svg.matchAll(/<rect x="([-\d.]+)" y="([-\d.]+)"/g)) {
    assertEquals(Number(x) >= 0 && Number(x) < Number(width), true);
    assertEquals(Number(y) >= 0 && Number(y) < Number(height), true);
  }
});

Deno.test("hsm graph knows what packages of Poetry's and of setup.cfg need, as far as it is written out", async () => {
  const names = ["plug-a", "poet", "cfg", "both", "file"];
  await using app = await testApp({
    manifest: `mode: dev\npackages:\n${names.map((it) => `  ${it}:\n`).join("")}`,
    files: {
      "packages/plug-a/pyproject.toml": '[project]\nname = "plug-a"\nversion = "1"\n',
      "packages/poet/pyproject.toml":
        '[tool.poetry]\nname = "poet"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"\nplug-a = "^1.2"\n' +
        '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
      "packages/cfg/setup.cfg":
        "[metadata]\nname = cfg\n[options]\ninstall_requires =\n  poet>=1\n",
      "packages/both/pyproject.toml":
        '[project]\nname = "both"\nversion = "1"\ndynamic = ["dependencies"]\n[build-system]\nrequires = ["setuptools"]\n',
      "packages/both/setup.cfg": "[options]\ninstall_requires = cfg==2\n",
      "packages/file/setup.cfg":
        "[metadata]\nname = file\n[options]\ninstall_requires = file: r.txt\n",
      "packages/file/r.txt": "cfg\n",
    },
  });
  for (const name of names) await app.git(`packages/${name}`, "init", "-q");

  (await app.hsm("graph")).expect({
    code: 0,
    stdout: `app
both  dev: packages/both
└── cfg ==2  dev: packages/cfg
    └── poet >=1  dev: packages/poet
        └── plug-a >=1.2,<2.0  dev: packages/plug-a
file  dev: packages/file  ! what it needs is computed when it is built
`,
    stderr: "",
  });
});
