import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import deno from "../../deno.json" with { type: "json" };
import { DISTRIBUTION, stemOf } from "../../tools/wheel/metadata.ts";
import { testApp } from "../harness/app.ts";
import { must, start } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { scriptCommand } from "../harness/tool.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

Deno.test("documents say how the wheel is installed, by its name", async () => {
  const [stem] = stemOf(deno.version).split("-");
  const expected = {
    "README.md": [DISTRIBUTION, `${stem}-*.whl`],
    "docs/guides/ci.md": [DISTRIBUTION],
  };
  for (const [page, names] of Object.entries(expected)) {
    const text = await Deno.readTextFile(join(PROJECT, page));
    const named = text.matchAll(/\b(?:uv tool|pip) install (?:-q )?(?:dist\/)?(hsm[-_][^\s`]+)/g);
    assertEquals([...new Set(Array.from(named, ([, it]) => it))], names, page);
  }
});

Deno.test("a checkout on Windows has the bytes of all others, which go into wheels", async () => {
  await using app = await testApp();
  const copy = join(app.folder, "copy");
  const clone = ["git", "-c", "core.autocrlf=true", "clone", "--quiet", PROJECT, copy];
  await must(clone, { cwd: app.folder, env: app.env });
  const listed = await must(["git", "ls-files", "--eol"], { cwd: copy, env: app.env });
  assertEquals(listed.split("\n").filter((it) => / w\/(?:crlf|mixed)/.test(it)), []);
});

Deno.test("the tasks compile and wheel refuse words that they do not know", async () => {
  await using app = await testApp();
  const usages = { compile: "[FOLDER]", wheel: "[FOLDER] [--target TARGET]" };
  for (const [task, words] of Object.entries(usages)) {
    const wrong = [["a", "b"], ["--targets=aarch64-unknown-linux-gnu"], ["-o", "a"], ["--target"]];
    if (task === "compile") wrong.push(["--target", "aarch64-unknown-linux-gnu"]);
    for (const args of wrong) {
      const argv = [...scriptCommand(`tools/${task}.ts`), ...args];
      const stderr = `usage: deno task ${task} ${words}\n`;
      (await start(argv, { cwd: app.root, env: app.env }).ended).expect({
        ...{ code: 2, stdout: "", stderr },
      });
    }
  }
  assertEquals((await app.list(".")).filter((it) => /^(?:a|b|dist)$/.test(it)), []);
});

const runtime = Deno.env.get("DENORT_BIN");
const LEFT_OUT = runtime ? "" : " (left out, for DENORT_BIN names no runtime)";

Deno.test({
  name:
    `README.md's commands make an hsm from the sources, in a new home and beside an older one${LEFT_OUT}`,
  ignore: !runtime,
  fn: async () => {
    await using app = await testApp();
    const readme = await Deno.readTextFile(join(PROJECT, "README.md"));
    const [, commands = ""] = /^```sh\n([^`]*deno task wheel[^`]*)^```/m.exec(readme) ?? [];
    const [copy, home] = [join(app.folder, "a copy"), join(app.folder, "new home")];
    await must(["git", "clone", "--quiet", PROJECT, copy], { cwd: app.folder, env: app.env });
    const env = {
      ...app.env,
      ...{ DENORT_BIN: runtime!, HOME: home, UV_TOOL_DIR: "", UV_TOOL_BIN_DIR: "" },
      PATH: [dirname(Deno.execPath()), dirname(uvProgram()), Deno.env.get("PATH")].join(":"),
    };
    // What an earlier version has left there.
    await app.write("../a copy/dist/hsm_hypervisor-0.0.1-py3-none-any.whl", "");
    for (const line of commands.trim().split("\n")) {
      (await start(["sh", "-c", line], { cwd: copy, env }).ended).expect({ code: 0 });
      const hsm = join(home, ".local/bin/hsm");
      (await start([hsm, "--version"], { cwd: "/", env: app.env }).ended).expect({
        ...{ code: 0, stdout: new RegExp(`^hsm ${RegExp.escape(deno.version)} `), stderr: "" },
      });
      await Deno.remove(join(home, ".local/bin"), { recursive: true });
    }
  },
});

Deno.test({
  name:
    `deno task wheel makes the same wheel again, and none for a platform that it is not for${LEFT_OUT}`,
  ignore: !runtime,
  fn: async () => {
    await using app = await testApp();
    const folder = join(app.folder, "dist");
    const env = { ...app.env, DENORT_BIN: runtime! };
    const make = async (...words: string[]) => {
      const argv = [...scriptCommand("tools/wheel.ts"), folder, ...words];
      return await start(argv, { cwd: app.root, env }).ended;
    };
    const made = (await make()).expect({ code: 0, stderr: "" }).stdout;
    const [name = "", ...others] = (await app.list(folder)).filter((it) => it.endsWith(".whl"));
    const wheel = join(folder, name);
    assertEquals(
      made.replaceAll(/\d+ MB/g, "N MB"),
      `made ${join(folder, "hsm")}, N MB\nmade ${wheel}, N MB\n`,
    );
    assertEquals(name.startsWith(`${stemOf(deno.version)}-py3-none-`), true, name);
    assertEquals(others, []);

    await Deno.rename(wheel, join(folder, "first"));
    (await make(`--target=${Deno.build.target}`)).expect({ code: 0, stdout: made, stderr: "" });
    await must(["cmp", join(folder, "first"), wheel], { cwd: folder });

    const { arch } = Deno.build;
    const other = `${arch === "x86_64" ? "aarch64" : "x86_64"}-unknown-linux-gnu`;
    const executable = join(folder, other, "hsm");
    (await make(`--target=${other}`)).expect({
      code: 1,
      stdout: /^made .*, \d+ MB\n$/,
      stderr: `error: Cannot make a wheel for ${other}: ${executable} is for ${Deno.build.target}
hint: is DENORT_BIN a runtime for another platform?
`,
    });
    assertEquals((await app.list(folder)).filter((it) => it.endsWith(".whl")), [name]);
  },
});
