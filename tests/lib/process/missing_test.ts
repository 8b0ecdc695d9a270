import { assertEquals } from "@std/assert";
import { hintOfMissing } from "../../../lib/process/missing.ts";

Deno.test("hintOfMissing() says where a program was looked for, and what a shell would know", () => {
  const shell = (program: string) =>
    `no shell reads the command: where it is one for a shell, run \`sh -c '${program} …'\``;
  const cases: readonly (readonly [string, string])[] = [
    ["pytest", "install it, or put its folder on PATH; looked for in /bin:/opt/x"],
    ["git", "install git, or put its folder on PATH; looked for in /bin:/opt/x"],
    ["cd", shell("cd")],
    ["FOO=1", shell("FOO=1")],
    ["ls|wc", shell("ls|wc")],
    [
      "git status",
      "it is taken for one word: leave out the quotes around it, or run `sh -c 'git status'`",
    ],
    ["./tool.sh", "a path is taken from the folder it is run in, /app/packages/plug-a"],
    ["", "name a program"],
  ];
  for (const [program, hint] of cases) {
    const cwd = "/app/packages/plug-a";
    // Windows calls it Path.
    for (const [system, name] of [["linux", "PATH"], ["windows", "Path"]] as const) {
      const around = { cwd, env: { [name]: "/bin:/opt/x" }, system };
      assertEquals(hintOfMissing(program, around), hint);
    }
  }
  assertEquals(
    hintOfMissing("pytest", { cwd: "/app", env: {} }),
    "PATH is not set: name the program by its path",
  );
  assertEquals(
    hintOfMissing("pytest", { cwd: "/app" }),
    "install it, or put its folder on PATH",
  );
});
