import { assertEquals } from "@std/assert";
import { gitMessage } from "../../../lib/git/ask.ts";

Deno.test("gitMessage() gives what went wrong, without git's advice and without secrets", () => {
  const message = (stderr: string) => gitMessage({ code: 128, stderr });
  const stderr = `fatal: 'https://me:s3cret@example.com/x' does not appear to be a git repository
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`;
  assertEquals(message(stderr), [
    "fatal: 'https://***@example.com/x' does not appear to be a git repository",
    "fatal: Could not read from remote repository.",
  ]);
  assertEquals(message("\n"), ["git exited with code 128"]);
});
