import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sitePackagesOf } from "../../../../../lib/files/site_packages.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../../../../harness/app.ts";
import { must } from "../../../../harness/program.ts";
import { uvProgram } from "../../../../harness/repository.ts";
import { treeOf } from "../../../../reliability/tree.ts";

/** An app that is installed with two plugins at their pins, and has a checkout of each. */
async function appWithCheckouts(env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const app = await testApp({
    pyproject: `${APP_PYPROJECT}\n[dependency-groups]\nnone = []\n`,
    plugins: ["plug-a", "plug-b"],
    env: { PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    const path = `packages/${name}`;
    await must(["git", "clone", "-q", app.plugin(name).path, path], {
      cwd: app.root,
      env: app.env,
    });
    await app.write(`${path}/src/${name.replace("-", "_")}/__init__.py`, 'VALUE = "checkout"\n');
  }
  return app;
}

/** A uv that takes no checkout for plug-b: the variable that names it. */
async function refusingUv(app: TestApp): Promise<Record<string, string>> {
  const path = join(app.folder, "refusing-uv");
  const text = `#!/bin/sh
case "$*" in
  *--dry-run*) ;;
  sync*) set -- "$@" --reinstall-package plug-b;;
esac
exec "${uvProgram()}" "$@"
`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  return { HSM_UV: path };
}

/** All that lies in an environment. */
function environmentOf(app: TestApp, folder = ".venv"): Record<string, string> {
  return treeOf(join(app.root, folder), /^(?:\.lock|CACHEDIR\.TAG)$/);
}

/** What Python imports of both. */
async function imported(app: TestApp, folder = ".venv"): Promise<string> {
  const code = "import plug_a, plug_b; print(plug_a.VALUE, plug_b.VALUE)";
  const python = join(app.root, folder, "bin/python");
  return (await must([python, "-c", code], { cwd: app.root, env: app.env })).trim();
}

Deno.test("where uv puts back what is locked, every stand-in goes, and it is said why", async () => {
  await using app = await appWithCheckouts();
  const before = environmentOf(app);
  const uv = await refusingUv(app);
  const version = /^uv (\S+)/.exec(await must([uvProgram(), "--version"], { cwd: app.root }))?.[1];

  const run = await app.hsmWith(uv, "dev", "--all", "--inject", "environment");

  run.expect({ code: 1 });
  assertEquals(
    run.stderr.slice(run.stderr.indexOf("error:")),
    `error: Cannot let packages/plug-b stand in for plug-b: uv ${version} puts back what is locked
  restored: hsm.local.yaml, .venv
hint: run \`hsm dev plug-b --inject pyproject\`, which works with every uv; a newer hsm may know uv ${version}
`,
  );
  assertEquals(environmentOf(app), before);
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertEquals(await imported(app), "1.0.0 1.0.0");

  // By a uv that came later it is seen as well.
  (await app.hsm("dev", "--all", "--inject", "environment")).expect({ code: 0 });
  assertEquals(await imported(app), "checkout checkout");
  (await app.hsmWith(uv, "sync", "--no-check")).expect({
    code: 1,
    stderr: /puts back what is locked/,
  });
  assertEquals(environmentOf(app), before);
  assertEquals(await imported(app), "1.0.0 1.0.0");
});

Deno.test("an environment elsewhere is the one that checkouts stand in, and nothing stays of it either", async () => {
  await using app = await appWithCheckouts({ UV_PROJECT_ENVIRONMENT: "../elsewhere" });
  const before = environmentOf(app, "../elsewhere");
  (await app.hsm("dev", "--all", "--inject", "environment")).expect({ code: 0 });
  assertEquals(await imported(app, "../elsewhere"), "checkout checkout");
  assertEquals(await app.exists(".venv"), false);
  (await app.hsmWith(await refusingUv(app), "sync")).expect({ code: 1 });
  assertEquals(environmentOf(app, "../elsewhere"), before);
  const active = join(app.folder, "elsewhere");
  const run = await app.hsmWith({ VIRTUAL_ENV: active }, "sync", "--", "--active");
  run.expect({ code: 2, stderr: /^error: Cannot sync with uv's --active: .*\nhint: .*\n$/ });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("prod", "--all")).expect({ code: 0 });
  assertEquals(environmentOf(app, "../elsewhere"), before);
});

Deno.test("whatever is left out, or of another Python, checkouts stand in for what is there", async () => {
  await using app = await appWithCheckouts();
  const [site = ""] = await sitePackagesOf(join(app.root, ".venv"));
  const marked = () =>
    [...Deno.readDirSync(site)].filter((it) => it.name.endsWith(".dist-info"))
      .filter((it) => {
        const names = [...Deno.readDirSync(join(site, it.name))].map((file) => file.name);
        return names.includes("hsm.json");
      }).map((it) => it.name).sort();
  const both = ["plug_a-1.0.0.dist-info", "plug_b-1.0.0.dist-info"];
  (await app.hsm("dev", "--all", "--inject", "environment")).expect({ code: 0 });
  assertEquals(marked(), both);
  const lines = (text: string) => text.split("\n").filter((it) => /^ [-+~] /.test(it));
  for (const args of [["--no-install-package", "plug-a"], ["--only-group", "none"]]) {
    const left = args.includes("plug-a") ? both.slice(1) : [];
    (await app.hsm("sync", "--", ...args)).expect({ code: 0 });
    assertEquals(marked(), left, args.join(" "));
    const again = await app.hsm("sync", "--", ...args);
    assertEquals(lines(again.expect({ code: 0 }).stderr), [], "nothing comes and goes");
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals(marked(), both);
  }
  for (const args of [["--reinstall"], ["--reinstall-package=plug-a"], ["--inexact"]]) {
    (await app.hsm("sync", "--", ...args)).expect({ code: 0 });
    assertEquals(marked(), both, args.join(" "));
    assertEquals(await imported(app), "checkout checkout");
  }
  // What uv takes for no environment, it makes anew.
  await Deno.remove(join(app.root, ".venv/bin/python"));
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await imported(app), "checkout checkout");
  assertEquals(marked(), both);
});

Deno.test("killed on the way in or out, the next sync brings what the manifest says, whoever looked before it", async () => {
  await using app = await appWithCheckouts();
  const before = environmentOf(app);
  const path = join(app.folder, "killing-uv");
  const text = `#!/bin/sh
case "$*" in
  *--dry-run*) ;;
  sync*) kill -9 $PPID;;
esac
exec "${uvProgram()}" "$@"
`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  const killed = async (...args: string[]) => {
    assertEquals((await app.hsmWith({ HSM_UV: path }, ...args)).code, 137);
    await app.hsm("list");
  };

  await killed("dev", "--all", "--inject", "environment");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(environmentOf(app), before);
  assertEquals(await imported(app), "1.0.0 1.0.0");

  (await app.hsm("dev", "--all", "--inject", "environment")).expect({ code: 0 });
  await killed("prod", "--all");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await imported(app), "checkout checkout");
  (await app.hsm("prod", "--all")).expect({ code: 0 });
  assertEquals(environmentOf(app), before);
});
