import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { whileHeld } from "../../../lib/platform/held_files.ts";
import { SYSTEM } from "../../../lib/platform/system.ts";
import { ioError, wayOut } from "../../../lib/files/system_error.ts";
import { filesOf } from "../../../lib/files/layer.ts";
import { testFolder } from "../transaction/folder.ts";

/** The system's refusal, as Deno gives it. */
function refusal(code: string): Error {
  return Object.assign(new Error(`refused (os error 32): rename 'a' -> 'b'`), { code });
}

/** A rename that is refused some times. */
function heldFor(times: number, code: string) {
  let calls = 0;
  const call = (): string => {
    if (++calls <= times) throw refusal(code);
    return "renamed";
  };
  return { call, calls: () => calls };
}

Deno.test("whileHeld() tries again on Windows while somebody has the file open", () => {
  for (const code of ["EBUSY", "EACCES", "EPERM"]) {
    const held = heldFor(3, code);
    assertEquals(whileHeld(held.call, { system: "windows" }), "renamed");
    assertEquals(held.calls(), 4);
  }
});

Deno.test("whileHeld() gives up in time, at once for another reason, and elsewhere always", () => {
  const begun = performance.now();
  const error = assertThrows(() =>
    whileHeld(heldFor(Infinity, "EBUSY").call, { system: "windows", patience: 100 })
  );
  assertEquals((error as { code?: unknown }).code, "EBUSY");
  assert(performance.now() - begun < 1000);
  for (
    const [system, code] of [
      ...[["windows", "ENOENT"], ["windows", "ENOSPC"], ["linux", "EBUSY"], ["linux", "EACCES"]],
      ...[["darwin", "EPERM"]],
    ] as const
  ) {
    const held = heldFor(1, code!);
    assertThrows(() => whileHeld(held.call, { system: system as "windows" }), Error, "refused");
    assertEquals(held.calls(), 1, `${system} ${code}`);
  }
});

Deno.test("on Windows a refusal names who may be in the way, and no chmod", () => {
  assertStringIncludes(wayOut("a", refusal("EBUSY"), "windows") ?? "", "close what has it open");
  assertStringIncludes(wayOut("a", refusal("EACCES"), "windows") ?? "", "close what has it open");
  assertEquals(wayOut("a", refusal("EBUSY"), "linux"), undefined);
  assertStringIncludes(wayOut("/", refusal("EACCES"), "darwin") ?? "", "chmod");
  assertEquals(ioError("write a", "a", refusal("EBUSY")).details, { path: "a", errno: "EBUSY" });
});

Deno.test({
  name: "the file layer has a way for Windows: no modes and owners, no waiting for a folder",
  ignore: SYSTEM === "windows",
  fn: () => {
    using folder = testFolder({ file: "text" });
    const [windows, here] = [filesOf({ system: "windows" }), filesOf()];
    Deno.chmodSync(folder.at("file"), 0o640);
    assertEquals([windows.facts(folder.at("file"))?.mode, here.facts(folder.at("file"))?.mode], [
      null,
      0o640,
    ]);
    windows.chmod(folder.at("file"), 0o600);
    assertEquals(here.facts(folder.at("file"))?.mode, 0o640);
    windows.chown(folder.at("missing"), 0, 0);
    windows.syncFolder(folder.at("missing"));
    assertThrows(() => here.syncFolder(folder.at("missing")), Deno.errors.NotFound);
    // There a file is opened for writing, as no folder can be.
    windows.sync(folder.at("file"));
    assertThrows(() => windows.sync(folder.root));
    here.sync(folder.root);
    windows.rename(folder.at("file"), folder.at("other"));
    windows.unlink(folder.at("other"));
    windows.unlink(folder.at("other"));
    assertEquals(folder.names(), []);
  },
});

Deno.test({
  name: "the file layer waits on Windows until a file can be renamed and removed",
  ignore: SYSTEM !== "linux",
  fn: async () => {
    using folder = testFolder({ file: "text" });
    const layer = filesOf({ system: "windows", patience: 5000 });
    const own = folder.at("own");
    Deno.mkdirSync(own);
    Deno.writeTextFileSync(`${own}/busy`, "");
    const mount = await new Deno.Command("mount", {
      args: ["--bind", `${own}/busy`, `${own}/busy`],
    }).output().catch(() => undefined);
    if (!mount?.success) {
      console.log("a file that is held: skipped, it needs the right to mount");
      return;
    }
    // EBUSY, as long as it is mounted.
    const freed = new Deno.Command("sh", {
      args: ["-c", 'sleep 0.5; umount "$0"', `${own}/busy`],
    }).spawn();
    const begun = performance.now();
    layer.rename(`${own}/busy`, `${own}/free`);
    assert(performance.now() - begun > 300);
    assertEquals((await freed.status).success, true);
    assertEquals([...Deno.readDirSync(own)].map((it) => it.name), ["free"]);
  },
});
