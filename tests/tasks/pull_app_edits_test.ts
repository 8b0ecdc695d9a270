import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { makeWheel, SETTINGS } from "../harness/namesake.ts";
import { must } from "../harness/program.ts";
import { PulledApp } from "../harness/pulled_app.ts";
import { uvProgram } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";

const append = (more: string) => (text: string) => text + more;
const FAILS = append('verify: ["uv run --frozen python -c 1/0"]\n');
const REAL_GIT = 'PATH="${PATH#*:}" git "$@"; code=$?';

/** An editor that saves a file of the app with all that it holds, as soon as git has done its work. */
interface Save {
  readonly title: string;
  readonly file: "pyproject.toml" | "hsm.yaml" | ".gitignore";
  /** The command of git's that it comes after. */
  readonly after: string;
  readonly rebase?: boolean;
  /** What the colleague pushes. */
  readonly theirs: Parameters<PulledApp["push"]>[0];
  readonly stderr: RegExp;
}

const SAVES: readonly Save[] = [
  {
    title: "pyproject.toml during a fast-forward",
    file: "pyproject.toml",
    after: "merge",
    theirs: { "other.txt": "theirs\n" },
    stderr: /Cannot roll back pyproject\.toml: somebody else changed it while hsm ran/,
  },
  {
    title: "pyproject.toml, which comes with changes, during a rebase",
    file: "pyproject.toml",
    after: "rebase",
    rebase: true,
    theirs: { "pyproject.toml": (it) => `# theirs\n${it}` },
    stderr:
      /its repository is on main at(.|\n)*Cannot write pyproject\.toml: it was changed(.|\n)*\.hsm-original(.|\n)*; the app stays on main at/,
  },
  {
    title: "hsm.yaml during a fast-forward",
    file: "hsm.yaml",
    after: "merge",
    theirs: { "other.txt": "theirs\n" },
    stderr: /Cannot roll back hsm\.yaml: somebody else changed it while hsm ran/,
  },
  {
    title: ".gitignore during a fast-forward",
    file: ".gitignore",
    after: "merge",
    theirs: { "other.txt": "theirs\n" },
    stderr: /Cannot roll back \.gitignore: somebody else changed it while hsm ran/,
  },
  {
    title: "pyproject.toml on the way back",
    file: "pyproject.toml",
    after: "checkout",
    theirs: { "hsm.yaml": FAILS },
    stderr: /Cannot roll back pyproject\.toml: somebody else changed it while hsm ran/,
  },
];

for (const { title, file, after, rebase, theirs, stderr } of SAVES) {
  Deno.test(`hsm pull --app keeps what an editor saves into ${title}`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    if (rebase) {
      await app.write("mine.py", "mine = 1\n");
      await pulled.commit("mine.py");
      await pulled.git("config", "pull.rebase", "true");
    }
    await pulled.edit(file, append("# mine\n"));
    const before = await app.read(file);
    const saved = join(app.folder, "saved");
    await Deno.writeTextFile(saved, before + "# typed now\n");
    await pulled.push(theirs);
    const env = await wrapGit(app, {
      [after]: `${REAL_GIT}; cp ${saved} ${join(app.root, file)}; exit $code`,
    });

    (await app.hsmWith(env, "pull", "--app")).expect({ code: 3, stdout: "", stderr });

    assertEquals(await app.read(file), before + "# typed now\n");
    if (await app.exists(`${file}.hsm-original`)) {
      assertEquals(await app.read(`${file}.hsm-original`), before);
    }
    (await app.hsm("status")).expect({ code: 0 });
  });
}

Deno.test("hsm pull --app goes back where it can though an editor has saved a file meanwhile", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.edit("pyproject.toml", append("# mine\n"));
  const before = await pulled.everything();
  await Deno.writeTextFile(
    join(app.folder, "saved"),
    await app.read("pyproject.toml") + "# typed\n",
  );
  await pulled.push({ "hsm.yaml": FAILS, "other.txt": "theirs\n" });
  const env = await fakeUv(
    app,
    `[ "$1" = lock ] && cp ${join(app.folder, "saved")} pyproject.toml; exit 1`,
  );
  (await app.hsmWith(env, "pull", "--app")).expect({ code: 3, stdout: "" });
  const after = await pulled.everything();
  for (const fact of ["HEAD", "branches", "index", "other.txt", "hsm.yaml"]) {
    assertEquals(after[fact], before[fact], fact);
  }
  assertStringIncludes(await app.read("pyproject.toml"), "# typed\n");
});

for (const [how, rebase] of [["fails", true], ["is taken back", true], ["is taken back", false]]) {
  const way = rebase ? "rebase" : "fast-forward";
  Deno.test(`hsm pull --app has what was staged staged again where a ${way} with autostash ${how}`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    await pulled.git("config", "pull.rebase", "true");
    await pulled.git("config", "rebase.autoStash", "true");
    await pulled.git("config", "merge.autoStash", "true");
    await app.write("both.py", "committed\n");
    if (how === "fails") await pulled.edit("other.txt", (it) => it.replace("2", "mine"));
    await pulled.commit("both.py", "other.txt");
    if (!rebase) await pulled.git("push", "-q");
    await app.write("both.py", "staged alone\n");
    await app.write("new.py", "staged\n");
    await pulled.git("add", "both.py", "new.py");
    await app.write("both.py", "not staged\n");
    if (!rebase) await pulled.pullColleague();
    await pulled.push({
      "hsm.yaml": FAILS,
      ...how === "fails" ? { "other.txt": (it) => it.replace("2", "theirs") } : {},
    });
    const before = await pulled.everything();
    (await app.hsm("pull", "--app")).expect({ code: 1, stdout: "" });
    assertEquals(await pulled.everything(), before);
    assertEquals(await pulled.git("show", ":both.py"), "staged alone\n");
  });
}

Deno.test("hsm pull --app takes other branches back that a rebase has moved along", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.git("config", "pull.rebase", "true");
  await pulled.git("config", "rebase.updateRefs", "true");
  await app.write("one.py", "1\n");
  await pulled.commit("one.py");
  await pulled.git("branch", "stacked");
  await app.write("two.py", "2\n");
  await pulled.commit("two.py");
  await pulled.push({ "hsm.yaml": FAILS });
  const before = await pulled.everything();
  (await app.hsm("pull", "--app")).expect({ code: 1, stdout: "" });
  assertEquals(await pulled.everything(), before);
  await pulled.push({ "hsm.yaml": (it) => it.replace(/^verify.*\n/m, "") });
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertMatch(
    await pulled.git("log", "--format=%s", "stacked"),
    /^Mine: one\.py\nChange hsm\.yaml/,
  );
});

/** An app whose requirements come from a folder of wheels, in two versions each. */
async function appWithWheels(): Promise<PulledApp> {
  const settings = '\n[tool.uv]\nno-index = true\nfind-links = ["../links"]\n';
  return await PulledApp.make({
    plugins: ["plug-a", "plug-b", "plug-c", "plug-d"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
    pyproject: APP_PYPROJECT.replace("[]", '["alpha"]') + settings,
    before: async (app) => {
      Object.assign(app.env, SETTINGS);
      for (const name of ["alpha", "beta", "gamma"]) {
        await makeWheel(app, name, "1.0");
        await makeWheel(app, name, "2.0");
      }
    },
  });
}

function uv(pulled: PulledApp, cwd: string, ...args: string[]): Promise<string> {
  return must([uvProgram(), ...args, "--quiet"], { cwd, env: pulled.app.env });
}

Deno.test("hsm pull --app brings together what both have added: requirements and their locks, packages, rules", async () => {
  await using pulled = await appWithWheels();
  const { app } = pulled;
  await uv(pulled, app.root, "add", "beta==1.0");
  await pulled.edit("hsm.yaml", append("  plug-c: v1.0.0\n"));
  await pulled.edit(".gitignore", append("mine/\n"));
  await uv(pulled, pulled.theirs("."), "add", "gamma==1.0");
  await pulled.pushSynced({
    "hsm.yaml": append("  plug-d: v1.0.0\n"),
    ".gitignore": append("theirs/\n"),
  });

  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stdout: /; with your own edits of pyproject\.toml, hsm\.yaml, \.gitignore, uv\.lock\n/,
  });

  assertMatch(await app.freeze(), /^beta==1\.0\ngamma==1\.0\n(.|\n)*plug-c(.|\n)*plug-d/m);
  assertMatch(await app.read("hsm.yaml"), / {2}plug-d: v1\.0\.0\n {2}plug-c: v1\.0\.0\n$/);
  assertMatch(await app.read(".gitignore"), /theirs\/\nmine\/\n$/);
  await pulled.git("diff", "--exit-code", "origin/main", "HEAD");
});

Deno.test("hsm pull --app keeps versions that uv has locked while other packages move", async () => {
  await using pulled = await appWithWheels();
  const { app } = pulled;
  await uv(pulled, app.root, "lock", "--upgrade-package", "alpha==1.0");
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  await pulled.pushSynced({ "hsm.yaml": (it) => it.replace("plug-a: v1.0.0", "plug-a: v1.1.0") });
  (await app.hsm("pull", "--app")).expect({ code: 0, stdout: /your own edits of uv\.lock/ });
  assertMatch(await app.freeze(), /^alpha==1\.0$/m);
  assertStringIncludes(await app.read("uv.lock"), 'source = { editable = "packages/plug-a" }');
});

Deno.test("hsm pull --app says which versions that it had locked are others now", async () => {
  await using pulled = await appWithWheels();
  const { app } = pulled;
  await uv(pulled, app.root, "add", "beta==1.0");
  (await app.hsm("sync")).expect({ code: 0 });
  await pulled.edit("pyproject.toml", (it) => it.replace("beta==1.0", "beta"));
  (await app.hsm("sync")).expect({ code: 0 });
  await uv(pulled, pulled.theirs("."), "add", "beta", "--raw");
  await pulled.pushSynced({});
  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stderr: /^warning: uv\.lock has beta as it has come, not as it was here$/m,
  });
  assertMatch(await app.freeze(), /^beta==2\.0$/m);
});
