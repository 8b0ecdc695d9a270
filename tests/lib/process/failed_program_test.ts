import { assertEquals } from "@std/assert";
import { failedProgram, messageOf } from "../../../lib/process/failed_program.ts";

Deno.test("messageOf() gives what went wrong, without git's advice and without secrets", () => {
  const message = (stderr: string) => messageOf({ code: 128, stderr });
  const stderr = `fatal: 'https://me:s3cret@example.com/x' does not appear to be a git repository
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`;
  assertEquals(message(stderr), [
    "fatal: 'https://***@example.com/x' does not appear to be a git repository",
    "fatal: Could not read from remote repository.",
  ]);
  assertEquals(message("\n"), ["git exited with code 128 and said nothing"]);
});

Deno.test("failedProgram() says what was run and where, without what only HSM needs", () => {
  const url = "https://me:s3cret@example.com/x";
  const result = {
    argv: ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "fetch", "--", url],
    cwd: "/app/packages/plug-a",
    code: 128,
    success: false,
    stdout: "",
    stderr: "",
    isCut: false,
  };
  const command = "`git fetch -- https://***@example.com/x`";
  const { message, causes, hint } = failedProgram(result, "pull plug-a");
  assertEquals(message, "Cannot pull plug-a: git exited with code 128");
  assertEquals(causes, [
    `${command} exited with code 128 in /app/packages/plug-a and said nothing`,
  ]);
  assertEquals(hint, `run ${command} in /app/packages/plug-a, or hsm with -v, to see more of it`);
  const long = failedProgram({ ...result, argv: ["git", "ls-files", "x".repeat(500)] }, "x");
  assertEquals(long.hint?.length! < 300, true);
});
