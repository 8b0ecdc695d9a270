import { assertEquals } from "@std/assert";
import { fakeUv } from "../harness/fake_uv.ts";
import { testApp } from "../harness/app.ts";

const NAMES = ["a", "b", "c", "d", "e", "f"].map((it) => `plug-${it}`);

Deno.test("hsm sums up what happens to many packages, and lists it with --verbose", async () => {
  await using app = await testApp({ plugins: NAMES });
  const uv = await fakeUv(app, "[ -f uv.lock ] || echo > uv.lock");
  const hsm = async (...args: string[]) => {
    const run = await app.hsmWith(uv, ...args, "--yes");
    return run.expect({ code: 0 });
  };
  const stderr = (text: string) => text.replace(/^(?:\$ .*|warning: .*)\n/gm, "");

  const first = await hsm("sync");
  assertEquals(first.stdout, "+  6 packages  requirement\n+  6 packages  source\n");
  assertEquals(stderr(first.stderr), "");

  const dev = await hsm("dev", ...NAMES);
  assertEquals(dev.stdout, "6 packages  prod → dev\n");
  assertEquals(stderr(dev.stderr), "Cloned 6 packages\n");
  assertEquals((await hsm("dev", ...NAMES)).stdout, "6 packages  are in dev mode already\n");
  assertEquals((await hsm("clone")).stdout, "6 packages  present\n");
  assertEquals((await hsm("pull")).stdout, "6 packages  are up to date\n");

  await Deno.remove(`${app.root}/packages`, { recursive: true });
  const verbose = await hsm("clone", "--verbose");
  assertEquals(
    verbose.stdout,
    NAMES.map((it) => `${it}  packages/${it}  cloned\n`).join(""),
  );
  assertEquals(stderr(verbose.stderr).split("\n").sort(), [
    "",
    "Cloned 6 packages",
    ...NAMES.map((it) => `Cloned ${it} into packages/${it}`),
  ]);

  // Few are named.
  await Deno.remove(`${app.root}/packages`, { recursive: true });
  const few = await hsm("clone", ...NAMES.slice(1));
  assertEquals(few.stdout, NAMES.slice(1).map((it) => `${it}  packages/${it}  cloned\n`).join(""));
  assertEquals(few.stderr.match(/^Cloned plug-\w into packages\/plug-\w$/gm)?.length, 5);
});
