import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sourceCommit, sourceTime } from "../../../lib/git/source_commit.ts";
import { testApp } from "../../harness/app.ts";

Deno.test("sourceCommit tells the commit of a checkout, and whether files differ from it", async () => {
  await using app = await testApp({ files: { "src/main.ts": "// one\n" } });
  assertEquals(await sourceCommit(app.root), undefined);
  await app.git(".", "init", "-q");
  assertEquals(await sourceCommit(app.root), undefined);
  await app.git(".", "add", ".");
  await app.git(".", "commit", "-q", "-m", "Begin");
  await app.git(".", "tag", "v1.0.0");
  const commit = (await app.git(".", "rev-parse", "HEAD")).trim();
  assertEquals(await sourceCommit(app.root), commit);
  const time = await app.git(".", "log", "-1", "--format=%ct");
  assertEquals(await sourceTime(app.root), Number(time));
  // Not what a repository around it is at.
  assertEquals(await sourceCommit(join(app.root, "src")), undefined);
  assertEquals(await sourceTime(join(app.root, "src")), undefined);
  await app.write("new", "");
  assertEquals(await sourceCommit(app.root), commit);
  await app.write("src/main.ts", "// two\n");
  assertEquals(await sourceCommit(app.root), `${commit}-dirty`);
});
