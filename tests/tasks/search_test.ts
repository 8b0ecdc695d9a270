import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";
import { shellTest } from "../harness/shells.ts";

/** The files in which ripgrep finds a word, from the root. */
async function found(app: TestApp, word: string): Promise<readonly string[]> {
  const options = { cwd: app.root, env: app.env };
  const out = await must(["rg", "--files-with-matches", "--sort=path", word, "."], options);
  return out.trim().split("\n");
}

/** An app in a repository that is no workspace yet. */
async function plainApp(options: Parameters<typeof testApp>[0] = {}): Promise<TestApp> {
  const app = await testApp(options);
  await Deno.remove(join(app.root, "hsm.yaml"));
  await app.git(".", "init", "-q");
  return app;
}

shellTest(
  "rg",
  "rg sees checkouts after hsm init --searchable, wherever they are, and still no environment",
  async () => {
    await using app = await plainApp({ plugins: ["plug-a", "plug-b"] });
    await app.write(".gitignore", "/packages/\n/libs/\n");
    await app.write(".ignore", "# mine\r\n*.log\r\n");
    (await app.hsm("init", "--searchable")).expect({
      code: 0,
      stderr: "Wrote hsm.yaml and .ignore; next: `hsm add NAME --git URL`\n",
    });
    assertEquals(await app.read(".ignore"), "# mine\r\n*.log\r\n!/packages/\r\n");
    await app.write(
      "hsm.yaml",
      `git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a: v1.0.0\n` +
        "  plug-b: {tag: v1.0.0, path: libs/deep/plug-b}\n",
    );
    (await app.hsm("clone", "--yes")).expect({ code: 0 });
    for (const folder of ["packages/plug-a", "libs/deep/plug-b"]) {
      await app.write(`${folder}/found.py`, "needle\n");
      await app.write(`${folder}/.venv/.gitignore`, "*\n");
      await app.write(`${folder}/.venv/lib/hidden.py`, "needle\n");
    }
    assertEquals(await found(app, "needle"), ["./packages/plug-a/found.py"]);

    // A checkout in a folder that is hidden by itself: only the folder's own line helps, as doctor says.
    await Deno.remove(join(app.root, ".ignore"));
    const { findings } = (await app.hsm("doctor", "--json")).json() as {
      findings: { check: string; state: string; fix?: string }[];
    };
    const note = findings.find((it) => it.check === ".ignore");
    assertEquals(
      note?.fix,
      "write !/packages/, !/libs/ into a file .ignore; an empty one says no",
    );
    await app.write(".ignore", "!/packages/\n!/libs/\n");
    assertEquals(await found(app, "needle"), [
      "./libs/deep/plug-b/found.py",
      "./packages/plug-a/found.py",
    ]);
  },
);

Deno.test("hsm init writes .ignore where it is told to, and leaves what somebody else decided", async () => {
  await using app = await plainApp();
  const again = async (...args: string[]) => {
    await Deno.remove(join(app.root, "hsm.yaml")).catch(() => {});
    return await app.hsm("init", ...args);
  };

  (await again()).expect({ code: 0, stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n" });
  assertEquals(await app.exists(".ignore"), false);

  (await again("--yes")).expect({
    code: 0,
    stderr: "Wrote hsm.yaml and .ignore; next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await app.read(".ignore"), "!/packages/\n");
  (await again("--yes")).expect({
    code: 0,
    stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await app.read(".ignore"), "!/packages/\n");

  await app.write(".ignore", "packages");
  (await again("--searchable")).expect({ code: 0 });
  assertEquals(await app.read(".ignore"), "packages");

  // A link is nobody's to write through.
  await Deno.remove(join(app.root, ".ignore"));
  await Deno.writeTextFile(join(app.folder, "secret"), "");
  await Deno.symlink("../secret", join(app.root, ".ignore"));
  (await again("--yes")).expect({
    code: 0,
    stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await Deno.readTextFile(join(app.folder, "secret")), "");
});

Deno.test("hsm doctor notes once that checkouts are not searched, and works all the same", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.git(".", "init", "-q");
  const note = async () => (await app.hsm("doctor")).stdout.match(/^note .*\n.*\n/m)?.[0];

  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  assertStringIncludes(
    await note() ?? "",
    ".ignore         rg, fd, ruff and the like skip the checkouts, which git ignores\n" +
      "  fix: write !/packages/ into a file .ignore; an empty one says no\n",
  );
  assertEquals((await app.hsm("doctor")).code, 0);
  await app.write(".ignore", "");
  assertEquals(await note(), undefined);
});
