import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

const PATH = "packages/my-plugin";

Deno.test("a checkout that was cloned before `checkout` was written is told by status, clone and sync", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await app.plugin("my-plugin").git("branch", "develop");
  await app.write("hsm.local.yaml", "mode: dev\npackages: { my-plugin: { checkout: develop } }\n");
  const note = `${PATH} has no local branch develop, which the manifest names: ` +
    `\`git -C ${PATH} fetch && git -C ${PATH} switch develop\` goes there\n`;
  const status = (checkout: string) =>
    `package    mode  pin     ${"checkout".padEnd(checkout.length)}  installed       state
my-plugin  dev   v1.0.0  ${checkout.padEnd(8)}  1.0.0 editable  ok
`;

  (await app.hsm("status", "--exit-code")).expect({
    code: 0,
    stdout: status("main, the manifest says develop"),
    stderr: "",
  });
  const [found] = (await app.hsm("status", "--json")).json()["packages"] as {
    checkout: Record<string, unknown>;
  }[];
  assertEquals(found?.checkout["missingBranch"], "develop");
  (await app.hsm("clone")).expect({ code: 0, stderr: note });
  (await app.hsm("sync", "--locked")).expect({
    code: 0,
    stderr: new RegExp(`^${RegExp.escape(note)}`),
  });
  // A branch of one's own from the old one makes no difference.
  await app.git(PATH, "switch", "-q", "-c", "topic");
  (await app.hsm("clone")).expect({ code: 0, stderr: note });

  // Who has been there may go anywhere.
  await app.git(PATH, "fetch", "-q");
  await app.git(PATH, "switch", "-q", "develop");
  (await app.hsm("status")).expect({ code: 0, stdout: status("develop") });
  await app.git(PATH, "switch", "-q", "topic");
  for (const pack of [false, true]) {
    if (pack) await app.git(PATH, "pack-refs", "--all");
    (await app.hsm("status")).expect({ code: 0, stdout: status("topic, no upstream") });
    (await app.hsm("clone", "-v")).expect({ code: 0, stderr: /^(?![^]*for-each-ref)/ });
  }
  (await app.hsm("clone")).expect({ code: 0, stderr: "" });
});

Deno.test("a new clone is where `checkout` says, be that a tag, and nothing is told", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: {
      "hsm.local.yaml":
        "mode: dev\npackages: { plug-a: { checkout: main }, plug-b: { checkout: v1.0.0 } }\n",
    },
  });
  for (const _ of ["cloned", "there"]) {
    (await app.hsm("clone", "--yes", "-q")).expect({ code: 0, stderr: "" });
    const run = (await app.hsm("status")).expect({ code: 0, stderr: "" });
    assertEquals(run.stdout.includes("the manifest says"), false, run.stdout);
  }
  (await app.hsm("clone")).expect({ code: 0, stderr: "" });
});
