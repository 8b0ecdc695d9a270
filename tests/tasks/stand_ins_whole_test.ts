import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { writeWheel } from "../harness/wheel.ts";

/** How hsm says that my-plugin is, where all is well with it. */
const STANDING = {
  "my-plugin": { kind: "stand-in", path: "[DIR]/app/packages/my-plugin", for: "v1.0.0" },
};

/** What may become of the files by which an editable install is imported and run. */
const DAMAGES: Readonly<Record<string, (site: string) => Promise<void>>> = {
  "its .pth is gone": (site) => Deno.remove(join(site, "my_plugin.pth")),
  "its .pth leads elsewhere": (site) => Deno.writeTextFile(join(site, "my_plugin.pth"), "/tmp\n"),
  "its script is gone": (site) => Deno.remove(join(site, "../../../bin/my-plugin-command")),
};

Deno.test("files of a stand-in that are gone or are others are told, and put back by the next hsm sync", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  (await app.hsm("sync")).expect({ code: 0 });
  const site = await it.site();
  for (const [where, damage] of Object.entries(DAMAGES)) {
    await damage(site);
    assertEquals(await it.status(), { "my-plugin": ["environment"] }, where);
    assertStringIncludes(
      (await app.hsm("status")).stdout,
      "files of what was installed of the checkout are gone or are others: run `hsm sync`\n",
    );
    (await app.hsm("sync")).expect({
      code: 0,
      stderr: /\nmy-plugin stands in for v1\.0\.0 again: files of it had gone or were others\n/,
    });
    await it.assertStanding("my-plugin", where);
    assertEquals(await it.status(), STANDING, where);
    await it.assertClean(where);
  }
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
});

/** An app whose checkout of my-plugin needs helper, which is not locked. */
function needing(): Promise<StandInApp> {
  const pyproject = `${APP_PYPROJECT}
[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`;
  const options = { plugins: ["my-plugin"], pyproject, env: { UV_NO_CONFIG: "0" } };
  return StandInApp.make(options, async ({ app }) => {
    const index = join(app.folder, "index");
    await Deno.mkdir(index);
    for (const name of ["helper", "another", "third"]) {
      await writeWheel(index, name, "1.0.0", { files: { [`${name}.py`]: "" } });
    }
    await need(app.plugin("my-plugin").path, "helper");
    await app.plugin("my-plugin").git("commit", "-q", "-a", "-m", "Need helper");
  });
}

async function need(folder: string, ...names: string[]): Promise<void> {
  const file = join(folder, "pyproject.toml");
  const text = await Deno.readTextFile(file);
  const needs = `dependencies = ${JSON.stringify(names)}`;
  await Deno.writeTextFile(file, text.replace(/^dependencies = .*$/m, needs));
}

Deno.test("what only a checkout needs is told where it is gone or may be something else by now, and put right by hsm sync", async () => {
  await using it = await needing();
  const { app } = it;
  await it.dev("my-plugin");
  const [site, folder] = [await it.site(), join(app.root, "packages/my-plugin")];
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await it.status(), STANDING);

  const told = async (where: string, ...modules: string[]) => {
    assertEquals(await it.status(), { "my-plugin": ["environment"] }, where);
    assertStringIncludes(
      (await app.hsm("status")).stdout,
      "what only checkouts need is gone or may be something else by now: run `hsm sync`\n",
    );
    (await app.hsm("status", "--exit-code")).expect({ code: 1 });
    (await app.hsm("sync")).expect({
      code: 0,
      stderr: /^my-plugin stands in for v1\.0\.0 again: what only it needs had gone or changed$/m,
    });
    for (const module of modules) {
      assertStringIncludes(await app.python(`import ${module}; print(${module}.__file__)`), "_hsm");
    }
    assertEquals(await it.status(), STANDING, where);
    assertEquals((await app.list(join(site, "_hsm"))).length, 1, where);
  };
  await Deno.remove(join(site, "_hsm"), { recursive: true });
  await told("deleted", "helper");
  await Deno.remove(join(site, "_hsm.pth"));
  await told("without its guard", "helper");
  // Where the app requires it as well, it may be another version.
  await it.uv("add", "third");
  await told("locked anew", "helper");

  // So does what hooks run.
  await Deno.remove(join(site, "_hsm"), { recursive: true });
  await need(folder, "helper", "another");
  (await app.hsm("sync", "--stand-ins")).expect({ code: 0 });
  assertStringIncludes(await app.python("import helper, another; print(helper.__file__)"), "_hsm");
  assertEquals(await it.status(), STANDING);
  await app.git(".", "checkout", "-q", ".");
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  (await app.hsm("sync", "--stand-ins", "--quiet")).expect({ code: 0, stderr: "" });
  assertEquals(await it.status(), STANDING);

  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("what a checkout has come to need is installed by what hooks run, where nobody needed anything before", async () => {
  await using it = await needing();
  const { app } = it;
  const folder = join(app.root, "packages/my-plugin");
  await it.dev("my-plugin");
  await need(folder);
  (await app.hsm("sync")).expect({ code: 0 });
  await it.uv("add", "third");
  // Where nobody needs anything, nothing else that is locked is a reason.
  assertEquals(await it.status(), STANDING);
  await need(folder, "another");
  (await app.hsm("sync", "--stand-ins")).expect({ code: 0 });
  assertStringIncludes(await app.python("import another; print(another.__file__)"), "_hsm");
  assertEquals(await it.status(), STANDING);
});
