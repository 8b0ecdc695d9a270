import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { isWorkspaceMember, uvWorkspaceRoot } from "../../../../lib/adapters/uv/workspace.ts";

/** What uv 0.13.9 does, each tried with a source of the root's that only a member has. */
Deno.test("isWorkspaceMember() takes globs as uv does", () => {
  const cases = [
    [["pkgs/*"], [], "pkgs/api", true],
    [["pkgs/*"], [], "pkgs/deep/api", false],
    [["pkgs/*-api"], [], "pkgs/deep/rs-api", false],
    [["./pkgs/*/"], [], "pkgs/api", true],
    [["pkgs/deep/../api"], [], "pkgs/api", true],
    [["**/api"], [], "pkgs/deep/api", true],
    [["pkgs/**/api"], [], "pkgs/api", true],
    [["pkgs/**/api"], [], "pkgs/a/b/api", true],
    [["pkgs/**"], [], "pkgs/a/b", true],
    [["[pr]kgs/a[!x]i"], [], "pkgs/api", true],
    [["[!p]kgs/api"], [], "pkgs/api", false],
    [["pkgs/?pi"], [], "pkgs/api", true],
    // These are no globs for uv.
    [["{pkgs,x}/*"], [], "pkgs/api", false],
    [["@(pkgs)/*"], [], "pkgs/api", false],
    [["pkgs.*"], [], "pkgs/api", false],
    // What is excluded is compared as one text.
    [["pkgs/**"], ["pkgs/api"], "pkgs/api", false],
    [["pkgs/**"], ["pkgs/deep"], "pkgs/deep/api", true],
    [["pkgs/**"], ["pkgs/d*"], "pkgs/deep/api", false],
    [["pkgs/**"], ["./pkgs/api/"], "pkgs/api", false],
    [["pkgs/**"], ["x/*"], "pkgs/api", true],
    [[], [], "pkgs/api", false],
  ] as const;
  for (const [members, exclude, path, expected] of cases) {
    const told = JSON.stringify({ members, exclude, path });
    assertEquals(isWorkspaceMember({ members, exclude }, path), expected, told);
  }
});

Deno.test("uvWorkspaceRoot() goes by the nearest pyproject.toml above", async () => {
  const root = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    await ensureDir(`${root}/libs/app`);
    const workspace = '[tool.uv.workspace]\nmembers = ["libs/*"]\n';
    await Deno.writeTextFile(`${root}/pyproject.toml`, workspace);
    await Deno.writeTextFile(`${root}/libs/app/pyproject.toml`, '[project]\nname = "app"\n');
    assertEquals(await uvWorkspaceRoot(`${root}/libs/app`), root);
    await Deno.writeTextFile(`${root}/libs/pyproject.toml`, "[tool.other]\n");
    assertEquals(await uvWorkspaceRoot(`${root}/libs/app`), `${root}/libs/app`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
