import { assertEquals } from "@std/assert";
import { explainPipFailure } from "../../../../lib/adapters/pip/failure.ts";

/** What uv 0.13.9 said. */
const NO_TAG =
  `error: Failed to download and build \`plug-d @ git+https://example.com/plug-d@v9.0.0\`
  cause: Git operation failed
  cause: failed to fetch into: /home/me/.cache/uv/git-v2/db/be3ef62f92b71882
  cause: failed to fetch branch or tag \`v9.0.0\`
  cause: process didn't exit successfully: \`/usr/bin/git fetch --force --update-head-ok 'https://example.com/plug-d' '+refs/tags/v9.0.0:refs/remotes/origin/tags/v9.0.0'\` (exit status: 128)
         --- stderr
         fatal: couldn't find remote ref refs/tags/v9.0.0
`;

const TWO_URLS = `error: Failed to resolve dependencies for package \`plug-u==1.0.0\`
  cause: Requirements contain conflicting URLs for package \`plug-t\` in all marker environments:
         - git+https://example.com/plug-t@v1.0.0
         - git+https://example.com/plug-t@v1.2.0
`;

Deno.test("explainPipFailure() tells a version that there is not", () => {
  assertEquals(explainPipFailure(NO_TAG), {
    misplaced: "plug-d",
    cause: "plug-d has no branch or tag v9.0.0 in https://example.com/plug-d",
    hint: "`git ls-remote https://example.com/plug-d` lists them; " +
      "correct the pin of plug-d in hsm.yaml",
  });
});

Deno.test("explainPipFailure() tells who names another place, which pip cannot overrule", () => {
  assertEquals(explainPipFailure(TWO_URLS), {
    cause: "plug-t is to come from git+https://example.com/plug-t@v1.0.0 " +
      "and from git+https://example.com/plug-t@v1.2.0",
    hint: "take the URL of plug-t out of the requirements of plug-u: pip cannot overrule it",
  });
});

Deno.test("explainPipFailure() tells that the environment has another Python", () => {
  const said =
    "error: The requested interpreter resolved to Python 3.11.7, which is incompatible " +
    "with the `pylock.toml`'s Python requirement: `>=3.13`\n";
  assertEquals(explainPipFailure(said), {
    cause: "the environment has Python 3.11.7, and what is locked is for Python >=3.13",
    hint: "remove the environment, so that it is made anew, or change `requires-python` in the " +
      "app's pyproject.toml",
  });
});

Deno.test("explainPipFailure() tells the rest as uv's own adapter does", () => {
  assertEquals(explainPipFailure("something else"), {});
});
