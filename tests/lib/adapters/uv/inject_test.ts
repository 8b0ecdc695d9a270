import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../../lib/errors.ts";
import {
  type Injection,
  type InjectionPlan,
  injectSources,
} from "../../../../lib/adapters/uv/inject.ts";

const NOTHING: InjectionPlan = { packages: [], constraints: [], overrides: [], excludes: [] };

function dev(name: string, options: Partial<Injection> = {}): Injection {
  const source = { kind: "path", path: `packages/${name}` } as const;
  return { name, source, extras: [], group: undefined, require: true, ...options };
}

function prod(name: string, options: Partial<Injection> = {}): Injection {
  const source = { kind: "git", git: `https://example.com/${name}`, tag: "v1.2.0" } as const;
  return dev(name, { source, ...options });
}

function plan(...packages: Injection[]): InjectionPlan {
  return { ...NOTHING, packages };
}

/** Injects, and checks that doing it again changes nothing and that nothing of it stays behind. */
function inject(text: string, wanted: InjectionPlan): string {
  const { text: injected } = injectSources(text, wanted);
  assertEquals(injectSources(injected, wanted), { text: injected, changes: [] });
  assertEquals(injectSources(injected, NOTHING).text, text);
  return injected;
}

function refuse(text: string, wanted: InjectionPlan, message: RegExp, hint?: RegExp): void {
  const error = assertThrows(() => injectSources(text, wanted), HsmError);
  assertEquals(error.code, "pyproject-unsupported");
  assertEquals(message.test(error.message), true, error.message);
  if (hint !== undefined) assertEquals(hint.test(error.hint ?? ""), true, error.hint);
}

const APP = `[project]
name = "app" # the app
dependencies = ["idna"]
`;

Deno.test("injectSources() adds requirement, source and record to a plain file", () => {
  assertEquals(
    inject(APP, plan(dev("my-plugin"))),
    `[project]
name = "app" # the app
dependencies = ["idna", "my-plugin"]

[tool.uv.sources]
my-plugin = { path = "packages/my-plugin", editable = true }

[tool.hsm]
# What hsm added to this file, so that it can take it out again
created = ["tool.uv.sources"]
packages.my-plugin = { requirement = "my-plugin" }
`,
  );
});

Deno.test("injectSources() says what it changed", () => {
  const first = injectSources(APP, plan(prod("a", { extras: ["x", "y"] })));
  assertEquals(first.changes, [
    { package: "a", what: "requirement", action: "add", to: "a[x,y]" },
    {
      package: "a",
      what: "source",
      action: "add",
      to: '{ git = "https://example.com/a", tag = "v1.2.0" }',
    },
  ]);
  const second = injectSources(first.text, { ...plan(dev("a")), excludes: ["packages/b"] });
  assertEquals(second.changes, [
    { package: "a", what: "requirement", action: "replace", from: "a[x,y]", to: "a" },
    {
      package: "a",
      what: "source",
      action: "replace",
      from: '{ git = "https://example.com/a", tag = "v1.2.0" }',
      to: '{ path = "packages/a", editable = true }',
    },
    { package: "packages/b", what: "exclude", action: "add", to: "packages/b" },
  ]);
  assertEquals(injectSources(second.text, NOTHING).changes, [
    { package: "a", what: "requirement", action: "remove", from: "a" },
    {
      package: "a",
      what: "source",
      action: "remove",
      from: '{ path = "packages/a", editable = true }',
    },
    { package: "packages/b", what: "exclude", action: "remove", from: "packages/b" },
  ]);
});

Deno.test("injectSources() changes the source's line only when the mode changes", () => {
  const before = injectSources(APP, plan(dev("a"), dev("b", { group: "g" }))).text.split("\n");
  const text = injectSources(before.join("\n"), plan(prod("a"), dev("b", { group: "g" }))).text;
  const changed = text.split("\n").filter((line, at) => line !== before[at]);
  assertEquals(changed, ['a = { git = "https://example.com/a", tag = "v1.2.0" }']);
});

Deno.test("injectSources() writes each kind of source", () => {
  const text = inject(
    APP,
    plan(
      dev("a", { source: { kind: "workspace", path: "packages/a" } }),
      dev("b", { source: { kind: "git", git: "g", rev: "abc", subdirectory: "py" } }),
      dev("c", { source: { kind: "git", git: "g", branch: "main" } }),
    ),
  );
  assertEquals(text.split("\n").filter((line) => /^[abc] =/.test(line)), [
    "a = { workspace = true }",
    'b = { git = "g", rev = "abc", subdirectory = "py" }',
    'c = { git = "g", branch = "main" }',
  ]);
});

const FORMS: Readonly<Record<string, readonly [string, string]>> = {
  "a line": [
    "[tool.uv.sources]\nx = {path='x'}\nMy_Plugin = {git='u'}  # mine\n",
    `[tool.uv.sources]\nx = {path='x'}\nMy_Plugin = { path = "packages/my-plugin", editable = true }  # mine\n`,
  ],
  "a sub-table": [
    "[tool.uv.sources.my-plugin] # t\ngit = 'u' # g\n# note\ntag = 'v' # v\n\n[tool.x]\n",
    `[tool.uv.sources.my-plugin]\npath = "packages/my-plugin"\neditable = true # v\n`,
  ],
  "an array of tables": [
    "[[tool.uv.sources.my-plugin]]\nindex = 'a'\n\n[[tool.uv.sources.my-plugin]]\npath = 'b' # b\n",
    `[tool.uv.sources.my-plugin]\npath = "packages/my-plugin"\neditable = true # b\n`,
  ],
  "dotted keys": [
    "[tool.uv.sources]\n\tmy-plugin.git = 'u' # g\n\t# note\n\tmy-plugin.tag = 'v' # v\n",
    `[tool.uv.sources]\n\tmy-plugin = { path = "packages/my-plugin", editable = true } # v\n`,
  ],
  "dotted keys from the root": [
    "tool.uv.sources.my-plugin.git = 'u'\ntool.uv.x = 1\n",
    `tool.uv.sources.my-plugin = { path = "packages/my-plugin", editable = true }\ntool.uv.x = 1\n`,
  ],
  "an inline table": [
    "[tool.uv]\nsources = { my-plugin = { git = 'u' }, b.path = 'b' } # s\n",
    `[tool.uv]\nsources = { my-plugin = { path = "packages/my-plugin", editable = true }, b.path = 'b' } # s\n`,
  ],
  "dotted keys in an inline table": [
    "[tool]\nuv = { sources = { my-plugin.git = 'u', my-plugin.tag = 'v' } }\n",
    `[tool]\nuv = { sources = { my-plugin = { path = "packages/my-plugin", editable = true } } }\n`,
  ],
  "a list with markers": [
    "[tool.uv.sources]\nmy-plugin = [ # two\n  { index = 'a', marker = \"x == 'y'\" },\n  { path = 'b' },\n]\n",
    `[tool.uv.sources]\nmy-plugin = { path = "packages/my-plugin", editable = true }\n`,
  ],
};

for (const [form, [text, expected]] of Object.entries(FORMS)) {
  for (const eol of ["\n", "\r\n"]) {
    const name = eol === "\n" ? "LF" : "CRLF";
    Deno.test(`injectSources() replaces the user's source in ${form} (${name}), and puts it back`, () => {
      const lines = (it: string) => it.replaceAll("\n", eol);
      const wanted = plan(dev("my-plugin", { require: false }));
      const injected = inject(lines(text), wanted);
      assertEquals(injected.includes(lines(expected.trimEnd())), true, injected);
      const switched = injectSources(injected, plan(prod("my-plugin", { require: false }))).text;
      assertEquals(injectSources(switched, wanted).text, injected);
      assertEquals(injectSources(switched, NOTHING).text, lines(text));
    });
  }
}

const PLACES: Readonly<Record<string, readonly [string, string]>> = {
  "the sources are an empty inline table": [
    "[tool.uv]\nsources = {}\n",
    `[tool.uv]\nsources = { a = { path = "packages/a", editable = true } }\n`,
  ],
  "uv is an empty inline table": [
    "[tool]\nuv = { } # u\n",
    `[tool]\nuv = { sources = { a = { path = "packages/a", editable = true } }  } # u\n`,
  ],
  "tool is an inline table": [
    "tool = { x = 1 }\n",
    `tool = { x = 1, uv = { sources = { a = { path = "packages/a", editable = true } } }, hsm = { `,
  ],
  "the sources are dotted": [
    "[tool.uv]\nsources.b.path = 'b' # b\nx = 1\n",
    `sources.b.path = 'b' # b\nsources.a = { path = "packages/a", editable = true }\nx = 1\n`,
  ],
  "uv is dotted": [
    "[tool]\nuv.x = 1\ny = 2",
    `[tool]\nuv.x = 1\nuv.sources.a = { path = "packages/a", editable = true }\ny = 2`,
  ],
  "only sub-tables exist": [
    "[tool.x]\ny = 1\n\n[tool.uv.sources.b]\npath = 'b'\n",
    `y = 1\n\n[tool.uv.sources]\na = { path = "packages/a", editable = true }\n\n[tool.uv.sources.b]\n`,
  ],
  "the table is empty and out of order": [
    "[tool.uv.sources] # none\n# yet\n[tool.x]\n[tool.uv]\ny = 1",
    `[tool.uv.sources] # none\na = { path = "packages/a", editable = true }\n# yet\n[tool.x]\n`,
  ],
  "uv's table is followed by comments": [
    "[tool.uv]\nx = 1\n# y = 2\n\n# about z\n[z]\n",
    `# y = 2\n\n[tool.uv.sources]\na = { path = "packages/a", editable = true }\n\n[tool.hsm]\n`,
  ],
  "comments lead from uv's table to the next": [
    "[tool.uv]\nx = 1\n# about z\n[z]\n",
    `x = 1\n\n[tool.uv.sources]\na = { path = "packages/a", editable = true }\n\n[tool.hsm]\n`,
  ],
  "there is no final newline": [
    "[z]\ny = 1 # end",
    `[z]\ny = 1 # end\n\n[tool.uv.sources]\na = { path = "packages/a", editable = true }\n\n[tool.hsm]\n`,
  ],
  "the file is empty": [
    "",
    `[tool.uv.sources]\na = { path = "packages/a", editable = true }\n\n[tool.hsm]\n`,
  ],
  "the file is a byte order mark and CRLF": [
    "\uFEFF\r\n[z]\r\n\r\n",
    `\uFEFF\r\n[z]\r\n\r\n[tool.uv.sources]\r\na = { path = "packages/a", editable = true }\r\n\r\n[tool.hsm]\r\n`,
  ],
  "line endings are mixed": [
    "[z]\r\n[tool.uv.sources]\nb = { path = 'b' }\n[y]\r\n",
    `b = { path = 'b' }\na = { path = "packages/a", editable = true }\n\n[tool.hsm]\n`,
  ],
  "lines are indented": [
    "[tool.uv.sources]\n\t b = { path = 'b' }\n",
    `\n\t b = { path = 'b' }\n\t a = { path = "packages/a", editable = true }\n`,
  ],
};

for (const [state, [text, expected]] of Object.entries(PLACES)) {
  Deno.test(`injectSources() finds the place for a source when ${state}`, () => {
    const injected = inject(text, plan(dev("a", { require: false })));
    assertEquals(injected.includes(expected), true, injected);
  });
}

Deno.test("injectSources() keeps a requirement that the user wrote, wherever it is", () => {
  for (
    const text of [
      `[project]\nname = "app"\ndependencies = ["My.Plugin[x]>=1 ; python_version > '3'"]\n`,
      `[project]\nname = "app"\n[project.optional-dependencies]\nx = ["my_plugin"]\n`,
      `[dependency-groups]\ndev = [{ include-group = "x" }, "my-plugin>1"]\nx = []\n`,
      `[tool.uv]\ndev-dependencies = ["my-plugin"]\n`,
      `[project]\ndynamic = ["dependencies"]\n[dependency-groups]\ndev = ["my-plugin"]\n`,
    ]
  ) {
    const injected = inject(text, plan(dev("my-plugin")));
    assertEquals(injected.includes(text.trimEnd()), true, injected);
    assertEquals(injected.includes("requirement"), false);
  }
});

Deno.test("injectSources() lets its requirement follow extras and group", () => {
  const first = inject(APP, plan(dev("a")));
  const steps: [Injection, string][] = [
    [dev("a", { extras: ["x"] }), `dependencies = ["idna", "a[x]"]`],
    [dev("a", { extras: ["x"], group: "My.Group" }), `"My.Group" = [\n    "a[x]",\n]`],
    [dev("a", { extras: ["x", "y"], group: "my-group" }), `"My.Group" = [\n    "a[x,y]",\n]`],
    [dev("a", { group: "other" }), `[dependency-groups]\nother = [\n    "a",\n]`],
    [dev("a", { require: false }), `dependencies = ["idna"]\n`],
    [dev("a"), `dependencies = ["idna", "a"]`],
  ];
  let text = first;
  for (const [injection, expected] of steps) {
    text = injectSources(text, plan(injection)).text;
    assertEquals(text.includes(expected), true, text);
    assertEquals(injectSources(text, plan(injection)).text, text);
    assertEquals(injectSources(text, NOTHING).text, APP);
  }
  assertEquals(text, first);
});

Deno.test("injectSources() adds to a dependency group under the name that the file gives it", () => {
  const text = `[dependency-groups]\n"My.Plugins" = ["idna"]\n`;
  const injected = inject(text, plan(dev("a", { group: "my_plugins" })));
  assertEquals(injected.startsWith(`[dependency-groups]\n"My.Plugins" = ["idna", "a"]\n`), true);
});

Deno.test("injectSources() leaves the requirement to the user who edited it", () => {
  const injected = injectSources(APP, plan(dev("a"))).text;
  const edited = injected.replace(`"a"]`, `"a>=2"]`);
  const { text } = injectSources(edited, plan(dev("a", { extras: ["x"] })));
  assertEquals(text.includes(`"a>=2"]`), true);
  assertEquals(text.includes("packages.a = {}"), true);
  assertEquals(
    injectSources(text, NOTHING).text,
    APP.replace(`["idna"]`, `["idna", "a>=2"]`),
  );
});

Deno.test("injectSources() sets an owned source that the user edited to what the plan says", () => {
  const injected = injectSources(APP, plan(dev("a"))).text;
  const edited = injected.replace("packages/a", "elsewhere");
  assertEquals(injectSources(edited, plan(dev("a"))).text, injected);
  assertEquals(injectSources(edited, NOTHING).text, APP);
});

Deno.test("injectSources() writes an owned source again that the user deleted", () => {
  const injected = injectSources(APP, plan(dev("a"), dev("b"))).text;
  const edited = injected.replace(/^b = .*\n/m, "");
  assertEquals(injectSources(edited, plan(dev("a"), dev("b"))).text, injected);
  assertEquals(injectSources(edited, NOTHING).text, APP);
});

Deno.test("injectSources() goes on when the user deleted the record", () => {
  const injected = injectSources(APP, plan(dev("a"))).text;
  const edited = injected.slice(0, injected.indexOf("\n[tool.hsm]"));
  assertEquals(injectSources(edited, NOTHING).text, edited);
  const again = injectSources(edited, plan(prod("a"))).text;
  assertEquals(again.includes(`a = { git = "https://example.com/a", tag = "v1.2.0" }`), true);
  assertEquals(injectSources(again, NOTHING).text, edited);
});

Deno.test("injectSources() keeps what the user added to tables and arrays that it made", () => {
  const wanted = { ...plan(dev("a", { group: "g" })), constraints: ["c"] };
  const injected = injectSources("[project]\nname = 'app'\n", wanted).text;
  const edited = injected.replace(`"a",\n`, `"a",\n    "idna",\n`)
    .replace("[tool.uv.sources]\n", "[tool.uv.sources]\n# mine\nmine = { path = 'm' }\n")
    .replace(`    "c",\n`, `    # about c\n    "c",\n`);
  assertEquals(
    injectSources(edited, NOTHING).text,
    `[project]
name = 'app'

[dependency-groups]
g = [
    "idna",
]

[tool.uv]
constraint-dependencies = [
    # about c
]

[tool.uv.sources]
# mine
mine = { path = 'm' }
`,
  );
});

Deno.test("injectSources() puts a replaced source back by its data when a formatter rewrote the file", () => {
  const text = "[tool.uv.sources.a]\ngit = 'u'\ntag = 'v'\n";
  const injected = injectSources(text, plan(dev("a", { require: false }))).text;
  const formatted = injected.replace(
    `[tool.uv.sources.a]\npath = "packages/a"\neditable = true`,
    `[tool.uv.sources]\na = { path = "packages/a", editable = true }`,
  );
  assertEquals(
    injectSources(formatted, NOTHING).text,
    `[tool.uv.sources]\na = { git = "u", tag = "v" }\n`,
  );
});

Deno.test("injectSources() adds constraints, overrides and excludes that are not there", () => {
  const text = `[tool.uv]
constraint-dependencies = ["Plug.A>=1"]
[tool.uv.workspace]
members = ["packages/*"]
exclude = [
  "./packages/x/",
]
`;
  const wanted = {
    ...NOTHING,
    constraints: ["plug-a", "plug-b"],
    overrides: ["plug-c"],
    excludes: ["packages/x", "packages/y"],
  };
  assertEquals(
    inject(text, wanted),
    `[tool.uv]
constraint-dependencies = ["Plug.A>=1", "plug-b"]
override-dependencies = [
    "plug-c",
]
[tool.uv.workspace]
members = ["packages/*"]
exclude = [
  "./packages/x/",
  "packages/y",
]

[tool.hsm]
# What hsm added to this file, so that it can take it out again
created = ["tool.uv.override-dependencies"]
constraints = ["plug-b"]
overrides = ["plug-c"]
excludes = ["packages/y"]
`,
  );
});

Deno.test("injectSources() keeps several overrides of one package, and takes them all out", () => {
  const overrides = ["a", "a[x] ; os_name == 'nt'"];
  const first = injectSources(APP, { ...NOTHING, overrides }).text;
  assertEquals(injectSources(first, { ...NOTHING, overrides }), { text: first, changes: [] });
  assertEquals(
    injectSources(first, { ...NOTHING, overrides: ["a[y] ; os_name == 'nt'", "a"] }).changes,
    [{
      package: "a",
      what: "override",
      action: "replace",
      from: "a[x] ; os_name == 'nt'",
      to: "a[y] ; os_name == 'nt'",
    }],
  );
  assertEquals(
    injectSources(first, { ...NOTHING, overrides: ["a"] }).text,
    injectSources(APP, { ...NOTHING, overrides: ["a"] }).text,
  );
  assertEquals(injectSources(first, NOTHING).text, APP);
});

Deno.test("injectSources() writes a constraint of its own anew when it changes", () => {
  const before = injectSources(APP, { ...NOTHING, constraints: ["a>=1", "b"] }).text;
  const { text, changes } = injectSources(before, { ...NOTHING, constraints: ["b", "a>=2"] });
  assertEquals(text, before.replaceAll("a>=1", "a>=2"));
  assertEquals(changes, [
    { package: "a", what: "constraint", action: "replace", from: "a>=1", to: "a>=2" },
  ]);
});

Deno.test("injectSources() lets no value become TOML of its own", () => {
  const evil = `"]\n[tool.evil]\r\nx = '''`;
  const text = inject(APP, {
    packages: [
      dev("a", {
        source: { kind: "git", git: evil, tag: evil, subdirectory: "\u0000\ud83c\udf89" },
      }),
      dev("b", { group: "__proto__" }),
      dev("c", { group: evil }),
    ],
    constraints: ["__proto__", evil],
    overrides: [],
    excludes: [evil],
  });
  assertEquals(/^\[tool\.evil\]/m.test(text), false);
  assertEquals(({} as Record<string, unknown>)["a"], undefined);
});

Deno.test("injectSources() refuses a string that is no Unicode", () => {
  const wanted = plan(dev("a", { source: { kind: "path", path: "\ud800" } }));
  refuse(APP, wanted, /no valid Unicode/);
});

Deno.test("injectSources() refuses what it cannot do, and says what would help", () => {
  refuse("", plan(dev("a")), /no \[project\] table/, /group:/);
  refuse("[project]\ndynamic = ['dependencies']\n", plan(dev("a")), /dynamic/, /group:/);
  refuse("[project]\nname = 'My_App'\n", plan(dev("my-app")), /the app itself/, /manifest/);
  refuse(APP, plan(dev("a-b"), dev("A_B")), /twice/);
  refuse(APP, plan(dev("a @ file:///etc")), /no valid name/);
  refuse(APP, plan(dev("a", { extras: ["x]"] })), /no valid name/);
  refuse(
    "[tool.uv.sources]\na-b = { path = 'x' }\nA_B = { path = 'y' }\n",
    plan(dev("a-b", { require: false })),
    /a-b and A_B, which are one package/,
    /delete/,
  );
  refuse(
    "[tool.uv.sources]\na.git = 'x'\nb = { path = 'y' }\na.tag = 'v'\n",
    plan(dev("a", { require: false })),
    /several places/,
    /one line/,
  );
  refuse("[[dependency-groups.g]]\ninclude-group = 'x'\n", plan(dev("a", { group: "g" })), /array/);
});

Deno.test("injectSources() needs no [project] table for sources and groups", () => {
  inject("", plan(dev("a", { require: false }), dev("b", { group: "g" })));
});

Deno.test("injectSources() reports a value of the wrong type with its line", () => {
  const cases: [string, string][] = [
    ["[project]\ndependencies = 1\n", "pyproject.toml:2:1: project.dependencies must be an array"],
    ["dependency-groups = 1\n", "pyproject.toml:1:1: dependency-groups must be a table"],
    ["[tool]\nuv.sources = []\n", "pyproject.toml:2:1: tool.uv.sources must be a table"],
    ["[tool]\nuv = 3\n", "pyproject.toml:2:1: tool.uv must be a table"],
    ["[tool.hsm]\ncreated = 1\n", "pyproject.toml:1:1: tool.hsm.created is not what hsm writes"],
    [
      "[tool.hsm]\npackages.a = 1\n",
      "pyproject.toml:1:1: tool.hsm.packages.a is not what hsm writes",
    ],
  ];
  for (const [text, expected] of cases) {
    const error = assertThrows(
      () => injectSources(text, plan(dev("a", { require: false }))),
      HsmError,
    );
    assertEquals(error.code, "pyproject-invalid");
    assertEquals(error.causes[0]?.split("\n")[0], expected);
  }
});

Deno.test("injectSources() returns the text itself when there is nothing to do", () => {
  assertEquals(injectSources("[tool.hsm]\n", NOTHING), { text: "[tool.hsm]\n", changes: [] });
});
