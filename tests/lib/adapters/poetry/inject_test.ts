import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../../lib/errors.ts";
import { type Injection, injectSources } from "../../../../lib/adapters/poetry/inject.ts";

function dev(name: string, options: Partial<Injection> = {}): Injection {
  const source = { kind: "path", path: `packages/${name}` } as const;
  return { name, source, extras: [], group: undefined, require: true, ...options };
}

function prod(name: string, options: Partial<Injection> = {}): Injection {
  const source = { kind: "git", git: `https://example.com/${name}`, tag: "v1.2.0" } as const;
  return dev(name, { source, ...options });
}

/** Injects, and checks that doing it again changes nothing and that nothing of it stays behind. */
function inject(text: string, ...packages: Injection[]): string {
  const { text: injected } = injectSources(text, { packages });
  assertEquals(injectSources(injected, { packages }), { text: injected, changes: [] });
  assertEquals(injectSources(injected, { packages: [] }).text, text);
  return injected;
}

function refuse(text: string, message: RegExp, ...packages: Injection[]): void {
  const error = assertThrows(() => injectSources(text, { packages }), HsmError);
  assertEquals(error.code, "pyproject-unsupported");
  assertEquals(message.test(error.message), true, error.message);
}

const APP = `[project]
name = "app" # the app
dependencies = ["idna"]
`;

const LEGACY = `[tool.poetry]
name = "app"

[tool.poetry.dependencies]
python = "^3.11" # no 3.10
idna = "^3.7"
`;

Deno.test("poetry: sources stand in an optional group, and what requires them where it always does", () => {
  assertEquals(
    inject(APP, dev("my-plugin"), prod("other", { extras: ["fast"] })),
    `[project]
name = "app" # the app
dependencies = ["idna", "my-plugin", "other[fast]"]

[tool.poetry.group.hsm]
optional = true

[tool.poetry.group.hsm.dependencies]
my-plugin = { path = "packages/my-plugin", develop = true }
other = { git = "https://example.com/other", tag = "v1.2.0", extras = ["fast"] }

[tool.hsm]
# What hsm added to this file, so that it can take it out again
version = 2
adapter = "poetry"
created = [
    "tool.poetry.group.hsm",
    "tool.poetry.group.hsm.dependencies",
]
packages.my-plugin = { requirement = "my-plugin" }
packages.other = { requirement = "other[fast]" }
`,
  );
});

Deno.test("poetry: an app of the older form requires packages in Poetry's own table", () => {
  assertEquals(
    inject(LEGACY, dev("my-plugin"), prod("other", { extras: ["fast"], group: "web" })),
    `[tool.poetry]
name = "app"

[tool.poetry.dependencies]
python = "^3.11" # no 3.10
idna = "^3.7"
my-plugin = "*"

[tool.poetry.group.web.dependencies]
other = { version = "*", extras = ["fast"] }

[tool.poetry.group.hsm]
optional = true

[tool.poetry.group.hsm.dependencies]
my-plugin = { path = "packages/my-plugin", develop = true }
other = { git = "https://example.com/other", tag = "v1.2.0", extras = ["fast"] }

[tool.hsm]
# What hsm added to this file, so that it can take it out again
version = 2
adapter = "poetry"
created = [
    "tool.poetry.group.hsm",
    "tool.poetry.group.hsm.dependencies",
    "tool.poetry.group.web.dependencies",
]
packages.my-plugin = { requirement = "my-plugin" }
packages.other = { requirement = "other[fast]", group = "web" }
`,
  );
});

Deno.test("poetry: only the line of the source changes with the mode", () => {
  for (const text of [APP, LEGACY]) {
    const before = injectSources(text, { packages: [dev("a"), dev("b", { group: "g" })] }).text;
    const { text: after, changes } = injectSources(before, {
      packages: [prod("a"), dev("b", { group: "g" })],
    });
    const lines = before.split("\n");
    assertEquals(after.split("\n").filter((line, at) => line !== lines[at]), [
      'a = { git = "https://example.com/a", tag = "v1.2.0" }',
    ]);
    assertEquals(changes, [{
      package: "a",
      what: "source",
      action: "replace",
      from: '{ path = "packages/a", develop = true }',
      to: '{ git = "https://example.com/a", tag = "v1.2.0" }',
    }]);
  }
});

Deno.test("poetry: the user's own requirement stays, and its extras are had with the source", () => {
  const app = '[project]\nname = "app"\ndependencies = ["My_Plugin[fast] >=1"]\n';
  const text = inject(app, dev("my-plugin"));
  assertEquals(text.startsWith(app), true);
  assertEquals(
    text.includes('my-plugin = { path = "packages/my-plugin", develop = true, extras = ["fast"] }'),
    true,
  );
  for (
    const [legacy, entry] of [
      ['My_Plugin = "^1.0"', 'my-plugin = { path = "packages/my-plugin", develop = true }'],
      [
        'my-plugin = { version = ">=1", extras = ["fast"], optional = true }',
        'my-plugin = { path = "packages/my-plugin", develop = true, extras = ["fast"] }',
      ],
    ] as const
  ) {
    const text = inject(`${LEGACY}${legacy}\n`, dev("my-plugin"));
    assertEquals(text.startsWith(`${LEGACY}${legacy}\n`), true, text);
    assertEquals(text.split("\n").includes(entry), true, text);
  }
});

Deno.test("poetry: what is required in a dependency group stays there, and others get Poetry's table", () => {
  const app = `${APP}\n[dependency-groups]\nWeb = ["idna"]\n`;
  const text = inject(app, dev("a", { group: "web" }), dev("b", { group: "docs" }));
  assertEquals(text.includes('Web = ["idna", "a"]'), true, text);
  assertEquals(text.includes('[tool.poetry.group.docs.dependencies]\nb = "*"\n'), true, text);
});

Deno.test("poetry: what is only governed is required nowhere", () => {
  for (const text of [APP, LEGACY]) {
    const injected = inject(text, dev("a", { require: false }));
    assertEquals(injected.startsWith(text), true);
  }
});

/** The user's own sources, where and as he may write them; what is left of each as long as the source is HSM's. */
const OWN: readonly (readonly [text: string, left: string])[] = [
  ["plug = { git = 'https://x/plug', tag = 'v1' } # his", 'plug = { version = "*" } # his'],
  [
    "Plug = {path='../plug', develop=true, extras=['fast'], optional=true}",
    'Plug = { version = "*", extras = ["fast"], optional = true }',
  ],
  ["plug.git = 'https://x/plug' # g\nplug.rev = 'abc' # r", 'plug = { version = "*" } # r'],
  ["\n[tool.poetry.dependencies.plug]\nurl = 'https://x/p.whl' # u", 'version = "*" # u'],
  ["\n[tool.poetry.group.web.dependencies]\nplug = { path = 'p' }", 'plug = { version = "*" }'],
  ["\n[tool.poetry.dev-dependencies]\nplug = { file = 'p.whl' }", 'plug = { version = "*" }'],
];

for (const [own, left] of OWN) {
  Deno.test(`poetry: a source of the user's own is set aside: ${own.trim()}`, () => {
    const text = inject(`${LEGACY}${own}\n`, prod("plug"));
    assertEquals(text.split("\n").includes(left), true, text);
    assertEquals(/^[pP]lug = \{ git = "https:\/\/example.com\/plug"/m.test(text), true, text);
  });
}

Deno.test("poetry: the URL in the user's own requirement is set aside", () => {
  const app = (text: string) => `[project]\nname = "app"\ndependencies = [${text}]\n`;
  for (
    const [own, left] of [
      ['"plug @ git+https://x/plug@v1"', '"plug"'],
      [
        "\"Plug[fast]@git+https://x/plug@v1#subdirectory=py ; os_name == 'a@b'\"",
        "\"Plug[fast] ; os_name == 'a@b'\"",
      ],
      ["'plug @ file:///srv/plug'", "'plug'"],
    ] as const
  ) {
    const text = inject(app(own), dev("plug"));
    assertEquals(text.includes(app(left)), true, text);
  }
  // Without a URL there is nothing to set aside, though there is an @ in it.
  const marked = app("\"plug>=1 ; os_name == 'a@b'\"");
  assertEquals(inject(marked, dev("plug")).startsWith(marked), true);
});

Deno.test("poetry: what the user sets aside once more is his own again", () => {
  const first = injectSources(`${LEGACY}plug = { path = "a" }\n`, { packages: [dev("plug")] }).text;
  const edited = first.replace('plug = { version = "*" }', 'plug = { path = "b" }');
  const second = injectSources(edited, { packages: [dev("plug")] }).text;
  assertEquals(
    injectSources(second, { packages: [] }).text,
    `${LEGACY}plug = { path = "b" }\n`,
  );
});

Deno.test("poetry: what cannot be carried out is refused", () => {
  refuse(
    `${LEGACY}[tool.poetry.group.hsm.dependencies]\nx = "*"\n`,
    /group hsm .* your own/,
    dev("a"),
  );
  refuse(`${LEGACY}plug = [{ path = "a" }, { path = "b" }]\n`, /several sources/, dev("plug"));
  refuse(
    `${LEGACY}plug = { path = "a" }\n[tool.poetry.group.x.dependencies]\nplug = { path = "b" }\n`,
    /several sources/,
    dev("plug"),
  );
  refuse(
    '[project]\nname="app"\ndependencies = ["plug @ file:///a"]\n[dependency-groups]\nx = ["plug @ file:///b"]\n',
    /several URLs/,
    dev("plug"),
  );
  refuse(LEGACY, /the app itself/, dev("App"));
});

Deno.test("poetry: a package that is kept stays as it is", () => {
  const { text } = injectSources(LEGACY, { packages: [dev("a"), dev("b")] });
  const kept = injectSources(text, { packages: [dev("a")], keep: ["b"] });
  assertEquals(kept, { text, changes: [] });
});

Deno.test("poetry: every byte of the user's stays, with other ends of lines and a mark", () => {
  const text = `\uFEFF${LEGACY.replaceAll("\n", "\r\n")}`;
  assertEquals(inject(text, dev("a")).includes('a = "*"\r\n\r\n[tool.poetry.group.hsm]\r\n'), true);
});
