import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";
import { hsmCommand, type TestApp, testApp } from "../harness/app.ts";

const IN_LINE = "2 packages are in line\n";
const NOTE = ".hsm/synced.json";

const WRITES_DOWN = `#!/bin/sh
echo "$@" >> ../calls
if [ "$1" = --version ]; then echo "uv 99.0.0"; exit 0; fi
test -f uv.lock || echo '# lock' > uv.lock
exit $(cat ../status 2>/dev/null || echo 0)
`;

/** An app with a dev and a prod plugin, in sync, and a uv that writes down what it is asked. */
async function syncedApp(): Promise<[TestApp, Record<string, string>]> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a:\n    mode: dev\n  plug-b: v1.0.0\n",
  });
  const uv = await fakeUv(app, "");
  await Deno.writeTextFile(uv["HSM_UV"]!, WRITES_DOWN, { mode: 0o755 });
  (await app.hsmWith(uv, "sync", "--yes")).expect({ code: 0 });
  await app.write("../calls", "");
  return [app, uv];
}

/** What uv was asked since the last time. */
async function calls(app: TestApp): Promise<string> {
  const text = await app.read("../calls");
  await app.write("../calls", "");
  return text;
}

Deno.test("hsm sync asks uv once, and looks at nothing else, when nothing has changed", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  await app.untouched(async () => {
    (await app.hsmWith(uv, "sync")).expect({ code: 0, stdout: "", stderr: IN_LINE });
    assertEquals(await calls(app), "sync --locked\n");
    (await app.hsmWith(uv, "sync", "--quiet", "-y")).expect({ code: 0, stdout: "", stderr: "" });
    assertEquals(await calls(app), "sync --locked\n");
    for (const words of [["sync", "-qy"], ["-q", "sync", "-y"]]) {
      (await app.hsmWith(uv, ...words)).expect({ code: 0, stdout: "", stderr: "" });
      assertEquals(await calls(app), "sync --locked\n");
    }
  });
  // One that names all of them is a whole sync too.
  await Deno.remove(join(app.root, ".hsm/synced.json"));
  (await app.hsmWith(uv, "sync", "plug-a")).expect({ code: 0 });
  assertEquals(await app.exists(".hsm/synced.json"), false);
  (await app.hsmWith(uv, "sync", "--all")).expect({ code: 0 });
  assertEquals(await app.exists(".hsm/synced.json"), true);
});

Deno.test("hsm sync with nothing to do asks uv about this app, with its sources", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  const note = `#!/bin/sh\necho "$@" "\${UV_PROJECT-unset} \${UV_NO_SOURCES-unset}" >> ../calls\n`;
  await Deno.writeTextFile(uv["HSM_UV"]!, note, { mode: 0o755 });
  const env = { ...uv, UV_PROJECT: "/", UV_NO_SOURCES: "1" };
  (await app.hsmWith(env, "sync")).expect({ code: 0, stdout: "", stderr: IN_LINE });
  assertEquals(await calls(app), "sync --locked unset unset\n");
});

const CHANGES: Readonly<Record<string, (app: TestApp) => Promise<unknown>>> = {
  "hsm.yaml": (app) => append(app, "hsm.yaml"),
  "hsm.local.yaml": (app) => app.write("hsm.local.yaml", "# mine\n"),
  "pyproject.toml": (app) => append(app, "pyproject.toml"),
  "uv.lock": (app) => append(app, "uv.lock"),
  "a checkout's metadata": (app) => append(app, "packages/plug-a/pyproject.toml"),
  "a checkout's metadata, but for its size and time,": async (app) => {
    const file = "packages/plug-a/pyproject.toml";
    const { mtime, atime } = await Deno.stat(join(app.root, file));
    const text = await app.read(file);
    await app.write(file, text.replace("1.0.0", "1.0.1"));
    await Deno.utime(join(app.root, file), atime!, mtime!);
  },
  "a checkout's origin": (app) => append(app, "packages/plug-a/.git/config"),
  "the note": (app) => app.write(NOTE, "{"),
  "the note's package manager": async (app) =>
    await app.write(NOTE, (await app.read(NOTE)).replace('"adapter":"uv"', '"adapter":"other"')),
};

for (const file of ["hsm.yaml", "hsm.local.yaml", "pyproject.toml"]) {
  Deno.test(`hsm sync looks at everything again when somebody changed ${file} while it ran`, async () => {
    const [app, uv] = await syncedApp();
    await using _ = app;
    const script = await Deno.readTextFile(uv["HSM_UV"]!);
    await Deno.writeTextFile(
      uv["HSM_UV"]!,
      `${script.replace(/^exit .*$/m, "")}echo '# theirs' >> ${file}\n`,
    );
    await append(app, "packages/plug-a/pyproject.toml");
    (await app.hsmWith(uv, "sync")).expect({ code: 0 });
    await Deno.writeTextFile(uv["HSM_UV"]!, script);
    await calls(app);

    (await app.hsmWith(uv, "sync")).expect({ code: 0 });
    assertEquals((await calls(app)).split("\n").sort(), ["", "--version", "sync --locked"]);
  });
}

Deno.test("hsm sync looks at everything again where the app was moved to", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace(/^git: .*$/m, "git: ../remotes/{name}"),
  );
  (await app.hsmWith(uv, "sync")).expect({ code: 0 });
  const there = join(app.folder, "there");
  await Deno.mkdir(there);
  for (const name of ["app", "remotes"]) {
    await Deno.rename(join(app.folder, name), join(there, name));
  }
  const run = await new Deno.Command(hsmCommand()[0]!, {
    args: [...hsmCommand().slice(1), "sync", "--no-check"],
    cwd: join(there, "app"),
    env: { ...app.env, ...uv },
  }).output();
  assertEquals(run.code, 2);
  assertMatch(
    new TextDecoder().decode(run.stderr),
    /^error: Cannot use packages\/plug-a as the checkout of plug-a/m,
  );
});

async function append(app: TestApp, file: string): Promise<void> {
  await app.write(file, `${await app.read(file)}# changed\n`);
}

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(`hsm sync looks at everything again when ${what} has changed`, async () => {
    const [app, uv] = await syncedApp();
    await using _ = app;
    await change(app);

    (await app.hsmWith(uv, "sync")).expect({ code: 0, stdout: "", stderr: IN_LINE });
    assertEquals((await calls(app)).split("\n").sort(), ["", "--version", "sync --locked"]);

    (await app.hsmWith(uv, "sync")).expect({ code: 0, stdout: "", stderr: IN_LINE });
    assertEquals(await calls(app), "sync --locked\n");
  });
}

Deno.test("hsm sync puts rules back that .gitignore has lost", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  const rules = await app.read(".gitignore");
  await Deno.remove(join(app.root, ".gitignore"));

  (await app.hsmWith(uv, "sync")).expect({ code: 0, stdout: "" });

  assertEquals(await app.read(".gitignore"), rules);
  (await app.hsmWith(uv, "sync")).expect({ code: 0, stdout: "", stderr: IN_LINE });
});

Deno.test("hsm sync finds a missing checkout though it was in sync before", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  await Deno.remove(join(app.root, "packages/plug-a"), { recursive: true });
  await app.untouched(async () => {
    (await app.hsmWith(uv, "sync")).expect({ code: 2, stderr: /run `hsm sync --yes`/ });
  });
});

Deno.test("hsm sync tells of a problem that came about since", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  const file = "packages/plug-a/pyproject.toml";
  await app.write(file, (await app.read(file)).replace("[]", '["plug-b>=2"]'));
  await app.untouched(async () => {
    (await app.hsmWith(uv, "sync")).expect({ code: 2, stderr: /plug-b>=2/ });
    (await app.hsmWith(uv, "sync")).expect({ code: 2, stderr: /plug-b>=2/ });
  });
});

Deno.test("hsm sync leaves uv's failure to the command itself", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  await app.write("../status", "7");
  (await app.hsmWith(uv, "sync")).expect({
    code: 1,
    stderr: /error: Cannot sync the app: `uv lock` exited with code 7\n/,
  });
});

for (
  const args of [["--json"], ["plug-a"], ["--locked"], ["-v"], ["--dry-run"], ["--", "--dev"]]
) {
  Deno.test(`hsm sync ${args.join(" ")} is run in full`, async () => {
    const [app, uv] = await syncedApp();
    await using _ = app;
    const run = (await app.hsmWith(uv, "sync", ...args)).expect({ code: 0 });
    if (args[0] === "--json") assertEquals(Object.keys(run.json()).includes("synced"), true);
    assertEquals((await calls(app)).includes("--version"), args[0] !== "--dry-run");
  });
}

const UNTOLD: Readonly<Record<string, (app: TestApp) => Promise<unknown>>> = {
  "a verify command": (app) => app.write("hsm.yaml", `verify: [git --version]\n${MANIFEST}`),
  "a branch": (app) => app.write("hsm.yaml", MANIFEST.replace("v1.0.0", "{branch: main}")),
  "a computed version": async (app) => {
    const file = "packages/plug-a/pyproject.toml";
    const text = await app.read(file);
    await app.write(file, text.replace('version = "1.0.0"', 'dynamic = ["version"]'));
  },
  "a checkout whose configuration is elsewhere": async (app) => {
    const git = join(app.root, "packages/plug-a/.git");
    await Deno.rename(git, join(app.folder, "elsewhere"));
    await Deno.writeTextFile(git, `gitdir: ${join(app.folder, "elsewhere")}\n`);
  },
};

const MANIFEST = "git: {remotes}/{name}\npackages:\n  plug-a:\n    mode: dev\n  plug-b: v1.0.0\n";

for (const [what, change] of Object.entries(UNTOLD)) {
  Deno.test(`hsm sync looks at everything each time with ${what}`, async () => {
    const [app, uv] = await syncedApp();
    await using _ = app;
    await change(app);
    for (let round = 0; round < 2; round++) {
      (await app.hsmWith(uv, "sync")).expect({ code: 0 });
      assertEquals((await calls(app)).includes("--version"), true);
      assertEquals(await app.exists(NOTE), false);
    }
  });
}

Deno.test("hsm sync with nothing to do waits for uv's end on SIGTERM", async () => {
  const [app, uv] = await syncedApp();
  await using _ = app;
  await Deno.writeTextFile(
    uv["HSM_UV"]!,
    `#!/bin/sh\ntrap 'kill $!; sleep 0.2; echo late > ../late; exit 1' TERM\ntouch ../begun\nsleep 20 & wait\n`,
  );
  await app.untouched(async () => {
    const running = app.startWith(uv, "sync");
    await waitForFile(join(app.folder, "begun"));
    running.kill("SIGTERM");
    (await running.ended).expect({
      code: 143,
      stdout: "",
      stderr: "error: Cannot go on: interrupted by SIGTERM\n",
    });
    assertEquals(await app.exists("../late"), true);
  });
});
