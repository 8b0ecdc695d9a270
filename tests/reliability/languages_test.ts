import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { openWorkspace } from "../../mod.ts";
import { ENGLISH, speaking } from "../harness/language.ts";
import type { Run } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";

type Env = Readonly<Record<string, string>>;

/** A scene in which what HSM does hangs on git's words, and what it must come to in any language. */
interface Scene {
  readonly args: readonly string[];
  /** hsm.yaml, but for the repositories. */
  readonly manifest: string;
  readonly code: number;
  readonly said: RegExp;
  readonly prepare?: (app: TestApp) => Promise<unknown>;
  readonly env?: Env;
}

const SCENES: Readonly<Record<string, Scene>> = {
  "a tag that is not there": {
    args: ["check", "--json"],
    manifest: "packages:\n  plug-a: v9.9.9\n",
    code: 2,
    said: /"code": "pin-not-found"/,
  },
  "a tag that is not there, found by uv": {
    args: ["sync", "--no-check"],
    manifest: "packages:\n  plug-a: v9.9.9\n",
    code: 1,
    said: /cause: plug-a has no tag v9\.9\.9 in file:/,
  },
  "a remote that is away": {
    args: ["outdated"],
    manifest: "packages:\n  plug-x: v1.0.0\n",
    code: 1,
    said: /Cannot ask the remote of plug-x[^]*does not appear to be a git repository/,
  },
  "a remote that is away, found by uv": {
    args: ["sync", "--no-check"],
    manifest: "packages:\n  plug-x: v1.0.0\n",
    code: 1,
    said: /cause: plug-x cannot be fetched from file:[^\n]*does not appear to be a git repository/,
  },
  "a remote that asks who is there": {
    args: ["clone", "--yes"],
    manifest:
      "mode: dev\npackages:\n  plug-a: { tag: v1.0.0, path: packages/l, git: '{locked}' }\n",
    code: 1,
    said:
      /could not read Username [^\n]*: terminal prompts disabled\nhint: \S+ wants to know who asks: answer git /,
  },
  "a folder that is no checkout": {
    args: ["status"],
    manifest: "packages:\n  plug-a: { tag: v1.0.0, mode: dev, path: packages/plain }\n",
    code: 0,
    said: /plug-a +dev +v1\.0\.0 +foreign[^]*packages\/plain is no git checkout/,
    prepare: (app) => app.write("packages/plain/x.txt", "x\n"),
  },
  "a checkout of somebody else's": {
    args: ["status"],
    manifest: "packages:\n  plug-a: { tag: v1.0.0, mode: dev }\n",
    code: 0,
    said: /is somebody else's, so git does not use it before you run `git config /,
    env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" },
  },
  "a tag that moved": {
    args: ["status", "--fetch"],
    manifest: "packages:\n  plug-b: { tag: v1.0.0, mode: dev }\n",
    code: 0,
    said: /main, 1 behind[^]*its remote has another commit as v1\.0\.0; /,
    prepare: async (app) => {
      (await app.hsm("clone", "--yes")).expect({ code: 0 });
      await app.plugin("plug-b").git("tag", "-d", "v1.0.0");
      await app.plugin("plug-b").commit("new.txt", "new\n", "v1.0.0");
    },
  },
  "a branch that was deleted": {
    args: ["pull"],
    manifest: "packages:\n  plug-b: { tag: v1.0.0, mode: dev, checkout: topic }\n",
    code: 1,
    said: /plug-b: its upstream origin\/topic is gone\n/,
    prepare: async (app) => {
      await app.plugin("plug-b").git("branch", "topic");
      await app.git("packages/plug-b", "fetch", "-q");
      await app.git("packages/plug-b", "switch", "-q", "topic");
      await app.plugin("plug-b").git("branch", "-D", "topic");
    },
  },
  "requirements that uv cannot meet": {
    args: ["sync", "--no-check"],
    manifest: "packages:\n  plug-c: v1.0.0\n",
    code: 1,
    said: /cause: /,
  },
};

/** Answers every request as a server does that wants a login. */
function lockedServer(): Deno.HttpServer<Deno.NetAddr> {
  const headers = { "WWW-Authenticate": 'Basic realm="git"' };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("", { status: 401, headers }),
  );
}

for (const language of ["de_DE", "fr_FR"]) {
  Deno.test(`what HSM makes of git's and uv's words is the same in ${language} as in English`, async () => {
    await using app = await testApp({
      plugins: ["plug-a", "plug-b", { name: "plug-c", dependencies: ["plug-a>=7", "plug-a<2"] }],
      files: { "hsm.local.yaml": "packages: { plug-a: { mode: dev } }\n" },
    });
    const foreign = await speaking(app, language);
    if (foreign === undefined) return;
    (await app.hsm("clone", "--yes")).expect({ code: 0 });
    await app.write("hsm.local.yaml", "");
    await using server = lockedServer();
    const locked = `http://127.0.0.1:${server.addr.port}/x`;
    const different: Record<string, unknown> = {};
    for (const [what, scene] of Object.entries(SCENES)) {
      await app.write(
        "hsm.yaml",
        `git: {remotes}/{name}\n${scene.manifest.replace("{locked}", locked)}`,
      );
      await scene.prepare?.(app);
      const run = async (env: Env): Promise<Run> => {
        for (const made of ["home/.cache", "app/.venv"]) {
          await Deno.remove(join(app.folder, made), { recursive: true }).catch(() => {});
        }
        return await app.hsmWith({ ...env, ...scene.env, UV_OFFLINE: "1" }, ...scene.args);
      };
      const english = await run({});
      const all = english.stdout + english.stderr;
      assertEquals(english.code, scene.code, `${what}: ${all}`);
      assert(scene.said.test(all), `${what}: ${all}`);
      const { code, stdout, stderr } = await run(foreign);
      const same = code === english.code && stdout + stderr === all;
      if (!same) different[what] = { code, stdout, stderr };
    }
    assertEquals(different, {});
  });
}

/** A user's language, which nothing on the machine needs to know. */
const USERS: Env = { LANG: "fr_CA.UTF-8", LC_ALL: "fr_CA.UTF-8", LANGUAGE: "fr" };
const SAY = 'echo "$LANG $LC_ALL $LANGUAGE"';
const USERS_WORDS = "fr_CA.UTF-8 fr_CA.UTF-8 fr";
const ENGLISH_WORDS = `fr_CA.UTF-8 ${ENGLISH["LC_ALL"]} ${ENGLISH["LANGUAGE"]}`;

Deno.test("every git and uv that HSM itself runs is told to speak English", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const log = join(app.folder, "languages");
  // uv runs git as well, in the language that it was given.
  const say = (program: string) => `${SAY} ${program} "$@" >> '${log}'`;
  const uv = join(app.folder, "uv");
  const script = `#!/bin/sh\n${say("uv")}\nexec '${uvProgram()}' "$@"\n`;
  await Deno.writeTextFile(uv, script, { mode: 0o755 });
  const env = { ...await wrapGit(app, { "*": say("git") }), ...USERS, HSM_UV: uv };

  for (const command of COMMANDS) {
    (await app.hsmWith(env, ...command.split(" "))).expect({ code: 0 });
  }

  const calls = (await Deno.readTextFile(log)).split("\n").filter((it) => it !== "");
  assertEquals(calls.filter((it) => !it.startsWith(`${ENGLISH_WORDS} `)), []);
  for (const asked of ASKED) assert(calls.some((it) => asked.test(it)), `${asked} was not called`);
});

const COMMANDS = [
  "sync",
  "sync",
  "dev plug-a --yes",
  "status --fetch",
  "pull",
  "outdated",
  "pin plug-b v1.0.0",
  "check --resolve",
  "sync --locked",
  "doctor",
  "new plug-n",
];

/** Some calls of each kind, so that the test knows what it has seen. */
const ASKED = [
  / git .*\bclone\b/,
  / git .*\bfetch\b/,
  / git .*\bls-remote\b/,
  / git .*\bstatus\b/,
  / git --version/,
  / uv sync/,
  / uv lock/,
  / uv init/,
  / uv --version/,
];

Deno.test("exec, verify and a script's own programs keep the user's language", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}\nmode: dev\nverify: [sh -c '${SAY} > verified']\npackages:\n  plug-a: v1.0.0\n`,
  );
  (await app.hsmWith(USERS, "sync", "--yes")).expect({ code: 0 });
  assertEquals(await app.read("verified"), `${USERS_WORDS}\n`);

  (await app.hsmWith(USERS, "exec", "--", "sh", "-c", SAY)).expect({
    code: 0,
    stdout: `${USERS_WORDS}\n`,
  });

  const git = await wrapGit(app, { "*": `${SAY}; exit` });
  {
    await using workspace = await openWorkspace({
      directory: app.root,
      env: { ...app.env, ...USERS, ...git, PATH: `${git["PATH"]}` },
      readonly: true,
    });
    const $ = await workspace.shell();
    assertEquals(await $`git --version`.text(), USERS_WORDS);
    assertEquals(await $`sh -c ${SAY}`.text(), USERS_WORDS);
  }
});
