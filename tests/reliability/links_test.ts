import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";

/** Something that is nobody's business, in forms that parsers stumble over, and that they do not. */
const SECRETS = {
  netrc: "machine example.com login me password s3cret-1\n",
  ini: "[default]\naws_key = s3cret-2\n",
  token: "s3cret-3\n",
  toml: 'token = "s3cret-4"\n[project]\ndependencies = "s3cret-5"\n',
  yaml: "token: s3cret-6\npackages: s3cret-7\n",
  binary: "s3cret-8\xff\n",
};

/** Makes a file of the app a link to one outside. */
async function linkOut(app: TestApp, file: string, text?: string): Promise<string> {
  const target = join(app.folder, "outside", file);
  await ensureDir(join(app.folder, "outside"));
  if (text !== undefined) {
    await Deno.writeFile(target, Uint8Array.from(text, (it) => it.charCodeAt(0)));
  }
  await Deno.remove(join(app.root, file)).catch(() => {});
  await Deno.symlink(target, join(app.root, file));
  return target;
}

/** Every file in a folder, with its bytes. */
async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    found[name] = (await Deno.readFile(join(folder, name))).join();
  }
  return found;
}

for (const file of ["hsm.yaml", "hsm.local.yaml", "pyproject.toml", "uv.lock"]) {
  for (const [kind, text] of Object.entries(SECRETS)) {
    const isParsed = file === "hsm.yaml" || file === "pyproject.toml";
    if (!isParsed && ["ini", "token", "toml"].includes(kind)) continue;
    Deno.test(`nothing is shown of a ${kind} file outside of the root that ${file} is a link to`, async () => {
      await using app = await testApp({ plugins: ["my-plugin"] });
      const target = await linkOut(app, file, text);
      const before = await contents(join(app.folder, "outside"));

      const commands = [
        "sync",
        "dev my-plugin -y",
        "sync --locked",
        "status --json",
        "doctor",
        "diff",
      ];
      const runs = await Promise.all(commands.map((it) => app.hsm(...it.split(" "))));

      for (const run of runs) {
        assertNotMatch(run.stdout + run.stderr, /s3cret/, run.command);
        assertNotMatch(run.stdout + run.stderr, /a bug in hsm/, run.command);
      }
      assertEquals(await contents(join(app.folder, "outside")), before);
      assertMatch(
        runs[0]!.stderr + runs[1]!.stderr,
        new RegExp(`${file.replaceAll(".", "\\.")}[^]*${target.replace(app.folder, "")}`),
      );
    });
  }
}

Deno.test("a file of the app that is a link out of the root is read, and never written", async () => {
  const lines = "git: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0\n";
  const scenes: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ["pyproject.toml", APP_PYPROJECT, ["sync", "inject", "sync --dry-run", "diff"]],
    ["hsm.yaml", lines, ["dev my-plugin --shared", "remove my-plugin"]],
    ["hsm.local.yaml", "mode: prod\n", ["dev my-plugin -y"]],
    // Which leads to nothing yet.
    ["hsm.local.yaml", undefined, ["dev my-plugin -y", "dev my-plugin --no-sync"]],
    ["uv.lock", "version = 1\n", ["sync", "dev my-plugin -y"]],
  ];
  for (const [file, text, commands] of scenes) {
    await using app = await testApp({ plugins: ["my-plugin"] });
    const filled = text?.replace("{remotes}", `file://${app.folder}/remotes`);
    const target = await linkOut(app, file, filled);
    const before = await contents(join(app.folder, "outside"));
    (await app.hsm("list")).expect({ code: 0, stderr: "" });

    await app.unchanged(async () => {
      for (const command of commands) {
        const run = await app.hsm(...command.split(" "));
        assertEquals(run.code, 2, `${command}: ${run.stderr}`);
        assertMatch(
          run.stderr,
          new RegExp(
            `error: Cannot write ${file}: it is a link that leads out of the app's folder, to ` +
              `${target.replace(app.folder, "\\[DIR\\]")}\n.*hint: remove the link`,
            "s",
          ),
        );
      }
    });

    assertEquals(await contents(join(app.folder, "outside")), before);
  }
});

Deno.test("a lock file outside of the root does for hsm sync --locked", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await linkOut(app, "uv.lock", await app.read("uv.lock"));
  (await app.hsm("sync", "--locked")).expect({ code: 0 });
  (await app.hsm("sync")).expect({ code: 0 });
});

Deno.test("files of the app that are links inside the root are followed, and stay links", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const files = ["pyproject.toml", "hsm.yaml", "hsm.local.yaml", "uv.lock"];
  await Deno.mkdir(join(app.root, "config"));
  for (const file of files) {
    await Deno.rename(join(app.root, file), join(app.root, "config", file)).catch(() => {});
    await Deno.symlink(`config/${file}`, join(app.root, file));
  }

  (await app.hsm("dev", "my-plugin", "-y")).expect({ code: 0 });

  for (const file of files) {
    assertEquals(await Deno.readLink(join(app.root, file)), `config/${file}`);
  }
  assertMatch(await app.read("config/pyproject.toml"), /my-plugin = \{ path = /);
  assertEquals(await app.read("config/hsm.local.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
});
