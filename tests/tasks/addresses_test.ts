import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";

/**
 * An ssh that runs git's command at once, in the folder that is the login's home; a forge refuses paths with a tilde, and
 * serves what lies in that folder from the top. Each command it is given goes to a file.
 */
async function fakeSsh(app: TestApp, kind: "account" | "forge"): Promise<Record<string, string>> {
  const home = join(app.folder, "server");
  await ensureDir(join(home, "repos"));
  await must(
    ["git", "clone", "--quiet", "--bare", app.plugin("plug").url, `${home}/repos/plug.git`],
    { cwd: app.folder, env: app.env },
  );
  const script = join(app.folder, "ssh");
  const forge = `
case "$last" in *"'~"*) echo "fatal: no such project" >&2; exit 128;; esac
last=$(printf '%s' "$last" | sed "s|'/*|'${home}/|")`;
  await Deno.writeTextFile(
    script,
    `#!/bin/sh
for word; do last=$word; done
printf '%s\\n' "$last" >> '${app.folder}/asked'
${kind === "forge" ? forge : ""}
cd '${home}' && HOME='${home}' exec sh -c "$last"
`,
    { mode: 0o755 },
  );
  return { GIT_SSH: script, GIT_SSH_VARIANT: "ssh" };
}

const MANIFEST = "git: git@srv:repos/{name}.git\npackages:\n  plug: v1.0.0\n";
const PLUG = { name: "plug", version: "1.0.0" };

async function sourceUrlOf(app: TestApp): Promise<string | undefined> {
  return /git = "([^"]+)"/.exec(await app.read("pyproject.toml"))?.[1];
}

Deno.test("the short form of ssh is relative to the login's home folder, in prod and in dev", async () => {
  await using app = await testApp({ plugins: [PLUG], manifest: MANIFEST });
  const env = await fakeSsh(app, "account");

  (await app.hsmWith(env, "sync", "--quiet")).expect({ code: 0, stderr: "" });
  assertEquals(await sourceUrlOf(app), "ssh://git@srv/~/repos/plug.git");
  (await app.hsmWith(env, "status")).expect({ code: 0, stdout: / ok\n$/, stderr: "" });

  (await app.hsmWith(env, "dev", "--quiet", "--yes", "plug")).expect({ code: 0, stderr: "" });
  // As it is given: insteadOf applies to it.
  assertEquals(
    await app.git("packages/plug", "config", "remote.origin.url"),
    "git@srv:repos/plug.git\n",
  );
  // The server has said what it is; without it the URL is still the same.
  (await app.hsmWith({ GIT_SSH: "/bin/false" }, "map", "--json", "plug")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "");
  const { sources } = (await app.hsmWith({ GIT_SSH: "/bin/false" }, "map", "--json")).json();
  assertEquals(sources, [{
    package: "plug",
    mode: "prod",
    source: { kind: "git", git: "ssh://git@srv/~/repos/plug.git", tag: "v1.0.0" },
  }]);
});

Deno.test("a forge that has no home folders is told the path from the top, and asked but once", async () => {
  await using app = await testApp({ plugins: [PLUG], manifest: MANIFEST });
  const env = await fakeSsh(app, "forge");

  (await app.hsmWith(env, "sync", "--quiet")).expect({ code: 0, stderr: "" });
  assertEquals(await sourceUrlOf(app), "ssh://git@srv/repos/plug.git");

  await Deno.remove(join(app.folder, "asked"));
  (await app.hsmWith(env, "map")).expect({ code: 0 });
  assertEquals(await Deno.stat(join(app.folder, "asked")).catch(() => "nothing"), "nothing");
  // What pyproject.toml says counts where nobody has asked: a colleague's machine, or CI.
  await Deno.remove(join(app.folder, "home/.cache/hsm"), { recursive: true });
  (await app.hsmWith(env, "map")).expect({
    code: 0,
    stdout: "plug  prod  ssh://git@srv/repos/plug.git @ v1.0.0\n",
  });
  assertEquals(await Deno.stat(join(app.folder, "asked")).catch(() => "nothing"), "nothing");
});

Deno.test("hsm check --offline asks no server for the meaning of an address", async () => {
  await using app = await testApp({ plugins: [PLUG], manifest: MANIFEST });
  const env = await fakeSsh(app, "account");

  (await app.hsmWith(env, "check", "--offline")).expect({ code: 0 });
  assertEquals(await Deno.stat(join(app.folder, "asked")).catch(() => "nothing"), "nothing");
});

Deno.test("git:// is refused where uv refuses it, before anything is touched", async () => {
  await using app = await testApp({
    plugins: [PLUG],
    manifest: "git: git://127.0.0.1/{name}\npackages:\n  plug: v1.0.0\n",
  });

  for (const command of ["check", "sync"]) {
    await app.untouched(async () => {
      (await app.hsm(command)).expect({
        code: 2,
        [command === "check" ? "stdout" : "stderr"]:
          /uv takes no git:\/\/ URL[^]*give plug one with https:\/\/ or ssh:\/\//,
      });
    });
  }
});
