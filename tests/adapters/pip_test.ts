/** What is pip's own: plain pip itself, environments, and what the user's own requirement files ask for. */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type AppOptions, type TestApp, testApp } from "../harness/app.ts";
import { pipCache, pipProgram } from "../harness/pip.ts";
import { must } from "../harness/program.ts";
import { buildSystem, uvProgram } from "../harness/repository.ts";

const MANIFEST = "adapter: pip\ngit: {remotes}/{name}\npackages:\n";

const pipApp = (options: AppOptions) => testApp({ pyproject: "", ...options });

const freezeOf = async (app: TestApp, environment: string) =>
  (await must([uvProgram(), "pip", "freeze", "--quiet", "--python", environment], {
    cwd: app.root,
    env: app.env,
  })).replaceAll(app.folder, "");

async function venv(app: TestApp, folder: string, ...packages: string[]): Promise<string> {
  const path = join(app.folder, folder);
  const run = (...args: string[]) =>
    must([uvProgram(), ...args], { cwd: app.folder, env: app.env });
  await run("venv", "--quiet", path);
  if (packages.length > 0) await run("pip", "install", "--quiet", "--python", path, ...packages);
  return path;
}

Deno.test("pip: plain pip installs the same by the same files", async () => {
  await using app = await pipApp({
    plugins: [
      { name: "plug-a", extras: { fast: ["sniffio==1.3.0"] } },
      { name: "plug-c", dependencies: ["plug-t>=1"] },
      { name: "plug-t" },
      { name: "plug-s", folder: "python/plug-s" },
    ],
    manifest: `${MANIFEST}  plug-a: { tag: v1.0.0, extras: [fast] }
  plug-c: { tag: v1.0.0, mode: dev }
  plug-t: { tag: v1.0.0, require: false }
  plug-s: { branch: main, subdirectory: python/plug-s }
`,
    files: {
      "requirements.txt": "-c constraints.txt\r\n-r more/base.txt\r\nplug-a>=1",
      "more/base.txt": "idna\n-c ../constraints.txt\n",
      "constraints.txt": "idna==3.7\nplug-t==0.1 ; python_version > '3' \\\n  # why\nplug-a==0.9\n",
    },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  assertEquals(
    (await app.read("requirements-hsm.txt")).replaceAll(app.folder, ""),
    `# Written by hsm as hsm.yaml says; what is changed here is overwritten by \`hsm sync\`.
# Without hsm: pip install -r requirements-hsm.txt
-c constraints-hsm.txt
plug-a[fast] @ git+file:///remotes/plug-a@v1.0.0
-e ./packages/plug-c  # plug-c
plug-s @ git+file:///remotes/plug-s@main#subdirectory=python/plug-s  # branch
-r requirements.txt
`,
  );
  assertMatch(
    await app.read("constraints-hsm.txt"),
    /^plug-t @ git\+file:\/\/\/\S+\/plug-t@v1\.0\.0\n$/m,
  );
  assertEquals(
    await app.read("constraints.txt"),
    "idna==3.7\n# plug-t==0.1 ; python_version > '3' \\  # set aside by hsm\n" +
      "#   # why  # set aside by hsm\n# plug-a==0.9  # set aside by hsm\n",
  );
  // In the lock file no place of this machine but those of repositories, which are the manifest's.
  const lock = await app.read("pylock.hsm.toml");
  assertEquals([...lock.matchAll(/ path = "(.*?)"/g)].map(([, path]) => path), ["packages/plug-c"]);
  assertEquals(lock.replaceAll(`file://${app.folder}/remotes`, "").includes(app.folder), false);

  const plain = await venv(app, "plain");
  const pip = await pipProgram();
  const install = (...args: string[]) =>
    must([pip, "--python", plain, "install", "--quiet", ...args], {
      cwd: app.root,
      env: { ...app.env, ...pipCache(), PATH: `${plain}/bin:${Deno.env.get("PATH")}` },
    });
  // What builds them is there once and for all, and not made for each of them.
  const builder = /requires = \["(.+)"\]/.exec(await buildSystem())![1]!;
  await install(builder);
  await install("--no-build-isolation", "-r", "requirements-hsm.txt");
  assertEquals(
    (await freezeOf(app, plain)).replace(/^uv-build==.*\n/m, ""),
    await freezeOf(app, join(app.root, ".venv")),
  );

  // Locked again it is the same, byte for byte.
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: []\n`);
  await Deno.utime(join(app.root, "requirements-hsm.txt"), new Date(), new Date());
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.read("pylock.hsm.toml"), lock);
});

Deno.test("pip: what the user's files say of a managed package is set aside, and put back", async () => {
  const files = {
    "requirements.txt": "\uFEFFplug-a @ git+https://example.com/plug-a@v9\r\n" +
      "-e ../remotes/plug-b\r\nplug-b==1.0.0 \\\r\n    --hash=sha256:ab\r\nplug-c>=1\r\n" +
      "-r more/base.txt\r\n-c constraints.txt\r\n-r ../outside.txt\r\nidna==3.7",
    "more/base.txt": "plug_a==0.1 --hash=sha256:00\nidna\n",
    "constraints.txt": "# all\nPlug.B==7\nidna<4\n",
    "../outside.txt": "idna\n",
  };
  await using app = await pipApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: `${MANIFEST}  plug-a: v1.0.0\n  plug-b: v1.0.0\n  plug-c: v1.0.0\n`,
    files,
  });
  const texts = () => Promise.all(Object.keys(files).map((it) => app.read(it)));
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await texts(), [
    "\uFEFF# plug-a @ git+https://example.com/plug-a@v9  # set aside by hsm\r\n" +
    "# -e ../remotes/plug-b  # set aside by hsm\r\n# plug-b==1.0.0 \\  # set aside by hsm\r\n" +
    "#     --hash=sha256:ab  # set aside by hsm\r\nplug-c>=1\r\n" +
    "-r more/base.txt\r\n-c constraints.txt\r\n-r ../outside.txt\r\nidna==3.7",
    "# plug_a==0.1 --hash=sha256:00  # set aside by hsm\nidna\n",
    "# all\n# Plug.B==7  # set aside by hsm\nidna<4\n",
    "idna\n",
  ]);
  assertEquals(await app.freeze().then((it) => it.includes("idna==3.7\n")), true);
  await app.untouched(async () => (await app.hsm("sync")).expect({ code: 0 }));

  // What asks for a version that there is not is heeded, and told with its line.
  const own = await app.read("requirements.txt");
  await app.write("requirements.txt", own.replace("plug-c>=1", "plug-c>=2"));
  (await app.hsm("check")).expect({ code: 2, stdout: /requirements\.txt:5/ });
  await app.write("requirements.txt", own);

  // With the packages it all comes back.
  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", manifest.replace("  plug-b: v1.0.0\n", ""));
  (await app.hsm("inject", "--no-check")).expect({ code: 0 });
  const [first, second, third] = await texts();
  assertMatch(
    first!,
    /^-e \.\.\/remotes\/plug-b\r\nplug-b==1\.0\.0 \\\r\n {4}--hash=sha256:ab\r$/m,
  );
  assertMatch(first!, /^\uFEFF# plug-a .* {2}# set aside by hsm\r$/m);
  assertMatch(second!, /^# plug_a/);
  assertEquals(third, files["constraints.txt"]);
  await app.write("hsm.yaml", `${MANIFEST.replace("packages:", "packages: {}")}`);
  (await app.hsm("inject", "--no-check")).expect({ code: 0 });
  assertEquals(await texts(), Object.values(files));
  assertEquals(await app.exists("requirements-hsm.txt"), false);
});

Deno.test("pip: a file of the user's own that has the name of one of HSM's is refused", async () => {
  for (const file of ["requirements-hsm.txt", "constraints-hsm.txt", "pylock.hsm.toml"]) {
    await using app = await pipApp({
      plugins: ["plug-a"],
      manifest: `${MANIFEST}  plug-a: v1.0.0\n`,
      files: { [file]: "# mine\n" },
    });
    await app.unchanged(async () => {
      (await app.hsm("sync")).expect({
        code: 2,
        stderr: new RegExp(`Cannot write ${RegExp.escape(file)}: it is none of hsm's`),
      });
    });
    assertEquals(await app.read(file), "# mine\n");
  }
});

Deno.test("pip: an environment that is not HSM's keeps what is not HSM's", async () => {
  await using app = await pipApp({
    plugins: ["plug-a", { name: "plug-b", dependencies: ["sniffio"] }],
    manifest: `environment: $VIRTUAL_ENV\n${MANIFEST}  plug-a: v1.0.0\n  plug-b: v1.0.0\n`,
  });
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: /Cannot find the app's environment: \$VIRTUAL_ENV, which hsm\.yaml names, is not set/,
  });
  assertEquals(await app.exists("requirements-hsm.txt"), false);
  (await app.hsm("diff")).expect({ code: 0, stdout: /is not known: .*\$VIRTUAL_ENV.* is not set/ });

  const VIRTUAL_ENV = await venv(app, "theirs", "idna==3.7");
  (await app.hsmWith({ VIRTUAL_ENV }, "sync")).expect({ code: 0 });
  const names = async () =>
    (await freezeOf(app, VIRTUAL_ENV)).split("\n").map((it) => it.split(/[ =]/)[0]).filter((it) =>
      it !== ""
    );
  assertEquals(await names(), ["idna", "plug-a", "plug-b", "sniffio"]);
  assertEquals(await app.exists(".venv"), false);
  (await app.hsmWith({ VIRTUAL_ENV }, "status")).expect({ code: 0, stdout: /plug-b .* ok/ });

  // What leaves the lock file goes with what it had brought; nothing else does.
  (await app.hsmWith({ VIRTUAL_ENV }, "remove", "plug-b")).expect({ code: 0 });
  assertEquals(await names(), ["idna", "plug-a"]);

  // A failure brings it back.
  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", `${manifest}  plug-b: v1.0.0\nverify: ["false"]\n`);
  await app.unchanged(async () => {
    (await app.hsmWith({ VIRTUAL_ENV }, "sync")).expect({ code: 1, stderr: /Cannot verify/ });
  });
  assertEquals(await names(), ["idna", "plug-a"]);

  (await app.hsmWith({ VIRTUAL_ENV: `${VIRTUAL_ENV}-none` }, "sync", "--no-verify")).expect({
    code: 2,
    stderr: /there is no Python environment/,
  });
});

Deno.test("pip: in an environment that HSM makes there is what is locked, and nothing else", async () => {
  await using app = await pipApp({
    plugins: ["plug-a"],
    manifest: `environment: envs/app\n${MANIFEST}  plug-a: v1.0.0\n`,
    files: { "requirements.txt": "idna==3.7\n" },
  });
  const environment = join(app.root, "envs/app");
  const names = async () => (await freezeOf(app, environment)).match(/^[\w-]+/gm);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await names(), ["idna", "plug-a"]);
  const args = ["pip", "install", "--quiet", "--python", environment, "sniffio"];
  await must([uvProgram(), ...args], { cwd: app.root, env: app.env });
  (await app.hsm("diff", "--exit-code")).expect({ code: 1, stdout: /uninstall sniffio|- sniffio/ });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await names(), ["idna", "plug-a"]);
  assertEquals(await app.exists(".venv"), false);

  // Another Python than the app is for.
  await app.write(
    "pyproject.toml",
    '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.99"\n',
  );
  await app.unchanged(async () => {
    (await app.hsm("sync", "--no-check")).expect({ code: 1, stderr: /for Python >=3\.99/ });
  });
  await Deno.remove(join(app.root, "pyproject.toml"));

  // Without packages there is what the app itself asks for, and nothing of HSM's.
  await app.write("hsm.yaml", "adapter: pip\nenvironment: envs/app\npackages: {}\n");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await names(), ["idna"]);
  assertEquals(await app.exists("pylock.hsm.toml"), false);
  (await app.hsm("diff", "--exit-code")).expect({ code: 0 });
});
