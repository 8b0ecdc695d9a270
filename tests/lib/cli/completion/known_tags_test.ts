import { assert, assertEquals } from "@std/assert";
import { join, relative } from "@std/path";
import { knownPrograms } from "../../../../lib/cli/completion/known_programs.ts";
import { knownTags } from "../../../../lib/cli/completion/known_tags.ts";
import type { ManifestPackage } from "../../../../lib/manifest/model.ts";
import { testApp } from "../../../harness/app.ts";

function knownPackage(git: string): ManifestPackage {
  const name = "plug-a";
  const it = {
    name,
    key: name,
    mode: "dev",
    pin: { tag: "v1.0.0" },
    path: `packages/${name}`,
    git,
  };
  return it as ManifestPackage;
}

Deno.test("knownTags() finds the tags of the checkout, else of the remote, the newest first", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const { root, env } = app;
  const plugin = app.plugin("plug-a");
  for (const tag of ["v1.10.0", "v1.9.0", "nightly", "plug-z/v3", "-x"]) {
    await plugin.git("update-ref", `refs/tags/${tag}`, "HEAD");
  }
  await app.git(".", "init", "-q");
  await app.git(".", "commit", "-q", "--allow-empty", "-m", "App");
  await app.git(".", "tag", "v9.0.0");
  const it = knownPackage(plugin.url);
  const tags = async () =>
    (await knownTags(it, { root, env: { ...Deno.env.toObject(), ...env }, limit: 20_000 }))
      .map(({ value, description }) => `${value}: ${description}`);
  const atRemote = ["v1.10.0: ", "v1.9.0: ", "v1.0.0: the pin now", "nightly: "];

  assertEquals(await tags(), atRemote);
  // A folder that is no checkout does not make the app's own tags those of the package.
  await app.write("packages/plug-a/README.md", "");
  assertEquals(await tags(), atRemote);
  await app.write("packages/plug-a/.git/config", "");
  assertEquals(await tags(), atRemote);

  await Deno.remove(join(root, "packages/plug-a"), { recursive: true });
  await app.git(".", "clone", "-q", plugin.url, "packages/plug-a");
  await plugin.git("tag", "v2.0.0");
  const date = (await plugin.git("log", "-1", "--format=%cs", "v1.0.0")).trim();
  assertEquals(await tags(), [
    ...[`v1.10.0: ${date}`, `v1.9.0: ${date}`, `v1.0.0: ${date}, the pin now`, `nightly: ${date}`],
  ]);
});

Deno.test("knownTags() waits neither for a remote nor for a password", async () => {
  await using app = await testApp();
  const told = join(app.folder, "told");
  // What comes behind it is told, and then there is no answer.
  const ssh = `f() { echo $$ "$@" >'${told}'; sleep 600; }; f`;
  const env = { ...Deno.env.toObject(), ...app.env, GIT_SSH_COMMAND: ssh };
  const it = knownPackage("ssh://git@example.invalid/plug-a.git");
  const started = performance.now();
  assertEquals(await knownTags(it, { root: app.root, env, limit: 2_000 }), []);
  assert(performance.now() - started < 10_000);
  const [pid = "", ...words] = (await Deno.readTextFile(told)).trim().split(" ");
  assertEquals(words.slice(0, 2), ["-o", "BatchMode=yes"]);
  assert(Number(pid) > 0);
  await gone(Number(pid));
});

/** Waits until a process is gone: it has been told to end, and is reaped by whoever takes over orphans. */
async function gone(pid: number): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
    const state = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    if (state === "" || / Z /.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${pid} still runs`);
}

Deno.test("knownTags() finds none where nothing can be asked", async () => {
  await using app = await testApp();
  const options = { root: app.root, env: { ...Deno.env.toObject(), ...app.env } };
  assertEquals(await knownTags(knownPackage("./nothing"), options), []);
  assertEquals(await knownTags(knownPackage("ext::sh -c 'touch evil'"), options), []);
  assertEquals(await knownTags(knownPackage("./x"), { ...options, env: { PATH: "" } }), []);
  assertEquals(await app.exists("evil"), false);
});

Deno.test("knownPrograms() finds what can be run, each name once", async () => {
  await using app = await testApp();
  const [a, b, c] = [join(app.folder, "a"), join(app.folder, "b"), join(app.folder, "c")];
  for (const folder of [a, b, c, join(a, "sub")]) await Deno.mkdir(folder);
  for (const path of [join(a, "sub2"), join(b, "sub2"), join(b, "sub1"), join(c, "sub0")]) {
    await Deno.writeTextFile(path, "", { mode: 0o755 });
  }
  await Deno.writeTextFile(join(b, "sub3"), "", { mode: 0o644 });
  await Deno.symlink("nowhere", join(b, "sub4"));
  await Deno.symlink("sub1", join(b, "sub5"));
  const PATH = [a, "", relative(Deno.cwd(), c), join(app.folder, "missing"), b].join(":");
  assertEquals(knownPrograms("sub", { PATH }), ["sub1", "sub2", "sub5"]);
  assertEquals(knownPrograms("x", { PATH }), []);
  assertEquals(knownPrograms("sub", {}), []);
});
