import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { explainUvFailure, findsNoSolution } from "../../../../lib/adapters/uv/failure.ts";

/** What real versions of uv said, by what was wrong. */
function recorded(version: string): ReadonlyMap<string, string> {
  const url = new URL(`failures_${version}.txt`, import.meta.url);
  const parts = Deno.readTextFileSync(fromFileUrl(url)).split(/^=== /m).slice(1);
  return new Map(parts.map((part) => [
    part.slice(0, part.indexOf("\n")),
    part.slice(part.indexOf("\n") + 1),
  ]));
}

const PIN = "pin plug-c or plug-d to a version that fits, or change what one of them needs";
const TAGS =
  "`git ls-remote --tags file:///remotes/plug-c` lists them; correct the pin of plug-c in hsm.yaml";
const REPAIR = "repair the build of plug-b, or use another version of it";

/** What is wrong, the line that says so, and the hint. */
const EXPECTED: readonly (readonly [string, string, string])[] = [
  [
    "two plugins need another idna (git)",
    "plug-c 1.2.0 needs idna>=3.7, plug-d 1.2.0 needs idna<3",
    PIN,
  ],
  [
    "two plugins need another idna",
    "plug-c 1.2.0 needs idna>=3.7, plug-d 1.2.0 needs idna<3",
    PIN,
  ],
  [
    "the app and a plugin need another idna",
    "plug-c 1.2.0 needs idna>=3.7, the app needs idna<3",
    "pin plug-c to a version that fits, or change what the app needs",
  ],
  [
    "a plugin needs a newer plugin",
    "plug-e 1.0.0 needs plug-c>=2, there is only plug-c<2",
    "use a version of plug-c that fits, or another of plug-e",
  ],
  [
    "a plugin needs a plugin between two versions",
    "plug-e 1.0.0 needs plug-c>=1.5,<2, and there is none",
    "use a version of plug-c that fits, or another of plug-e",
  ],
  [
    "the app requires three plugins",
    "plug-f 1.0 needs idna>=3, plug-h 1.0 needs idna<3",
    "pin plug-f or plug-h to a version that fits, or change what one of them needs",
  ],
  ["no such tag", "plug-c has no tag v9.9.9 in file:///remotes/plug-c", TAGS],
  [
    "no such branch",
    "plug-c has no branch nope in file:///remotes/plug-c",
    TAGS.replace("--tags", "--heads"),
  ],
  [
    "no such commit",
    "plug-c has no commit 0123456789012345678901234567890123456789 in file:///remotes/plug-c",
    "correct the pin of plug-c in hsm.yaml, or push the commit",
  ],
  [
    "no such repository",
    "plug-x cannot be fetched from file:///remotes/plug-x: " +
    "'/remotes/plug-x' does not appear to be a git repository",
    "make sure that `git ls-remote file:///remotes/plug-x` works, or correct `git` of plug-x in hsm.yaml",
  ],
  [
    "no such host",
    "plug-x cannot be fetched from https://example.invalid/plug-x.git: " +
    "unable to access 'https://example.invalid/plug-x.git/': Could not resolve host: example.invalid",
    "make sure that `git ls-remote https://example.invalid/plug-x.git` works, or correct `git` of plug-x in hsm.yaml",
  ],
  [
    "another name",
    "what was to be plug-z is named plug-c",
    "correct its name, or its repository, in hsm.yaml",
  ],
  ["an editable does not build", "plug-b does not build: RuntimeError: no compiler here", REPAIR],
  ["a pin does not build", "plug-b does not build: RuntimeError: no compiler here", REPAIR],
  [
    "setup.py fails",
    "plug-s does not build: setup failed: need libfoo",
    REPAIR.replace("plug-b", "plug-s"),
  ],
  [
    "a plugin needs a newer Python",
    "plug-p 1.0 needs Python>=3.99, the app allows Python>=3.9",
    "raise `requires-python` in the app's pyproject.toml, or use another version of plug-p",
  ],
  [
    "no such Python",
    "there is no Python >=3.99 on this machine",
    "install one (`uv python install` can), or change `requires-python`",
  ],
  [
    "two sources",
    "plug-c is to come from file:///remotes/plug-c (editable) and from git+file:///remotes/plug-c@v1.2.0",
    "take plug-c out of [tool.uv.sources] in the pyproject.toml of plug-u, or of its uv workspace",
  ],
  [
    "no such package",
    "plug-n 1.0 needs this-surely-is-not-a-package-xyz, " +
    "and there is no package this-surely-is-not-a-package-xyz",
    "if this-surely-is-not-a-package-xyz is one of your own packages, add it to hsm.yaml",
  ],
  [
    "no such version",
    "plug-v 1.0 needs idna>=99, there is only idna<=3.20",
    "use a version of idna that fits, or another of plug-v",
  ],
  [
    "no Python project",
    "empty has neither pyproject.toml nor setup.py at the top of its repository",
    "set `subdirectory` of empty in hsm.yaml",
  ],
];

function told(text: string) {
  const { cause, hint } = explainUvFailure(text);
  return { cause, hint };
}

Deno.test("explainUvFailure() names what cannot be had from where it is said to be", () => {
  const texts = recorded("0.13");
  const names = [...texts.keys()].filter((name) => explainUvFailure(texts.get(name)!).misplaced);
  assertEquals(names, [
    "no such tag",
    "no such branch",
    "no such commit",
    "no such repository",
    "no such host",
    "two sources",
  ]);
});

Deno.test("explainUvFailure() says in terms of packages what uv 0.13 said", () => {
  const texts = recorded("0.13");
  assertEquals([...texts.keys()], EXPECTED.map(([name]) => name));
  for (const [name, cause, hint] of EXPECTED) {
    assertEquals(told(texts.get(name) ?? ""), { cause, hint }, name);
  }
});

Deno.test("explainUvFailure() says the same for uv 0.9, which frames and wraps its words", () => {
  const texts = recorded("0.9");
  assertEquals(texts.size, 10);
  for (const [name, text] of texts) {
    const [, cause = "", hint = ""] = EXPECTED.find(([it]) => it === name) ?? [];
    // That version tells the interpreter, not what the app allows.
    const own = cause.replace("the app allows Python>=3.9", "this one is 3.11.7");
    assertEquals(told(text), { cause: own, hint }, name);
  }
});

Deno.test("explainUvFailure() is silent where it does not know better than uv", () => {
  assertEquals(explainUvFailure(""), {});
  assertEquals(explainUvFailure("error: Failed to parse uv.lock\n"), {});
  assertEquals(
    explainUvFailure("error: No solution found when resolving dependencies\n  cause: Because.\n"),
    {},
  );
});

Deno.test("explainUvFailure() says what git lacks where it could not fetch from Git LFS", () => {
  const cause = "git could not fetch the files of plug-a that Git LFS keeps";
  const rest = "; `hsm doctor` says whether that was all";
  const begin = "error: Failed to download and build `plug-a @ git+file:///r/plug-a@v1#lfs=true`\n";
  // uv 0.13.9, where the filter is not configured, and where it is and git-lfs is gone.
  assertEquals(
    explainUvFailure(
      `${begin}  cause: The source distribution \`git+file:///r/plug-a@v1#lfs=true\` is missing Git LFS artifacts.
  cause: Is Git LFS configured? Run \`git lfs install\` to initialize Git LFS.
`,
    ),
    { cause, hint: `run \`git lfs install\`${rest}` },
  );
  assertEquals(
    explainUvFailure(`${begin}  cause: Git operation failed
  cause: process didn't exit successfully: \`/usr/bin/git reset --hard d1aae689d23127da425c6bf425bfc30759f69c81\` (exit status: 128)
         --- stderr
         git-lfs filter-process: 1: git-lfs: not found
         fatal: src/plug/d.bin: smudge filter lfs failed
`),
    { cause, hint: `install git-lfs, then run \`git lfs install\`${rest}` },
  );
});

Deno.test("explainUvFailure() names the submodule that git could not fetch", () => {
  const hint =
    "uv fetches submodules always: make sure that git can, or use a version of plug-a without it";
  // uv 0.13.9 and git 2.39.
  const said = (...lines: string[]) =>
    explainUvFailure(`error: Failed to download and build \`plug-a @ git+file:///r/plug-a@v1\`
  cause: Git operation failed
  cause: process didn't exit successfully: \`/usr/bin/git -c 'remote.origin.url=file:///r/plug-a' submodule update --init\` (exit status: 1)
         --- stderr
         Submodule 'vendor/lib' (file:///r/lib) registered for path 'vendor/lib'
         Cloning into '/cache/git-v2/checkouts/fd608d0e409c6aeb/0835d79/vendor/lib'...
${lines.map((line) => `         ${line}\n`).join("")}`);

  assertEquals(
    said(
      "fatal: transport 'file' not allowed",
      "fatal: clone of 'file:///r/lib' into submodule path '/cache/vendor/lib' failed",
      "Failed to clone 'vendor/lib'. Retry scheduled",
    ),
    {
      cause: "the submodule vendor/lib of plug-a cannot be fetched: transport 'file' not allowed",
      hint,
    },
  );
  assertEquals(
    said(
      "git@example.com: Permission denied (publickey).",
      "fatal: Could not read from remote repository.",
    ),
    {
      cause: "a submodule of plug-a cannot be fetched: Could not read from remote repository.",
      hint,
    },
  );
  assertEquals(
    said(
      "fatal: git upload-pack: not our ref d725edf1",
      "fatal: Fetched in submodule path 'vendor/lib', but it did not contain d725edf1. Direct fetching of that commit failed.",
    ),
    {
      cause:
        "the submodule vendor/lib of plug-a cannot be fetched: git upload-pack: not our ref d725edf1",
      hint,
    },
  );
});

Deno.test("explainUvFailure() does not take a package for missing where uv was not let in", () => {
  const text = `error: No solution found when resolving dependencies
  cause: Because zzz-x was not found in the package registry and your project depends on zzz-x, we can conclude that your project's requirements are unsatisfiable.

hint: An index URL (https://example.com/simple/) could not be queried due to a lack of valid authentication credentials (401 Unauthorized)
`;
  const said = explainUvFailure(text);
  assertEquals(findsNoSolution(text), false);
  assertEquals(said.cause, "uv was not let in at example.com");
  assertEquals(
    said.hint,
    "example.com wants to know who asks: run `uv auth login example.com`, see docs/guides/authentication.md",
  );
});

Deno.test("explainUvFailure() tells what cannot be built or fetched from what has no solution", () => {
  const builds = `error: Failed to download and build \`plug @ git+file:///r/plug@v1\`
  cause: Failed to resolve requirements from \`build-system.requires\`
  cause: No solution found when resolving: \`nothing>=3\`, \`setuptools\`
  cause: Because nothing was not found in the package registry and you require nothing>=3, we can conclude that your requirements are unsatisfiable.
`;
  const fetches = `error: Request failed after 3 retries in 7.7s
  cause: Failed to fetch: http://user:sekret@127.0.0.1:9/simple/idna/
  cause: client error (Connect)
  cause: Connection refused (os error 111)
`;
  const older = `error: Failed to fetch: \`http://127.0.0.1:9/simple/idna/\`
  Caused by: Connection refused (os error 111)
`;
  const offline = `error: No solution found when resolving dependencies
  cause: Because idna was not found in the cache and your project depends on idna, we can conclude that your project's requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled. When the network is disabled, registry packages may only be read from the cache.
`;
  assertEquals(explainUvFailure(builds), {
    cause: "plug does not build: its build needs `nothing>=3`, `setuptools`, which cannot be had",
    hint: "make sure that the index has it, or use another version of plug",
  });
  assertEquals(
    explainUvFailure(fetches).cause,
    "http://***@127.0.0.1:9/simple/idna/ cannot be fetched: Connection refused (os error 111)",
  );
  assertEquals(
    explainUvFailure(older).cause,
    "http://127.0.0.1:9/simple/idna/ cannot be fetched: Connection refused (os error 111)",
  );
  assertEquals(
    explainUvFailure(offline).cause,
    "the network is switched off, and uv's cache lacks a package",
  );
  for (const text of [builds, fetches, older, offline]) {
    assertEquals(findsNoSolution(text), false, text);
  }
  assertEquals(findsNoSolution(recorded("0.13").get("no such package") ?? ""), true);
});

Deno.test("explainUvFailure() does not send to a terminal who cannot answer git there, since uv runs it", () => {
  const { hint } = explainUvFailure(
    `error: Failed to download and build \`plug-a @ git+https://example.com/plug-a@v1.1.0\`
  cause: Git operation failed
  cause: failed to fetch tag \`v1.1.0\`
  cause: process didn't exit successfully: \`/usr/bin/git fetch\` (exit status: 128)
         --- stderr
         fatal: could not read Username for 'https://example.com': terminal prompts disabled
`,
  );
  assertEquals(
    hint,
    "example.com wants to know who asks: uv lets git ask nobody; give git a credential helper that knows it, " +
      "see docs/guides/authentication.md",
  );
});
