import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

/** Files with names that git takes for revisions, remotes or options where nothing says that they are none. */
const FILES = ["HEAD", "FETCH_HEAD", "ORIG_HEAD", "main", "v1.0.0", "v1.1.0", "origin"];
const OPTIONS = ["--branches", "--all", "-h", "--"];

Deno.test("a plugin with files named HEAD, main, v1.0.0, origin or --branches is worked on as any other", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const plugin = app.plugin("plug-a");
  const first = (await plugin.git("rev-parse", "HEAD")).trim();
  for (const file of [...FILES, ...OPTIONS, first]) {
    await plugin.commit(file, `${file}\n`);
  }
  await plugin.git("tag", "--force", "--annotate", "--message=v1.0.0", "v1.0.0", "HEAD", "--");
  const git = (...args: string[]) => app.git("packages/plug-a", ...args);
  const hsm = async (...args: string[]) => (await app.hsm(...args)).expect({ code: 0 });
  await hsm("sync");

  await hsm("dev", "plug-a", "--yes");
  // Names of commits, too; these are ignored, or else nothing could be pulled.
  await app.write("packages/plug-a/.git/info/exclude", "/[0-9a-f]*[0-9a-f]\n");
  const status = await hsm("status");
  assertEquals(/main/.test(status.stdout) && !/dirty/.test(status.stdout), true, status.stdout);
  await hsm("doctor");
  (await app.hsm("exec", "--", "git", "log", "-1", "--format=%s")).expect({
    code: 0,
    stdout: `Change ${first}\n`,
  });

  await plugin.release({ name: "plug-a", version: "1.1.0" });
  await plugin.commit("more.txt", "1\n");
  await plugin.commit("more.txt", "2\n");
  (await app.hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 3 new commits\n" });
  const old = (await git("rev-parse", "HEAD~1")).trim();
  for (const commit of [old, (await git("rev-parse", "origin/main", "--")).trim().split("\n")[0]]) {
    await app.write(`packages/plug-a/${commit}`, "mine\n");
  }
  // A commit between two tags, behind the branch of the remote.
  await git("reset", "--quiet", "--hard", old, "--");
  (await hsm("pin", "plug-a")).expect({ code: 0, stdout: new RegExp(old.slice(0, 7)) });
  await git("reset", "--quiet", "--hard", "v1.1.0^{commit}", "--");
  (await hsm("pin", "plug-a")).expect({ code: 0, stdout: /v1\.1\.0/ });
  await git("commit", "--quiet", "--allow-empty", "--message=mine");
  await hsm("dev", "plug-a");
  (await app.hsm("prod", "plug-a")).expect({
    code: 0,
    stderr: /packages\/plug-a has 1 unpushed commit, which the app does without in prod mode/,
  });

  await hsm("outdated");
  await hsm("update", "plug-a", "--to", "v1.0.0");
  await hsm("update", "plug-a");
  assertEquals((await app.read("hsm.yaml")).includes("plug-a: v1.1.0"), true);
  await hsm("undo", "--yes");
  assertEquals((await app.read("hsm.yaml")).includes("plug-a: v1.0.0"), true);
  await hsm("dev", "plug-a");
  (await app.hsm("remove", "plug-a", "--yes")).expect({
    code: 0,
    stderr: /stays as it is; it holds work that is nowhere else/,
  });
});
