import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { treeOf } from "./tree.ts";

/** A folder beside the app that nothing may change, with a program that nothing may run. */
async function outsideOf(app: TestApp): Promise<string> {
  const outside = join(app.folder, "outside");
  await Deno.mkdir(outside);
  await Deno.writeTextFile(join(outside, "secret.txt"), "secret\n");
  await Deno.writeTextFile(join(outside, "evil"), `#!/bin/sh\n: > ${outside}/ran\n`, {
    mode: 0o755,
  });
  return outside;
}

const pack = (line: string) => `git: {remotes}/{name}\nmode: dev\npackages:\n  ${line}\n`;
const key = (line: string) => pack(`plug-a: { tag: v1.0.0, ${line} }`);
const git = (url: string) => key(`git: ${JSON.stringify(url)}`);

/** What a stranger's pull request may say; each is refused before anything is touched. */
const MANIFESTS: Readonly<Record<string, (outside: string) => string>> = {
  "a name that leaves the folder": () => pack("../escaped: v1.0.0"),
  "a name that is a prototype": () => pack("__proto__: v1.0.0"),
  "a name that is an option": () => pack("-x: v1.0.0"),
  "a name with NUL": () => pack('"plug\\0a": v1.0.0'),
  "a name of 10,000 characters": () => pack(`${"x".repeat(10_000)}: v1.0.0`),
  "a name that breaks out of TOML": () => pack(`'plug"]\n[tool.x]': v1.0.0`),
  "ext::": (outside) => git(`ext::${outside}/evil`),
  "ext:: in the pattern": (outside) =>
    `git: "ext::${outside}/evil {name}"\nmode: dev\npackages:\n  plug-a: v1.0.0\n`,
  "a URL that is an option": (outside) => git(`--upload-pack=${outside}/evil`),
  "a URL whose host is an option": (outside) => git(`ssh://-oProxyCommand=${outside}/evil/x`),
  "a short ssh address whose host is an option": (outside) =>
    git(`-oProxyCommand=${outside}/evil:x`),
  "a URL with credentials": () => git("https://me:s3cret@example.invalid/x"),
  "an unknown scheme": (outside) => git(`fd://${outside}`),
  "a tag that is an option": (outside) => pack(`plug-a: { tag: "--upload-pack=${outside}/evil" }`),
  "a branch that is an option": (outside) =>
    pack(`plug-a: { branch: "--upload-pack=${outside}/evil" }`),
  "a rev that is an option": () => pack('plug-a: { rev: "--all" }'),
  "a checkout that is an option": (outside) =>
    key(`checkout: "--config=core.fsmonitor=${outside}/evil"`),
  "a filter that is an option": () => `filter: --upload-pack=x\n${pack("plug-a: v1.0.0")}`,
  "an absolute path": (outside) => key(`path: ${outside}`),
  "a path in .git": () => key("path: .git/hooks"),
  "a path in .hsm": () => key("path: .hsm/journal"),
  "a path in .venv": () => key("path: .venv/lib"),
  "a subdirectory that leaves": () => key("subdirectory: ../../outside"),
  "an absolute subdirectory": (outside) => key(`subdirectory: ${outside}`),
  "packages_dir that leaves": () => `packages_dir: ../outside\n${pack("plug-a: v1.0.0")}`,
  "an absolute packages_dir": (outside) => `packages_dir: ${outside}\n${pack("plug-a: v1.0.0")}`,
  "an extra that breaks out of TOML": () => key('extras: ["x\\"]\\n[tool.evil]"]'),
  "a group that breaks out of TOML": () => key('group: "x\\"]"'),
  "a tag that breaks out of TOML": () => pack('plug-a: { tag: "v1\\" }\\n[tool.evil]\\nx = \\"" }'),
  "a YAML tag": () => pack("plug-a: !!js/function 'function () {}'"),
  "a YAML bomb": () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `x${i + 1}: &x${i + 1} [${Array(9).fill(`*x${i}`).join(", ")}]`,
    );
    return `x0: &x0 [lol]\n${levels.join("\n")}\n${pack("plug-a: *x30")}`;
  },
  "YAML nested 100,000 deep": () => `packages: ${"[".repeat(100_000)}`,
  "two documents": () => `${pack("plug-a: v1.0.0")}---\n${pack("plug-b: v1.0.0")}`,
};

Deno.test("nothing that hsm.yaml says gets out of the app's folder or runs a program", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const outside = await outsideOf(app);
  const before = treeOf(outside);
  for (const [what, manifest] of Object.entries(MANIFESTS)) {
    await app.write("hsm.yaml", manifest(outside));
    await app.untouched(async () => {
      const run = await app.hsm("sync", "--yes");
      assertEquals(run.code, 2, `${what}: ${run.stderr}`);
      assert(/^error: Cannot read hsm\.yaml: /.test(run.stderr), `${what}: ${run.stderr}`);
      assert(run.stderr.length < 4_000, `${what}: ${run.stderr.length} characters`);
      assertEquals(run.stderr.includes("s3cret"), false, what);
    });
    assertEquals(treeOf(outside), before, what);
    assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"], what);
  }
});

Deno.test("a file of 50 MB, or one that is not UTF-8, is refused at once", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const huge = new TextEncoder().encode("# 50 MB\n".repeat(50 * 1024 * 128));
  const broken = new Uint8Array([0x23, 0xff, 0xfe, 0x0a]);
  for (
    const file of ["hsm.yaml", "hsm.local.yaml", "pyproject.toml", "packages/plug-a/pyproject.toml"]
  ) {
    const path = join(app.root, file);
    const good = await Deno.readFile(path);
    for (
      const [bytes, message] of [[huge, "it has 50 MB, and 16 is the most"], [
        broken,
        "line 1 is not UTF-8",
      ]] as const
    ) {
      await Deno.writeFile(path, bytes);
      const started = performance.now();
      const run = await app.hsm("sync", "--yes");
      run.expect({ code: 2, stdout: "" });
      assert(run.stderr.includes(`Cannot read ${file}: ${message}`), run.stderr);
      assert(performance.now() - started < 10_000, file);
      assertEquals(await Deno.readFile(path), bytes);
    }
    await Deno.writeFile(path, good);
  }
});

Deno.test("`path` may leave the app's folder, a link on the way to a clone may not", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const outside = await outsideOf(app);
  const before = treeOf(outside);
  await Deno.symlink(outside, join(app.root, "packages"));
  await app.write("hsm.local.yaml", "mode: dev\n");

  for (const path of ["packages/plug-a", "packages/deep/plug-a"]) {
    await app.write("hsm.yaml", pack(`plug-a: { tag: v1.0.0, path: ${path} }`));
    (await app.hsm("clone", "--yes")).expect({
      code: 2,
      stdout: "",
      stderr:
        `error: Cannot clone plug-a into ${path}: a link on the way leads out of the app's folder
hint: remove the link, or set \`path\` of plug-a in hsm.local.yaml to where it is to be
`,
    });
  }
  assertEquals(treeOf(outside), before);

  await app.write("hsm.yaml", pack("plug-a: { tag: v1.0.0, path: ../beside }"));
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await app.exists("../beside/.git"), true);
});

Deno.test("a subdirectory that a link of the checkout leads out of it is refused", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const outside = await outsideOf(app);
  await Deno.writeTextFile(join(outside, "pyproject.toml"), '[project]\nname = "plug-a"\n');
  const plugin = app.plugin("plug-a");
  await Deno.symlink(outside, join(plugin.path, "inner"));
  await plugin.commit("x.txt", "x\n");
  await app.write("hsm.yaml", key("subdirectory: inner"));

  await app.untouched(async () => {
    (await app.hsm("sync", "--yes")).expect({
      code: 2,
      stdout: "",
      stderr:
        /error: Cannot find plug-a in its checkout: packages\/plug-a\/inner leads out of the checkout\n/,
    });
  });
});

Deno.test("values that TOML and YAML would take for more are written as what they are", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const url = "file:///tmp/a\"b'c]#d\\e";
  await app.write(
    "hsm.yaml",
    `packages:\n  plug-a: { tag: v1.0.0, git: ${JSON.stringify(url)} }\n`,
  );

  const run = await app.hsm("inject", "--json");

  if (run.code === 0) {
    const text = await app.read("pyproject.toml");
    const { parse } = await import("@std/toml");
    const data = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
    assertEquals(Object.keys(data).sort(), ["project", "tool"]);
    assertEquals(Object.keys(data["tool"]!).sort(), ["hsm", "uv"]);
    assertEquals(data["tool"]!["uv"]!["sources"], { "plug-a": { git: url, tag: "v1.0.0" } });
  } else {
    assertEquals(run.code, 2, run.stdout);
    assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
  }
});
