import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { knownWith } from "../../../lib/manifest/adapter_names.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";
import type { Manifest } from "../../../lib/manifest/model.ts";

const HEX = "0123456789abcdef0123456789abcdef01234567";

function load(shared: string, local?: string): Manifest {
  return parseManifest({
    shared: { path: "hsm.yaml", text: shared },
    ...(local === undefined ? {} : { local: { path: "hsm.local.yaml", text: local } }),
  });
}

function fail(shared: string, local?: string): HsmError {
  const error = assertThrows(() => load(shared, local), HsmError);
  assertEquals(error.code, "manifest-invalid");
  assertEquals(error.details, JSON.parse(JSON.stringify(error.details)));
  return error;
}

const NONE: Manifest = {
  adapter: "uv",
  environment: undefined,
  mode: "prod",
  packagesDir: "packages",
  filter: undefined,
  verify: [],
  packages: [],
};

const PLAIN = {
  git: undefined,
  pin: undefined,
  tagPrefix: undefined,
  subdirectory: undefined,
  extras: [],
  group: undefined,
  require: true,
  mode: "prod",
  checkout: undefined,
  inject: "pyproject",
  submodules: true,
  lfs: false,
} as const;

Deno.test("parseManifest() takes an empty file for a manifest without packages", () => {
  for (
    const text of ["", "\n# nothing\n", "---\n", "packages:\n", "packages: {}\n", "\uFEFF", "{}"]
  ) {
    assertEquals(load(text), NONE, text);
    assertEquals(load("", text), NONE, text);
  }
});

Deno.test("parseManifest() reads every key", () => {
  const manifest = load(`adapter: uv
mode: dev
packages_dir: ./plugins/
filter: blob:none
verify: [uv run python -c "import app"]
git: https://github.com/org/{name}.git
packages:
  My.Plugin: v1.2.0
  pinned: ${HEX}
  bare:
  other:
    git: ssh://git@example.com/team/{name}-x.git
    branch: main
    tag_prefix: 2024.
    subdirectory: ./python/
    extras: [fast]
    group: plugins
    require: false
    mode: prod
    inject: environment
    path: ../x/../other
    checkout: develop
    submodules: false
    lfs: true
`);
  const git = (name: string) => `https://github.com/org/${name}.git`;
  assertEquals(manifest, {
    adapter: "uv",
    environment: undefined,
    mode: "dev",
    packagesDir: "plugins",
    filter: "blob:none",
    verify: ['uv run python -c "import app"'],
    packages: [
      {
        ...PLAIN,
        name: "My.Plugin",
        key: "my-plugin",
        git: git("My.Plugin"),
        pin: { tag: "v1.2.0" },
        mode: "dev",
        path: "plugins/My.Plugin",
      },
      {
        ...PLAIN,
        name: "pinned",
        key: "pinned",
        git: git("pinned"),
        pin: { rev: HEX },
        mode: "dev",
        path: "plugins/pinned",
      },
      { ...PLAIN, name: "bare", key: "bare", git: git("bare"), mode: "dev", path: "plugins/bare" },
      {
        name: "other",
        key: "other",
        git: "ssh://git@example.com/team/other-x.git",
        pin: { branch: "main" },
        tagPrefix: "2024.",
        subdirectory: "python",
        extras: ["fast"],
        group: "plugins",
        require: false,
        mode: "prod",
        path: "../other",
        checkout: "develop",
        inject: "environment",
        submodules: false,
        lfs: true,
      },
    ],
  });
});

Deno.test("parseManifest() lays hsm.local.yaml over hsm.yaml key by key", () => {
  const manifest = load(
    "git: ../{name}\npackages:\n  a-b: {tag: v1, mode: prod, path: x, extras: [e]}\n  c: {rev: 1234567}\n  d: v1\n",
    "git: /srv/{name}\nmode: dev\npackages:\n  A_B: {mode: dev}\n  c: v2\n  d: {branch: main, git: d}\n",
  );
  assertEquals(manifest.packages, [
    {
      ...PLAIN,
      name: "a-b",
      key: "a-b",
      git: "/srv/a-b",
      pin: { tag: "v1" },
      mode: "dev",
      path: "x",
      extras: ["e"],
    },
    {
      ...PLAIN,
      name: "c",
      key: "c",
      git: "/srv/c",
      pin: { tag: "v2" },
      mode: "dev",
      path: "packages/c",
    },
    {
      ...PLAIN,
      name: "d",
      key: "d",
      git: "d",
      pin: { branch: "main" },
      mode: "dev",
      path: "packages/d",
    },
  ]);
});

Deno.test("parseManifest() takes names and pins as the file writes them", () => {
  const { packages } = load(
    "packages:\n  2024: 1.10\n  1.10: {tag: 2024, extras: [1.0, true], group: 12, checkout: 1.20}\n" +
      "  null: true\n  a: {rev: 1234567890}\n  b: {branch: false}\n  c: 0x1F\n  constructor: 1e3\n  toString: ~\n",
  );
  assertEquals(packages.map(({ name, pin }) => [name, pin]), [
    ["2024", { tag: "1.10" }],
    ["1.10", { tag: "2024" }],
    ["null", { tag: "true" }],
    ["a", { rev: "1234567890" }],
    ["b", { branch: "false" }],
    ["c", { tag: "0x1F" }],
    ["constructor", { tag: "1e3" }],
    ["toString", undefined],
  ]);
  assertEquals(packages[1]?.extras, ["1.0", "true"]);
  assertEquals([packages[1]?.group, packages[1]?.checkout], ["12", "1.20"]);
});

Deno.test("parseManifest() resolves anchors, aliases and merge keys", () => {
  const { packages } = load(
    "packages:\n  a: &a {tag: v1, mode: dev}\n  b: {<<: *a, tag: v2}\n  c: *a\n  d: {<<: [{mode: prod}, *a]}\n",
  );
  assertEquals(packages.map(({ pin, mode }) => [pin, mode]), [
    [{ tag: "v1" }, "dev"],
    [{ tag: "v2" }, "dev"],
    [{ tag: "v1" }, "dev"],
    [{ tag: "v1" }, "prod"],
  ]);
});

Deno.test("parseManifest() shows every problem with its line", () => {
  const error = fail(
    "packages:\n  my-plugin:\n    tagg: v1.0.0\n    mode: devel\n    rev: 1234567\n    tag: v1\nverify: x\n",
    "packages:\r\n  my-plugn: v1\r\n",
  );
  assertEquals(error.message, "Cannot read hsm.yaml and hsm.local.yaml: 5 problems");
  assertEquals(error.exitStatus, 2);
  assertEquals(error.causes, [
    "hsm.yaml:3:5: unknown key `tagg`, did you mean `tag`?\n  3 |     tagg: v1.0.0\n    |     ^^^^",
    "hsm.yaml:4:11: expected `prod` or `dev`, got `devel`\n  4 |     mode: devel\n    |           ^^^^^",
    "hsm.yaml:6:5: expected one of `tag`, `rev`, `branch`, got `tag` beside `rev`\n  6 |     tag: v1\n    |     ^^^",
    "hsm.yaml:7:9: expected a list, got `x`\n  7 | verify: x\n    |         ^",
    "hsm.local.yaml:2:3: unknown package `my-plugn`, did you mean `my-plugin`?\n  2 |   my-plugn: v1\n    |   ^^^^^^^^",
  ]);
  assertEquals((error.details.problems as unknown[])[1], {
    file: "hsm.yaml",
    line: 4,
    column: 11,
    path: ["packages", "my-plugin", "mode"],
    message: "expected `prod` or `dev`, got `devel`",
    expected: "`prod` or `dev`",
  });
});

/** Texts that are no manifest, and how the first problem begins. */
const WRONG: readonly (readonly [string, string])[] = [
  ["- a\n", "1:1: expected keys with values, got a list"],
  ["hello\n", "1:1: expected keys with values, got `hello`"],
  ["packages: [a]\n", "1:11: expected names with pins or keys, got a list"],
  ["packages: {a: [x]}\n", "1:15: expected a tag, a commit or keys, got a list"],
  ["adapter: nosuch\n", "1:10: expected `uv`, `poetry` or `pip`, got `nosuch`"],
  ["mode:\n", "1:6: expected `prod` or `dev`, got nothing"],
  ["git: 3\n", "1:6: expected a string, got `3`: put it in quotes"],
  ["verify: ['a && b']\n", "1:10: `&&` does nothing here: there is no shell"],
  ["verify: ['']\n", "1:10: the command is empty"],
  ["packages: {a: {require: 1}}\n", "1:25: expected `true` or `false`, got `1`"],
  ["packages: {a: {extras: [-x]}}\n", "1:25: expected the name of an extra, got `-x`"],
  ["packages: {a: {tag: }}\n", "1:21: expected a string, got nothing"],
  ["packages: {a: {tag: null}}\n", "1:21: expected a string, got `null`: put it in quotes"],
  ["packages: {a: -x}\n", "1:15: expected the name of a tag, got `-x`"],
  ["packages: {a.b: v1, A-B: v2}\n", "1:21: `A-B` and `a.b` are the same package"],
  ["packages:\n  __proto__: v1\n", "2:3: expected a package name, got `__proto__`"],
  ["packages:\n  ../../x: v1\n", "2:3: expected a package name, got `../../x`"],
  ['packages: {"a\\0": v1}\n', "1:12: expected a package name, got `a\\u{0}`"],
  ["__proto__: {mode: dev}\n", "1:1: unknown key `__proto__`, expected `adapter`"],
  ["packages: {a: {__proto__: {mode: dev}}}\n", "1:16: unknown key `__proto__`, expected `git`"],
  ["constructor: 1\n", "1:1: unknown key `constructor`"],
  ["mode: dev\nmode: dev\n", "2:1: the key `mode` stands here twice"],
  ["? [a]\n: b\n", "1:3: expected a name as the key"],
  ["mode: !x dev\n", "1:7: YAML tags such as `!name` are not supported here"],
  ["mode: dev\n---\nmode: dev\n", "2:1: expected one YAML document, got several"],
  ["packages:\n\ta: v1\n", "2:1: not valid YAML: tabs are not allowed as indentation"],
  ["\uFEFFmode: x\n", "1:7: expected `prod` or `dev`, got `x`"],
  ["é: 1\n", "1:1: unknown key `é`"],
  ["mode: *x\n", "1:7: the alias `*x` has no anchor before it"],
  ["verify: &x [*x]\n", "1:13: the alias `*x` refers to itself"],
  ['packages: {a: {path: "\\ud800"}}\n', "1:22: it holds half of a character"],
  [`git: [${"[".repeat(60)}${"]".repeat(60)}]\n`, "1:46: nested more than 40 levels deep"],
];

Deno.test("parseManifest() says what is wrong, and where", () => {
  for (const [text, cause] of WRONG) {
    const first = fail(text).causes[0]!;
    assert(first.startsWith(`hsm.yaml:${cause}`), `${JSON.stringify(text)}: ${first}`);
    assert(!/[^\n\P{Cc}]/u.test(first), first);
  }
});

Deno.test("parseManifest() names a package that hsm.yaml does not have", () => {
  const error = fail("", "packages: {zzz: v1}");
  assertEquals(error.message, "Cannot read hsm.local.yaml: 1 problem");
  assert(
    error.causes[0]!.startsWith("hsm.local.yaml:1:12: unknown package `zzz`, `hsm.yaml` does not"),
  );
});

Deno.test("parseManifest() never shows a token", () => {
  const texts = [
    "git: https://user:sekret@host/x\n",
    "git: https://sekret@host/x\n",
    "packages: {a: {git: 'ssh://u:sekret@h/x', tagg: v1}}\n",
    'packages: {a: {git: "https:\\/\\/sekret\\x40h/x", tagg: v1}}\n',
    'git: "\\x68ttps:\\x2f/sekret@h/x" # x\n',
    "git: u:sekret@h:x\n",
    "git: https://u:sek/ret:sekret@host/x\n",
    "git: https://h/x?token=sekret\n",
    "mode: https://u:sekret@h\nhttps://u:sekret@h: 1\n",
    "verify: ['git fetch https://u:sekret@h && x']\n",
    "packages: {a: 'https://u:sekret@h'}\n",
    "packages: {'https://u:sekret@h': v1}\n",
    "git: {https://u:sekret@h/x\n",
    "git: https://u:sekret@h/x: y\n",
    "mode: *https://u:sekret@h\n",
  ];
  for (const text of texts) {
    const { message, causes, details, hint } = fail(text);
    assert(!JSON.stringify({ message, causes, details, hint }).includes("sekret"), causes[0]);
  }
});

Deno.test("parseManifest() ends soon when a file is hostile", () => {
  const ten = (name: string) => `[${Array(10).fill(name).join(", ")}]`;
  const bomb = [
    "a: &a x",
    ..."bcdefghij".split("").map((name, index) =>
      `${name}: &${name} ${ten(`*${"abcdefghi"[index]}`)}`
    ),
  ].join("\n");
  let deep = "";
  for (let depth = 0; depth < 3000; depth++) deep += `${" ".repeat(depth)}a:\n`;
  const texts = [
    [bomb, "the aliases in the file stand for more than 10000 values"],
    ["[".repeat(10_000), "the file is nested too deeply"],
    ["{a: ".repeat(10_000), "the file is nested too deeply"],
    ["- ".repeat(10_000), "nested"],
    [deep, "nested"],
    [Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join(""), "unknown key `k0`"],
    [`mode: ${"x".repeat(1_000_000)}`, "expected `prod` or `dev`, got `xxx"],
  ] as const;
  for (const [text, message] of texts) {
    const start = performance.now();
    const error = fail(text);
    assert(error.causes[0]!.includes(message), error.causes[0]);
    assert(error.causes.length <= 101);
    assert(error.causes.every((cause) => cause.length < 1000));
    assert(performance.now() - start < 10_000);
  }
  assertEquals(Object.hasOwn(Object.prototype, "mode"), false);
});

Deno.test("parseManifest() says what to do about a package that only hsm.local.yaml names", () => {
  const local = { path: "hsm.local.yaml", text: "packages:\n  beta:\n    mode: dev\n" };
  const read = (text: string) =>
    assertThrows(() => parseManifest({ shared: { path: "hsm.yaml", text }, local }), HsmError);
  const error = read("packages:\n  alpha: v1\n");
  assertEquals(error.hint, "take `beta` out of `hsm.local.yaml`");
  // A typo in hsm.yaml has no consequences in the other file.
  assertEquals(read("packges:\n  beta: v1\n").message, "Cannot read hsm.yaml: 1 problem");
});

Deno.test("parseManifest() takes an environment only where the package manager asks for one, and the personal one first", () => {
  const error = fail("packages: {}\nenvironment: .venv\n");
  assertEquals([error.message, error.causes], ["Cannot read hsm.yaml: 1 problem", [
    "hsm.yaml:2:1: unexpected key `environment`, uv has its environment from " +
    "UV_PROJECT_ENVIRONMENT\n  2 | environment: .venv\n    | ^^^^^^^^^^^",
  ]]);
  const local = fail("adapter: poetry\n", "environment: $VIRTUAL_ENV\n");
  assertEquals([local.message, local.causes[0]?.split("\n")[0]], [
    "Cannot read hsm.local.yaml: 1 problem",
    "hsm.local.yaml:1:1: unexpected key `environment`, poetry has its environment from its own settings",
  ]);
  const asks = knownWith({ name: "toy", can: { takesEnvironment: true, standsIn: false } });
  const read = (shared: string, local: string) =>
    parseManifest({
      shared: { path: "hsm.yaml", text: shared },
      local: { path: "hsm.local.yaml", text: local },
    }, asks).environment;
  assertEquals(read("environment: .venv\n", ""), ".venv");
  assertEquals(read("adapter: toy\nenvironment: .venv\n", "environment: $A_B\n"), "$A_B");
  for (const it of ["-x", "''", "$", "$A/b", "' x'", '"a\\nb"', "1", "[]"]) {
    const error = assertThrows(() => read(`environment: ${it}\n`, ""), HsmError);
    assertEquals(error.message, "Cannot read hsm.yaml: 1 problem", it);
  }
  const none = knownWith({ name: "toy", can: { takesEnvironment: false, standsIn: false } });
  const text = "adapter: toy\nenvironment: .venv\n";
  const other = assertThrows(
    () => parseManifest({ shared: { path: "hsm.yaml", text } }, none),
    HsmError,
  );
  assertStringIncludes(other.causes[0] ?? "", "toy has its environment from its own settings");
});

Deno.test("parseManifest() refuses checkouts that lie in each other or differ in case only, whatever the modes", () => {
  const error = fail(
    "packages:\n  outer: v1\n  deep: { tag: v1, mode: dev, path: ./packages//x/../outer/sub }\n",
  );
  assertEquals(error.message, "Cannot read hsm.yaml: 1 problem");
  assertEquals(error.causes, [
    `hsm.yaml:3:37: \`packages/outer/sub\` of \`deep\` lies in \`packages/outer\`, the checkout of \`outer\`
  3 |   deep: { tag: v1, mode: dev, path: ./packages//x/../outer/sub }
    |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ]);
  assertEquals(
    error.hint,
    "give each checkout a folder of its own; packages of one repository share it by the same `path`",
  );
  assertEquals(error.details["problems"], [{
    file: "hsm.yaml",
    line: 3,
    column: 37,
    path: ["packages", "deep", "path"],
    message: "`packages/outer/sub` of `deep` lies in `packages/outer`, the checkout of `outer`",
  }]);
  const wrong: readonly (readonly [shared: string, local: string, cause: string])[] = [
    // The outer one is the one that says where it is.
    [
      "packages: {b: v1, a: {path: packages}}",
      "",
      "hsm.yaml:1:29: `packages/b` of `b` lies in `packages`",
    ],
    [
      "packages: {a: {path: ../x}, b: {path: ../x/y/z}}",
      "",
      "hsm.yaml:1:39: `../x/y/z` of `b` lies",
    ],
    [
      "packages: {a: {path: lib/A}, b: {path: lib/a/b}}",
      "",
      "hsm.yaml:1:40: `lib/a/b` of `b` lies in `lib/A`",
    ],
    [
      "packages: {a: {path: ../lib/x}, b: {path: ../Lib/x}}",
      "",
      "hsm.yaml:1:43: `../Lib/x` of `b` and `../lib/x` of `a` are one folder where case does not count",
    ],
    [
      "packages: {a: {path: \u00e9}, b: {path: e\u0301}}",
      "",
      "hsm.yaml:1:36: `e\u0301` of `b` and",
    ],
    // The last word on a path is hsm.local.yaml's.
    [
      "packages: {a: v1, b: {path: lib/b}}",
      "packages: {b: {path: packages/a/b}}",
      "hsm.local.yaml:1:22: `packages/a/b` of `b` lies",
    ],
    [
      "packages: {a: v1, b: v1}",
      "packages_dir: lib\npackages: {A: {path: lib/b/a}}",
      "hsm.local.yaml:2:22: `lib/b/a` of `a` lies",
    ],
  ];
  for (const [shared, local, cause] of wrong) {
    const [first = "", ...others] = fail(shared, local).causes;
    assert(first.startsWith(cause), first);
    assertEquals(others, []);
  }
  // One folder for several packages is fine, and so are names that only begin alike.
  load("packages: {a: {path: ../x}, b: {path: .././x/}, c: {path: ../xy}, d: {path: ../x-y/z}}");
});

Deno.test("parseManifest() refuses packages that share a checkout and disagree on it", () => {
  const error = fail(`packages:
  a: { git: https://example.com/mono.git, path: lib/x }
  b: { git: ssh://git@example.com/mono, path: lib/x, checkout: develop }
  c: { git: https://example.com/other.git, path: lib/x, checkout: main }
`);
  assertEquals(error.causes, [
    `hsm.yaml:4:50: \`lib/x\` of \`c\` is the checkout of \`a\` too, which has another \`git\`
  4 |   c: { git: https://example.com/other.git, path: lib/x, checkout: main }
    |                                                  ^^^^^`,
    `hsm.yaml:4:50: \`lib/x\` of \`c\` is the checkout of \`b\` too, which has another \`checkout\`
  4 |   c: { git: https://example.com/other.git, path: lib/x, checkout: main }
    |                                                  ^^^^^`,
  ]);
  assertEquals(
    error.hint,
    "packages that share a checkout need the same `git` and `checkout`; others a `path` of their own",
  );
  // hsm.local.yaml may be what makes them differ.
  const [local] = fail(
    "git: ../mono\npackages: {a: {path: x}, b: {path: x}}",
    "packages: {b: {git: ../fork}}",
  ).causes;
  assert(local?.startsWith("hsm.yaml:2:36: `x` of `b` is the checkout of `a` too"), local);
});
