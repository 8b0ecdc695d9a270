import { assertEquals } from "@std/assert";
import { hsmCommand, testApp } from "../harness/app.ts";
import { start } from "../harness/program.ts";

const MANIFEST = `git: {remotes}/{name}
packages:
  plug-b: v1.0.0
  plug-a: { branch: main, mode: dev }
  longer-name: { rev: 0123456789012345678901234567890123456789 }
`;

Deno.test("hsm list prints the names only when piped, in the order of hsm.yaml", async () => {
  await using app = await testApp({ manifest: MANIFEST });

  await app.untouched(async () => {
    (await app.hsm("list")).expect({
      code: 0,
      stdout: "plug-b\nplug-a\nlonger-name\n",
      stderr: "",
    });
    (await app.hsm("list", "--mode", "dev")).expect({ code: 0, stdout: "plug-a\n", stderr: "" });
    (await app.hsm("list", "--all")).expect({
      code: 0,
      stdout: "plug-b\nplug-a\nlonger-name\n",
      stderr: "",
    });
    (await app.hsm("list", "plug-*", "Longer_Name", "--mode", "prod")).expect({
      code: 0,
      stdout: "plug-b\nlonger-name\n",
      stderr: "",
    });
  });

  assertEquals((await app.hsm("list", "--json", "--mode=prod")).json(), {
    packages: [
      {
        package: "plug-b",
        mode: "prod",
        pin: { tag: "v1.0.0" },
        git: "file://[DIR]/remotes/plug-b",
        path: "packages/plug-b",
      },
      {
        package: "longer-name",
        mode: "prod",
        pin: { rev: "0123456789012345678901234567890123456789" },
        git: "file://[DIR]/remotes/longer-name",
        path: "packages/longer-name",
      },
    ],
  });
});

Deno.test("hsm list shows a table on a terminal", async () => {
  await using app = await testApp({ manifest: MANIFEST });
  const quoted = hsmCommand().map((it) => `'${it}'`).join(" ");

  // script(1) gives it a terminal.
  const run = await start(["script", "-qec", `${quoted} list`, "/dev/null"], {
    cwd: app.root,
    env: app.env,
  }).ended;

  run.expect({ code: 0 });
  assertEquals(
    run.stdout.replaceAll("\r", "").replaceAll(app.folder, "[DIR]"),
    `plug-b       prod  v1.0.0            file://[DIR]/remotes/plug-b
plug-a       dev   branch main       packages/plug-a
longer-name  prod  rev 012345678901  file://[DIR]/remotes/longer-name
`,
  );
});

Deno.test("hsm list refuses other modes, and names and globs of no package", async () => {
  await using app = await testApp({ manifest: MANIFEST });

  (await app.hsm("list", "--mode", "test")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run hsm list: --mode is \`test\`, and must be one of dev, prod
hint: run \`hsm list --help\` for its options
`,
  });
  (await app.hsm("list", "plug-a", "plug-*x")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot find \`plug-*x\` in hsm.yaml
hint: it names plug-b, plug-a, longer-name
`,
  });
});
