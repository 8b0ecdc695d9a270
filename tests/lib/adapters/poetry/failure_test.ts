import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { explainPoetryFailure, findsNoSolution } from "../../../../lib/adapters/poetry/failure.ts";

/** What real versions of Poetry said, by what was wrong. */
function recorded(version: string): ReadonlyMap<string, string> {
  const url = new URL(`failures_${version}.txt`, import.meta.url);
  const parts = Deno.readTextFileSync(fromFileUrl(url)).split(/^=== /m).slice(1);
  return new Map(parts.map((part) => [
    part.slice(0, part.indexOf("\n")),
    part.slice(part.indexOf("\n") + 1),
  ]));
}

const C = "file:///remotes/plug-c";
const LIST = `\`git ls-remote ${C}\` lists them; correct the pin in hsm.yaml`;
const NARROW = (name: string) =>
  "narrow the app's Python versions (`requires-python`, or `python` in [tool.poetry.dependencies]), " +
  `or use another version of ${name}`;
const BUILD = "repair the build of plug-b, or use another version of it";
const SUBDIRECTORY = "correct `subdirectory` in hsm.yaml, or use another version";

/** What is wrong, the line that says so, and the hint; what 1.8 says otherwise. */
const EXPECTED: readonly (readonly [string, string, string, string?])[] = [
  [
    "two plugins need another idna",
    "plug-d 1.2.0 needs idna<3, plug-c 1.2.0 needs idna>=3.7",
    "pin plug-d or plug-c to a version that fits, or change what one of them needs",
  ],
  [
    "the app and a plugin need another idna",
    "plug-c 1.2.0 needs idna>=3.7, the app needs idna<3",
    "pin plug-c to a version that fits, or change what the app needs",
  ],
  [
    "a plugin needs a newer plugin",
    "plug-e 1.2.0 needs plug-c>=2, plug-c is 1.2.0",
    "use a version of plug-c that fits, or another of plug-e",
  ],
  [
    "the app needs a newer plugin",
    `the app asks for plug-c (>=2) and for plug-c @ git+${C}@v1.2.0 (1.2.0)`,
    "let only hsm.yaml say where plug-c comes from, or pin it to a version that fits",
  ],
  ["no such tag", `${C} has no tag, branch or commit v9.9.9`, LIST],
  ["no such branch", `${C} has no tag, branch or commit nope`, LIST],
  [
    "no such commit",
    `${C} has no tag, branch or commit 0123456789012345678901234567890123456789`,
    LIST,
  ],
  [
    "no repository",
    "there is no git repository at /remotes/nothere",
    "correct `git` in hsm.yaml",
  ],
  [
    "another name",
    "what is where plug-y is said to be is plug-z",
    "correct the name, or `git` and `subdirectory`, of plug-y in hsm.yaml",
  ],
  ["no project there", "there is no Python project in plug-a/python", SUBDIRECTORY],
  ["no such subdirectory", "there is no folder plug-a/nope", SUBDIRECTORY],
  [
    "another Python",
    "plug-p needs Python >=3.13, and the app is to work with >=3.9,<3.13 as well",
    NARROW("plug-p"),
  ],
  [
    "a Python that ends",
    "plug-u needs Python >=3.9,<4, and the app is to work with >=4.dev0 as well",
    NARROW("plug-u"),
    "plug-u needs Python >=3.9,<4, and the app is to work with >=4 as well",
  ],
  [
    "no such package",
    "plug-m 1.2.0 needs no-such-package-of-ours, and there is no package no-such-package-of-ours",
    "if no-such-package-of-ours is one of your own packages, add it to hsm.yaml",
  ],
  [
    "a component's own path",
    "plug-c is to come from /app/.venv/src/plug-c, which does not exist",
    "run `hsm clone plug-c`, or take the path out of who has plug-c from there",
  ],
  [
    "no such folder",
    "plug-c is to come from /app/packages/plug-c, which does not exist",
    "run `hsm clone plug-c`, or take the path out of who has plug-c from there",
  ],
  [
    "a build that fails",
    "plug-b does not build: RuntimeError: no compiler",
    BUILD,
    "plug-b does not build: Backend subprocess exited when trying to invoke get_requires_for_build_wheel",
  ],
];

for (const version of ["2.5", "1.8"]) {
  const failures = recorded(version);
  for (const [what, cause, hint, older = cause] of EXPECTED) {
    Deno.test(`explainPoetryFailure() of ${version}: ${what}`, () => {
      const explanation = explainPoetryFailure(failures.get(what)!);
      assertEquals(explanation.cause, version === "1.8" ? older : cause);
      assertEquals(explanation.hint, hint);
    });
  }

  Deno.test(`findsNoSolution() of ${version}`, () => {
    const unsolvable = [...failures].filter(([, text]) => findsNoSolution(text)).map(([it]) => it);
    assertEquals(unsolvable, [
      "two plugins need another idna",
      "the app and a plugin need another idna",
      "a plugin needs a newer plugin",
      "the app needs a newer plugin",
      "another Python",
      "a Python that ends",
      "no such package",
    ]);
  });
}

Deno.test("explainPoetryFailure() says what cannot be reached, and nothing of what it does not know", () => {
  const { cause } = explainPoetryFailure(recorded("2.5").get("no host")!);
  assertEquals(cause, "no-such-host.invalid cannot be reached");
  assertEquals(explainPoetryFailure("Something else\n"), {});
});
