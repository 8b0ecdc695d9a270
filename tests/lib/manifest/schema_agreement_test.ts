/**
 * Whether the JSON Schema that editors are given and the program say the same of a manifest.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { parse } from "yaml";
import { KNOWN_ADAPTERS } from "../../../lib/manifest/adapter_names.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";
import * as rules from "../../../lib/manifest/rules.ts";
import { commandProblem } from "../../../lib/manifest/command.ts";
import { manifestJsonSchema, PACKAGE_KEYS } from "../../../lib/manifest/schema.ts";
import type { Rule } from "../../../lib/manifest/text_rule.ts";
import { counted } from "../../harness/tally.ts";

const CASES = Number(Deno.env.get("HSM_FUZZ_CASES") ?? 10_000);

// A number that is too large is one all the same; `errorMessage` is for editors.
const ajv = new Ajv2020({ strict: false, strictNumbers: false });
const validate = ajv.compile(JSON.parse(JSON.stringify(manifestJsonSchema())));

/** What the schema says of a text, read as editors read YAML. */
function schemaTakes(text: string): boolean {
  return validate(parse(text, { merge: true }));
}

function hsmTakes(text: string): boolean {
  try {
    // Which package managers ask for an environment only the program knows.
    const adapters = { ...KNOWN_ADAPTERS, environmentFrom: {} };
    parseManifest({ shared: { path: "hsm.yaml", text } }, adapters);
    return true;
  } catch {
    return false;
  }
}

function agree(text: string): void {
  assertEquals(schemaTakes(text), hsmTakes(text), text);
}

/** Values as YAML writes them, of every kind. */
const VALUES = [
  "",
  "~",
  "null",
  "''",
  "' '",
  "x",
  "'1'",
  "1",
  "1.10",
  "0",
  "-1",
  "-1.5",
  "1e3",
  "1e400",
  ".inf",
  "0x1F",
  "0o17",
  "true",
  "false",
  "yes",
  "2024-01-01",
  "1234567",
  "0000000",
  "'1234567'",
  "abcdef0",
  "ABCDEF0123",
  "a".repeat(40),
  "a".repeat(65),
  "a".repeat(240),
  "a".repeat(241),
  "é".repeat(240),
  "'😀😀'",
  `'${"😀".repeat(240)}'`,
  "{}",
  "[]",
  "[x]",
  "[1, true, 1.10]",
  "[null]",
  "['']",
  "[[x]]",
  "[{}]",
  "[-x]",
  "{a: v1}",
  "uv",
  "pip",
  "prod",
  "dev",
  "pyproject",
  "environment",
  "blob:none",
  "tree:0",
  "blob:limit=10k",
  "blob:limit=1t",
  "https://h/{name}.git",
  "https://u:t@h/x",
  "git@h:x",
  "../x",
  "packages",
  ".git",
  ".hsm",
  ".",
  "..",
  "a/b",
  "/a",
  "a/",
  "-x",
  "HEAD",
  "$VIRTUAL_ENV",
  "$A/b",
  "'@'",
  "v1.lock",
  "'a\tb'",
  '"a\\0"',
  '"a\\n"',
  "!!str 1.0",
  "&x v1",
  "|\n        v1\n",
  ">-\n        v1\n",
];

Deno.test("manifestJsonSchema() and parseManifest() agree on every key with every kind of value", () => {
  const top = [
    "adapter",
    "environment",
    "mode",
    "inject",
    "packages_dir",
    "filter",
    "verify",
    "git",
    "packages",
    "other",
  ];
  for (const value of VALUES.filter((it) => it !== ".inf")) {
    for (const key of top) agree(`${key}: ${value}\n`);
    agree(`packages:\n  a: ${value}\n`);
    for (const key of [...PACKAGE_KEYS, "other"]) {
      if (!isSpelling(key, value)) agree(`packages:\n  a:\n    ${key}: ${value}\n`);
    }
  }
});

/** Whether it is a number to editors, and it is how it is written that matters. */
function isSpelling(key: string, value: string): boolean {
  return value === ".inf" || (key === "rev" && /^[\d.x]+\w*$/.test(value) && value.length < 7);
}

Deno.test("manifestJsonSchema() and parseManifest() agree on whole manifests", () => {
  const right = [
    "",
    "# nothing\n",
    "{}",
    "~\n",
    "packages:\n",
    "packages: {}\n",
    "packages:\n  a: 1.10\n  b: v1\n  c:\n  d: ~\n  e: {}\n  f: 2024\n  g: true\n",
    "packages:\n  1.10: v1\n  2024: v2\n",
    "packages:\n  a: {tag: 1.10, extras: [1.0, true], group: 12, checkout: 1.20, tag_prefix: 1}\n",
    "packages:\n  a: {rev: 1234567}\n  b: {rev: 1234567e400}\n  c: {branch: false}\n",
    "packages:\n  a: {tag_prefix: ''}\n",
    "packages:\n  a: &a {tag: v1, mode: dev}\n  b: {<<: *a, tag: v2}\n  c: *a\n",
    "\uFEFFmode: dev\n",
    "mode: dev\r\npackages:\r\n  a: v1\r\n",
    "adapter: uv\nmode: prod\ninject: environment\npackages_dir: packages\nfilter: blob:none\n" +
    'verify:\n  - uv run --no-sync python -c "import app"\ngit: https://h/{name}.git\n' +
    "packages:\n  other-plugin:\n    git: ssh://git@h/team/other.git\n    tag: v0.3.1\n" +
    "    tag_prefix: other-plugin-\n    subdirectory: python\n    extras: [fast]\n" +
    "    group: plugins\n    require: false\n    mode: dev\n    inject: pyproject\n    path: ../other\n" +
    "    checkout: develop\n    submodules: false\n    lfs: true\n",
  ];
  const wrong = [
    "- a\n",
    "hello\n",
    "3\n",
    "true\n",
    "__proto__: {mode: dev}\n",
    "constructor: 1\n",
    "packages: {a: {__proto__: {mode: dev}}}\n",
    "packages: {__proto__: v1}\n",
    "packages: {'': v1}\n",
    "packages: {-x: v1}\n",
    `packages: {${"a".repeat(215)}: v1}\n`,
    "packages: {a: {tag: v1, branch: main}}\n",
    "packages: {a: {tag: v1, rev: 1234567}}\n",
    "packages: {a: {branch: main, rev: 1234567}}\n",
    "packages: {a: {tag: v1, branch: main, rev: 1234567}}\n",
    "packages: {a: {tagg: v1}}\n",
    "packages:\n  a: &a {tag: v1}\n  b: {<<: *a, branch: main}\n",
    `git: https://h/${"x".repeat(1000)}\n`,
    `packages: {a: {extras: [${"a".repeat(215)}]}}\n`,
    "verify: ['']\n",
    "verify: ['  ']\n",
    'verify: ["a\\0b"]\n',
  ];
  for (const text of right) {
    assertEquals([schemaTakes(text), hsmTakes(text)], [true, true], text);
  }
  for (const text of wrong) {
    assertEquals([schemaTakes(text), hsmTakes(text)], [false, false], text);
  }
});

/** Pieces of which something is right now and then. */
const PIECES = [
  ..."aFk10-_.~^:?*[]{}@#\\/ \t\n\0é😀",
  ...["..", "//", "::", "://", "./", "../", "@{", "{name}", ".lock", ".git", ".GIT.", "HEAD", "C:"],
  ...["https://", "http://", "ssh://", "git://", "file://", "ftp://", "git+https://", "git@", "$"],
  ...["uv.lock", "UV.loc\u212a", ".hsm", ".Venv", "hsm.yaml", "blob:none", "blob:limit=", "tree:0"],
  ...["abcdef0", "my-plugin", "v1.2.0", "x".repeat(239), "x".repeat(998)],
];

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    Object.entries(rules).filter((it): it is [string, Rule] => typeof it[1] === "function")
      .filter(([name]) => name.endsWith("Problem")),
  ),
  commandProblem,
};

Deno.test("each rule for a text says as JSON Schema what it says to the program", () => {
  assertEquals(Object.keys(RULES).length, 14);
  const compiled = Object.entries(RULES).map(([name, rule]) => {
    return { name, rule, validate: ajv.compile(JSON.parse(JSON.stringify(rule.schema))) };
  });
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 7 }), (pieces) => {
      const text = pieces.join("");
      for (const { name, rule, validate } of compiled) {
        const takes = rule(text) === undefined;
        const isBeyond = name === "commandProblem" || /[^./].*\.\./s.test(text);
        // What is refused in an editor is refused by the program, whatever else the program knows.
        if (isBeyond ? !takes : takes === validate(text)) continue;
        assertEquals(validate(text), takes, `${name}: ${JSON.stringify(text)}`);
      }
    }),
    counted(Math.ceil(CASES * 0.2)),
  );
});

Deno.test("manifestJsonSchema() and parseManifest() agree on manifests of chance", () => {
  const value = fc.constantFrom(...VALUES.filter((it) => /^[\w'"./~:-]*$/.test(it)));
  const keys = fc.dictionary(fc.constantFrom(...PACKAGE_KEYS), value, { maxKeys: 3 });
  fc.assert(
    fc.property(keys, (entry) => {
      const lines = Object.entries(entry).map(([key, it]) => `    ${key}: ${it}\n`);
      const text = `packages:\n  a:\n${lines.join("")}`;
      if (Object.entries(entry).some(([key, it]) => isSpelling(key, it))) return;
      agree(text);
    }),
    counted(Math.ceil(CASES * 0.05)),
  );
});

/** What a schema cannot tell, by the words of docs/manifest.md: it takes these, and HSM does not. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  "how a number is written": [
    "packages: {a: .5}\n",
    "packages: {a: 1.}\n",
    "packages: {a: -0}\n",
    "packages: {a: .inf}\n",
    "packages: {a: {rev: 123}}\n",
    "packages: {a: {group: +1}}\n",
  ],
  "what belongs together": [
    "packages: {a_b: v1, A-B: v2}\n",
    "packages: {a: {path: x}, b: {path: x/y}}\n",
    "adapter: pip\ninject: environment\npackages: {a: v1}\n",
  ],
  "where a path leads by `..` behind a name": [
    "packages_dir: a/..\n",
    "packages_dir: a/../../b\n",
    "packages: {a: {path: a/../.hsm}}\n",
  ],
  "what a shell would act on": ["verify: ['a && b']\n", 'verify: ["a \'b"]\n'],
  "half of a character": ['packages: {a: {path: "\\ud800"}}\n'],
};

Deno.test("docs/manifest.md names what the schema cannot tell", async () => {
  const docs = await Deno.readTextFile(new URL("../../../docs/manifest.md", import.meta.url));
  for (const [what, texts] of Object.entries(BEYOND)) {
    assertEquals(docs.replace(/\s+/g, " ").includes(what), true, what);
    for (const text of texts) {
      assertEquals([schemaTakes(text), hsmTakes(text)], [true, false], text);
    }
  }
});
