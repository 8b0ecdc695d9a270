import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../../../lib/files/site_packages.ts";
import { testApp } from "../../../harness/app.ts";

Deno.test("uv: what a killed installation left of a package goes with the next one of it", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
  });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    await app.plugin(name).release({ name, version: "1.2.0" });
  }
  const [folder = ""] = await sitePackagesOf(join(app.root, ".venv"));
  const metadata = async () => (await entriesOf(folder)).filter((it) => /^plug.*info$/.test(it));
  for (const it of await metadata()) await Deno.remove(join(folder, it, "RECORD"));
  (await app.hsm("pin", "plug-a", "v1.2.0")).expect({ code: 0 });
  // What is not installed anew has nothing else that tells of it.
  assertEquals(await metadata(), ["plug_a-1.2.0.dist-info", "plug_b-1.0.0.dist-info"]);
});
