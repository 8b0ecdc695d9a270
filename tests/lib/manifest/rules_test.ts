import { assert, assertEquals } from "@std/assert";
import {
  branchProblem,
  extraProblem,
  filterProblem,
  gitProblem,
  groupProblem,
  normalizeFolder,
  packageNameProblem,
  packagesDirProblem,
  pathProblem,
  revProblem,
  subdirectoryProblem,
  tagPrefixProblem,
  tagProblem,
} from "../../../lib/manifest/rules.ts";
import type { Rule } from "../../../lib/manifest/text_rule.ts";

function check(
  rule: Rule,
  right: readonly string[],
  wrong: Readonly<Record<string, string>>,
): void {
  for (const text of right) assertEquals(rule(text), undefined, text);
  for (const [text, why] of Object.entries(wrong)) {
    const message = rule(text)?.message ?? "no problem";
    assert(message.includes(why), `${JSON.stringify(text)}: ${message}`);
    assert(!/\p{Cc}/u.test(message), message);
  }
}

Deno.test("packageNameProblem() keeps to PEP 508", () => {
  const right = [
    "a",
    "A1",
    "my-plugin",
    "a_b.c--d",
    "1.10",
    "constructor",
    "toString",
    "a".repeat(214),
  ];
  const wrong = [
    "",
    "-x",
    "x-",
    "../x",
    "a/b",
    "a b",
    "__proto__",
    "a\0",
    "ü",
    "a\n",
    ".",
    "{name}",
  ];
  for (const rule of [packageNameProblem, extraProblem, groupProblem]) {
    check(rule, right, {
      ...Object.fromEntries(wrong.map((text) => [text, "it may hold letters"])),
      ["a".repeat(215)]: "longer than 214",
      ["a".repeat(10_000)]: "longer than 214",
    });
  }
});

Deno.test("tagProblem() and branchProblem() agree with git check-ref-format", async () => {
  const right = [
    "v1.2.0",
    "1.10",
    "rel/1.0",
    "a@b",
    "a-b",
    "ü",
    "{x}",
    "a,b",
    "@a",
    "x.locks",
    "a#b",
    "a'b",
  ];
  const wrong = [
    "",
    "a..b",
    "a b",
    "a~",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[",
    "a\\b",
    "/a",
    "a/",
    "a//b",
    "a.",
    ".a",
    "a/.b",
    "a.lock",
    "a.lock/b",
    "a@{b",
    "a\x01",
    "a\x7f",
    "a\n",
  ];
  for (const text of [...right, ...wrong]) {
    const git = new Deno.Command("git", {
      args: ["check-ref-format", `refs/tags/${text}`],
      stdout: "null",
      stderr: "null",
    });
    const { success } = await git.output();
    assertEquals(success, right.includes(text), `git and ${JSON.stringify(text)}`);
    assertEquals(tagProblem(text) === undefined, success, JSON.stringify(text));
    assertEquals(branchProblem(text) === undefined, success, JSON.stringify(text));
  }
});

Deno.test("tagPrefixProblem() takes what a tag can begin with", () => {
  check(tagPrefixProblem, ["", "v", "libs/plug/", "plug-", "plug.", "plug==", "@scope/plug@"], {
    "-x": "it must not begin with `-`",
    "/": "it must not begin or end with `/`",
    "a..": "`..`",
    "a b": "a space",
    "libs/.": "no part of it may begin with `.`",
    ["x".repeat(240)]: "longer than 239",
  });
});

Deno.test("tagProblem() refuses what git takes for something else", () => {
  check(tagProblem, [], {
    "-x": "it must not begin with `-`",
    "--upload-pack=x": "it must not begin with `-`",
    "@": "git uses this name itself",
    "HEAD": "git uses this name itself",
    ["a".repeat(241)]: "longer than 240",
  });
});

Deno.test("revProblem() wants 7 to 64 hexadecimal digits", () => {
  check(revProblem, ["1234567", "ABCDEF0", "a".repeat(64)], {
    "123456": "expected a commit",
    "main": "expected a commit",
    ["a".repeat(65)]: "expected a commit",
    "-1234567": "expected a commit",
  });
});

Deno.test("filterProblem() knows git's filters", () => {
  check(filterProblem, ["blob:none", "tree:0", "blob:limit=10", "blob:limit=1m"], {
    "blob:some": "expected `blob:none`, `tree:0` or `blob:limit=SIZE`",
    "blob:limit=": "expected",
    "blob:limit=1t": "expected",
    "sparse:oid=x": "expected",
    "-x": "expected",
  });
});

Deno.test("gitProblem() lets plain URLs and paths pass", () => {
  check(gitProblem, [
    "https://github.com/org/{name}.git",
    "http://h:8080/x",
    "ssh://git@example.com/team/other.git",
    "ssh://git@h:22/x",
    "git://h/x",
    "file:///srv/x",
    "file://C:/x",
    "git@example.com:org/{name}.git",
    "host:path",
    "../repos/{name}",
    "/srv/git/{name}.git",
    "repos/a b",
    "{name}",
    "./x:y",
    "ssh://[::1]/x",
    "git@[::1]:x",
    "https://h/org/@scope/x",
  ], {});
});

Deno.test("gitProblem() refuses helpers, options and credentials", () => {
  const credentials = "it must not hold a password or token";
  check(gitProblem, [], {
    "": "it is empty",
    " ": "it is empty",
    "-x": "it must not begin with `-`",
    "--upload-pack=touch x": "it must not begin with `-`",
    "ext::sh -c x": "transport helpers",
    "{name}::sh -c x": "transport helpers",
    "fd::17": "transport helpers",
    "git-remote.x+y::z": "transport helpers",
    "a\nb": "control characters",
    "a\0": "control characters",
    "x ": "begin or end with a space",
    "https://h/{nam}": "`{name}` is the only placeholder",
    "https://h/{": "`{name}` is the only placeholder",
    "{name}://h/x": "the scheme must be",
    "ftp://h/x": "the scheme must be `https`, `http`, `ssh`, `git` or `file`",
    "HTTPS://h/x": "the scheme must be",
    "git+https://h/x": "the scheme must be",
    "https:///x": "it names no host",
    "https://h/a b": "spaces",
    "https://h/a?b": "`?` or `#`",
    "https://h/a#b": "`?` or `#`",
    "ssh://-oProxyCommand=x/y": "the host and the user must not begin with `-`",
    "ssh://git@-oProxyCommand=x/y": "the host and the user must not begin with `-`",
    "ssh://-x@h/y": "the host and the user must not begin with `-`",
    "git@-oProxyCommand=x:y": "the host and the user must not begin with `-`",
    "https://sekret@h/x": credentials,
    "https://user:sekret@h/x": credentials,
    "https://user:sek/ret@h/x": credentials,
    "ssh://git:sekret@h/x": credentials,
    "user:sekret@h:x": credentials,
    ["x".repeat(1001)]: "longer than 1000",
  });
  for (
    const url of [
      "https://sekret@h/x",
      "https://u:sekret@h/x",
      "https://u:sek/sekret@h/x",
      "u:sekret@h:x",
      "foo://u:sekret@h",
      "-u:sekret@h:x",
      "https://h/x?token=sekret",
    ]
  ) {
    const problem = gitProblem(url);
    assert(problem !== undefined && !JSON.stringify(problem).includes("sekret"), problem?.message);
  }
  assert(gitProblem("https://u:t@h/x")?.hint?.includes("credential helper"));
});

Deno.test("packagesDirProblem(), pathProblem() and subdirectoryProblem() keep to their folders", () => {
  const always = {
    "": "it is empty",
    "/x": "absolute",
    "~/x": "absolute",
    "C:/x": "absolute",
    "a\\b": "separated by `/`",
    "a\0b": "control characters",
    "a/-x": "begin with `-`",
    "-x": "begin with `-`",
    "a/.git": "inside `.git`",
    ".GIT/hooks": "inside `.git`",
    "x/../.git./y": "inside `.git`",
    ["x".repeat(1001)]: "longer than 1000",
  };
  const notRoot = {
    ".": "the root itself",
    "a/..": "the root itself",
    "./": "the root itself",
    ".hsm/x": "inside `.hsm`",
    ".venv": "inside `.venv`",
    "uv.lock": "inside a lock file",
    "./Hsm.local.yaml": "inside `hsm.local.yaml`",
  };
  const windows = {
    "a/CON": "a device",
    "nul/a": "a device",
    "aux.tar.gz": "a device",
    "lpt1 .x": "a device",
    "a/com²": "a device",
    "a./b": "end with `.` or a space",
    "a/...": "end with `.` or a space",
    "a /b": "end with `.` or a space",
  };
  const leaves = { "..": "leave through `..`", "a/../../x": "leave through `..`" };
  const others = ["console", "a/nulls", "auxiliary.txt", "com10", "a.b/..c"];
  check(packagesDirProblem, ["packages", "a/b/", "./x", "a/../b", ...others], {
    ...always,
    ...windows,
    ...notRoot,
    ...leaves,
  });
  // An app may lie in the repository of its plugin, as an example of it.
  check(pathProblem, ["../other", "../../x/y", "a/b c", "é", "..", "a/../../../", ...others], {
    ...always,
    ...windows,
    ...notRoot,
  });
  check(subdirectoryProblem, ["python", "a/b", ".", "./", ".hsm", ...Object.keys(windows)], {
    ...always,
    ...leaves,
  });
});

Deno.test("normalizeFolder() resolves dots as text", () => {
  assertEquals(["a//b/./c/", "a/../..", "../../a/..", "./", "a/b/../../c"].map(normalizeFolder), [
    "a/b/c",
    "..",
    "../..",
    ".",
    "c",
  ]);
});
