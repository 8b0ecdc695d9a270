import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { canDropPrivileges, close, hsmUnprivileged } from "../harness/limited.ts";
import { fakeUv } from "../harness/fake_uv.ts";

/** What `hsm sync --locked` fails with. */
async function failure(
  app: TestApp,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: string; message: string; causes: readonly string[]; hint?: string }> {
  let found: unknown;
  await app.untouched(async () => {
    const run = (await app.hsmWith(env, "sync", "--locked", "--json")).expect({ code: 1 });
    found = (run.json() as { error: unknown }).error;
  });
  return found as Awaited<ReturnType<typeof failure>>;
}

Deno.test("hsm sync --locked says out-of-date whatever keeps uv.lock from matching", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const [pyproject, lock] = [await app.read("pyproject.toml"), await app.read("uv.lock")];
  const scenes: [string, () => Promise<void>, RegExp][] = [
    [
      "other Python versions",
      () => app.write("pyproject.toml", pyproject.replace(">=3.9", ">=3.10")),
      /^Update requires-python >=3\.9 -> >=3\.10$/,
    ],
    [
      "a new extra",
      () =>
        app.write(
          "pyproject.toml",
          pyproject.replace("[tool.uv", "[project.optional-dependencies]\nx = []\n\n[tool.uv"),
        ),
      /^The lockfile at `uv\.lock` needs to be updated$/,
    ],
    [
      "no lock file",
      () => Deno.remove(join(app.root, "uv.lock")),
      /^Add app v0\.1\.0\nAdd my-plugin/,
    ],
    [
      "another source in it",
      () => app.write("uv.lock", lock.replaceAll("?tag=v1.0.0", "?branch=main")),
      /^(?:my-plugin would come from file:|Update my-plugin )/,
    ],
  ];
  for (const [scene, make, cause] of scenes) {
    await make();
    const { code, message, causes, hint } = await failure(app);
    assertEquals(code, "out-of-date", scene);
    assertMatch(
      message,
      /^Cannot sync the app: the lock file (?:does not match|has my-plugin from elsewhere)/,
      scene,
    );
    assertMatch(causes.join("\n"), cause, scene);
    assertMatch(
      hint ?? "",
      /^(?:run `hsm sync` and commit what it changes|`hsm sync -- -P my-plugin` .*)$/,
      scene,
    );
    await app.write("pyproject.toml", pyproject);
    await app.write("uv.lock", lock);
  }
  (await app.hsm("sync", "--locked")).expect({ code: 0 });
});

Deno.test("hsm sync --locked leaves what really fails to uv-failed", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const env = await fakeUv(app, "echo 'error: no luck' >&2; exit 2");

  assertEquals((await failure(app, env)).code, "uv-failed");
});

Deno.test({
  name: "hsm sync --locked and all that only looks work in a folder that may not be written to",
  ignore: !canDropPrivileges(),
  fn: async () => {
    await using app = await testApp({ plugins: ["my-plugin"], pyproject: APP_PYPROJECT });
    (await app.hsm("sync")).expect({ code: 0 });
    for (const hsm of ["with .hsm", "without"]) {
      if (hsm === "without") await Deno.remove(join(app.root, ".hsm"), { recursive: true });
      const folders = [app.root, ...hsm === "without" ? [] : [join(app.root, ".hsm")]];
      const files = hsm === "without" ? [] : [join(app.root, ".hsm/lock")];
      for (const it of files) close(it, 0o444);
      close(join(app.root, "hsm.yaml"), 0o444);
      for (const it of folders) close(it, 0o555);
      const looking = [
        ["sync", "--locked"],
        ["status", "--exit-code"],
        ["diff", "--exit-code"],
        ["check"],
        ["list"],
        ["graph"],
        ["sync", "--dry-run"],
        ["doctor"],
        [],
      ];
      for (const args of looking) {
        const run = await hsmUnprivileged(app, {}, ...args);
        assertEquals(run.code, 0, `${hsm}: hsm ${args.join(" ")}: ${run.stderr}`);
        assertEquals(/warning|error/.test(run.stderr), false, run.stderr);
      }
      // To look at a folder for whether it may be written to would have to write.
      assertMatch(
        (await hsmUnprivileged(app, {}, "doctor")).stdout,
        /^warning +permissions +hsm\.yaml cannot be written to: commands that change it fail, those that only look work$/m,
      );
      (await hsmUnprivileged(app, {}, "sync")).expect({
        code: 1,
        stderr: /Cannot lock the workspace/,
      });
      for (const it of folders) await Deno.chmod(it, 0o755);
      for (const it of folders) if (Deno.uid() === 0) await Deno.chown(it, 0, 0);
    }
  },
});
