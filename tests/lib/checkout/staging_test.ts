import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeStaging } from "../../../lib/checkout/staging.ts";
import { testFolder } from "../transaction/folder.ts";

Deno.test("makeStaging() removes what a killed run left whose number another process has by now", async () => {
  using folder = testFolder();
  const left = folder.at(".plug.hsm-new");
  Deno.mkdirSync(left);
  const pause = Promise.withResolvers<void>();
  setTimeout(pause.resolve, 3000);
  const first = new Deno.Command("sleep", { args: ["60"] }).spawn();
  await pause.promise;
  const later = new Deno.Command("sleep", { args: ["60"] }).spawn();
  try {
    const [own, others] = [first.pid, later.pid].map((pid) => `.plug.hsm-${pid}-0123abcd`);
    Deno.renameSync(left, folder.at(others!));
    Deno.mkdirSync(folder.at(own!));
    const made = await makeStaging(join(folder.root, "plug"));
    const names = folder.names().filter((name) => folder.at(name) !== made.path);
    assertEquals(names, [own]);
  } finally {
    for (const child of [first, later]) {
      child.kill("SIGKILL");
      await child.status;
    }
  }
});
