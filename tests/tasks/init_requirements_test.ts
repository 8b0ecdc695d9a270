/** What `hsm init` makes of an app that has requirement files. */

import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";

const SCHEMA = "# yaml-language-server: $schema=.hsm/schema.json\n";

/** An app of pip's that is no workspace yet, with no pyproject.toml, and a checkout beside it of each of these plugins. */
async function plainApp(
  options: Parameters<typeof testApp>[0],
  checkouts: readonly string[] = [],
): Promise<TestApp> {
  const app = await testApp(options);
  for (const it of ["hsm.yaml", "pyproject.toml"]) await Deno.remove(`${app.root}/${it}`);
  for (const it of checkouts) await app.git(".", "clone", "-q", app.plugin(it).url, `../${it}`);
  return app;
}

Deno.test("hsm init takes the lines of requirement files over, without a pyproject.toml", async () => {
  await using app = await plainApp({
    plugins: [
      "plug-a",
      { name: "plug-b", folder: "py/b", extras: { fast: [] } },
      { name: "plug-c", dependencies: ["plug-t"] },
      "plug-t",
      "plug-d",
    ],
  }, ["plug-d"]);
  const url = (name: string) => app.plugin(name).url;
  const files = {
    "requirements.txt": "# the app's\r\n-r requirements/base.txt\r\n-c constraints.txt\r\n" +
      `-e git+${url("plug-c")}@main#egg=plug-c\r\n-e ../plug-d\r\n`,
    "requirements/base.txt": `plug-a @ git+${url("plug-a")}@v1.0.0\nplug-b[fast] @ \\\n  git+${
      url("plug-b")
    }@v1.0.0#subdirectory=py/b\n`,
    "constraints.txt": `plug-t @ git+${url("plug-t")}@v1.0.0\n`,
  };
  for (const [file, text] of Object.entries(files)) await app.write(file, text);

  (await app.hsm("init", "--yes")).expect({
    code: 0,
    stdout: `plug-c  dev   branch main  from requirements.txt
plug-d  dev   branch main  from requirements.txt
plug-a  prod  v1.0.0       from requirements/base.txt
plug-b  prod  v1.0.0       from requirements/base.txt
plug-t  prod  v1.0.0       from constraints.txt
`,
    stderr: "Wrote hsm.yaml (adapter: pip) and .ignore; next: `hsm sync`\n",
  });

  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}adapter: pip
git: ${url("plug-a").replace("plug-a", "{name}")}
packages:
  plug-c:
    branch: main
    mode: dev
  plug-d:
    branch: main
    mode: dev
    path: ../plug-d
  plug-a: v1.0.0
  plug-b:
    tag: v1.0.0
    subdirectory: py/b
    extras: [fast]
  plug-t:
    tag: v1.0.0
    require: false
`,
  );
  (await app.hsm("sync", "--yes")).expect({
    code: 0,
    stdout: /^- {2}plug-d {2}line of requirements\.txt +-e \.\.\/plug-d$/m,
  });
  const code =
    "import plug_a, plug_b, plug_c, plug_t, plug_d; print(plug_t.VALUE, plug_d.__file__)";
  assertEquals(
    (await app.python(code)).replaceAll(app.folder, ""),
    "1.0.0 /plug-d/src/plug_d/__init__.py",
  );
  (await app.hsm("dev", "plug-a", "plug-t", "--yes")).expect({ code: 0 });
  (await app.hsm("prod", "plug-a", "plug-t", "plug-d")).expect({ code: 0 });

  await app.write("hsm.yaml", "adapter: pip\npackages: {}\n");
  await Deno.remove(`${app.root}/hsm.local.yaml`);
  (await app.hsm("inject")).expect({ code: 0 });
  for (const [file, text] of Object.entries(files)) assertEquals(await app.read(file), text);
});

Deno.test("hsm init takes a requirement file over that it is told, whatever the package manager", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "requirements/dev.txt": "plug-a @ git+{remotes}/plug-a@v1.0.0\n" },
  });
  await Deno.remove(`${app.root}/hsm.yaml`);
  await app.write(
    "requirements/dev.txt",
    `plug-a @ git+${app.plugin("plug-a").url}@v1.0.0\n-e ../nowhere\n`,
  );
  (await app.hsm("init", "--from", "requirements/dev.txt")).expect({
    code: 0,
    stdout: "plug-a  prod  v1.0.0  from requirements/dev.txt\n",
    stderr: `warning: ../nowhere is not taken over from requirements/dev.txt: ../nowhere is missing
Wrote hsm.yaml; next: \`hsm sync\`
`,
  });
});
