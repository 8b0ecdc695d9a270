import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../../../lib/files/site_packages.ts";
import { testApp } from "../../../harness/app.ts";

Deno.test("uv: what a killed installation left of a package goes with the next one of it", async () => {
  const names = ["plug-a", "plug-b", "plug-c"];
  await using app = await testApp({
    plugins: names,
    manifest: `git: {remotes}/{name}\npackages:\n${
      names.map((it) => `  ${it}: v1.0.0\n`).join("")
    }`,
  });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of names) await app.plugin(name).release({ name, version: "1.2.0" });
  const [folder = ""] = await sitePackagesOf(join(app.root, ".venv"));
  const metadata = async () => (await entriesOf(folder)).filter((it) => /^plug.*info$/.test(it));
  // uv writes the list of files last: it is missing, or empty.
  for (const it of await metadata()) await Deno.remove(join(folder, it, "RECORD"));
  await Deno.writeTextFile(join(folder, "plug_b-1.0.0.dist-info/RECORD"), "");
  (await app.hsm("update", "plug-a", "plug-b")).expect({ code: 0 });
  const rest = "plug_c-1.0.0.dist-info";
  // What is not installed anew has nothing else that tells of it.
  assertEquals(await metadata(), ["plug_a-1.2.0.dist-info", "plug_b-1.2.0.dist-info", rest]);
  await Deno.remove(join(folder, "plug_a-1.2.0.dist-info/RECORD"));
  await Deno.writeTextFile(join(folder, "plug_b-1.2.0.dist-info/RECORD"), "");
  (await app.hsm("remove", "plug-a", "plug-b")).expect({ code: 0 });
  assertEquals(await metadata(), [rest]);
});
