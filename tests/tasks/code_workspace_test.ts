import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { StandInApp } from "../harness/stand_ins.ts";

const FILE = "app.code-workspace";
const APP = '    { "path": ".", "name": "app" }';
const entry = (name: string) => `    { "path": "packages/${name}", "name": "${name} (dev)" }`;

const file = (...names: string[]) =>
  `{
  // hsm keeps the folders named "… (dev)" current: the checkouts of packages in dev mode. All else is yours.
  "folders": [
${[APP, ...names.map(entry)].join(",\n")}
  ],
  "settings": {}
}
`;

Deno.test("hsm init --code-workspace writes a workspace of VS Code's, and each switch keeps its folders current", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await app.git(".", "init", "-q", "-b", "main");
  (await app.hsm("dev", "plug-b", "--yes")).expect({ code: 0 });

  const run = await app.hsm("init", "--code-workspace");

  run.expect({ code: 0, stdout: `VS Code  written  ${FILE}\n`, stderr: "" });
  assertEquals(await app.read(FILE), file("plug-b"));
  assertEquals(
    await app.read(".gitignore"),
    "/packages/\n/hsm.local.yaml\n/app.code-workspace\n",
  );
  const again = await app.hsm("init", "--code-workspace", "--json");
  assertEquals(again.json()["codeWorkspace"], { file: FILE, state: "present" });

  const moves = [
    [["dev", "plug-a", "--yes"], file("plug-b", "plug-a")],
    [["prod", "plug-b"], file("plug-a")],
    [["prod", "--all", "--no-sync"], file()],
    [["dev", "plug-b", "--no-sync"], file("plug-b")],
    [["remove", "plug-b"], file()],
  ] as const;
  for (const [args, after] of moves) {
    const before = await app.read(FILE);
    (await app.hsm(...args)).expect({ code: 0 });
    assertEquals(await app.read(FILE), after, args.join(" "));
    (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
    assertEquals(await app.read(FILE), before, args.join(" "));
    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals(await app.read(FILE), after, args.join(" "));
  }
});

Deno.test("hsm keeps what a person writes into a workspace file, and hsm undo does so too", async () => {
  const own = `{
	// mine
	"folders": [
		{ "path": ".", "name": "the app" }, // first
		{ "path": "docs" }
	],
	"settings": { "editor.tabSize": 2 }
}
`;
  await using app = await testApp({ plugins: ["plug-a"], files: { "team.code-workspace": own } });
  const name = "team.code-workspace";
  (await app.hsm("init", "--code-workspace")).expect({
    code: 0,
    stdout: `VS Code  changed  ${name}\n`,
  });
  const kept = await app.read(name);
  assertEquals(kept.replace(/\n.*hsm keeps.*/, ""), own);
  // One that is there may be everybody's.
  assertEquals(await app.exists(".gitignore"), false);

  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  const dev = await app.read(name);
  assertEquals(
    dev,
    kept.replace('"docs" }', `"docs" },\n\t\t${entry("plug-a").trim()}`),
  );
  // VS Code writes settings meanwhile.
  await app.write(name, dev.replace("2 }", "4 }"));
  (await app.hsm("undo")).expect({
    code: 0,
    stdout: /^undone +2 +hsm dev plug-a --yes +pyproject/,
  });
  assertEquals(await app.read(name), kept.replace("2 }", "4 }"));
  assertEquals(await app.exists("hsm.local.yaml"), false);
});

Deno.test("hsm init writes the workspace file with the manifest, and hsm undo takes back both", async () => {
  await using app = await testApp();
  await Deno.remove(`${app.root}/hsm.yaml`);

  const run = await app.hsm("init", "--bare", "--code-workspace");

  run.expect({
    code: 0,
    stdout: `VS Code  written  ${FILE}\n`,
    stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await app.read(FILE), file());
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertEquals([await app.exists("hsm.yaml"), await app.exists(FILE)], [false, false]);
});

Deno.test("a workspace file that nobody asked hsm to keep, or that cannot be read, stays as it is", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "other.code-workspace": '{ "folders": [{ "path": "." }] }\n' },
  });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  assertEquals(await app.read("other.code-workspace"), '{ "folders": [{ "path": "." }] }\n');

  await app.write("other.code-workspace", '{ "folders": [{ "path": "." ] }\n');
  await app.untouched(async () => {
    (await app.hsm("init", "--code-workspace")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot keep other.code-workspace current: it cannot be read
hint: look at its brackets and commas, or move it away
`,
    });
  });
  const broken = file("plug-a").replace("],", "");
  await app.write("other.code-workspace", broken);
  (await app.hsm("prod", "plug-a")).expect({
    code: 0,
    stderr:
      /^warning: other\.code-workspace stays as it is, for it cannot be read: look at its commas$/m,
  });
  assertEquals(await app.read("other.code-workspace"), broken);
  // With --locked no file changes.
  await app.write("other.code-workspace", file("plug-a"));
  (await app.hsm("sync", "--locked")).expect({ code: 0 });
  assertEquals(await app.read("other.code-workspace"), file("plug-a"));
});

Deno.test("a workspace file shows git nothing of checkouts that stand in, and hsm eject lets go of it", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  (await app.hsm("init", "--code-workspace")).expect({ code: 0 });
  await it.commit("Ignore");
  await it.dev("my-plugin");
  assertEquals(await app.read(FILE), file("my-plugin"));
  await it.assertClean();

  (await app.hsm("eject")).expect({ code: 0 });
  assertEquals(await app.read(FILE), file("my-plugin").replace(/\n.*hsm keeps.*/, ""));
  (await app.hsm("undo")).expect({ code: 0 });
  assertEquals(await app.read(FILE), file("my-plugin"));
});
