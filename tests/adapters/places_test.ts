/** Where packages are and what of them is wanted, and what a package manager cannot do, the same for each. */

import { assertEquals, assertMatch } from "@std/assert";
import { WHOLE } from "../harness/managers.ts";

const PLUGINS = [
  { name: "plug-a", extras: { fast: ["idna"] } },
  { name: "plug-s", folder: "python" },
  { name: "plug-o" },
  { name: "plug-z", dependencies: ["plug-of-nobody>=1"] },
] as const;

const packages = (inGroup: string) =>
  `packages:
  plug-a: { tag: v1.0.0, extras: [fast] }
  plug-s: { tag: v1.0.0, subdirectory: python${inGroup} }
  plug-o: { tag: v1.0.0, mode: dev, path: ../elsewhere/plug-o }
`;

for (const manager of WHOLE) {
  const { label, name, withGroup } = manager;

  Deno.test(`${label}: extras, folders, groups and checkouts elsewhere, and what cannot be had`, async () => {
    const inGroup = withGroup === undefined ? "" : ", group: tools";
    await using app = await manager.app({ plugins: PLUGINS, manifest: packages(inGroup) });
    (await app.hsm("sync", "--yes", ...withGroup?.("tools") ?? [])).expect({ code: 0 });
    await app.python("import plug_a, plug_s, idna");
    assertMatch(await app.python("import plug_o; print(plug_o.__file__)"), /elsewhere/);
    const manifest = await app.read("hsm.yaml");

    // Refused before anything runs.
    await app.write("hsm.yaml", `${manifest}  plug-l: { tag: v1.0.0, lfs: true }\n`);
    const lfs = await app.hsm("map");
    assertEquals(
      lfs.stderr.includes(`Cannot map plug-l: ${name} fetches nothing that Git LFS keeps`),
      !manager.fetchesLfs,
    );
    await app.unchanged(async () => {
      (await app.hsm("sync", "--", "--dry-run")).expect({ code: 2, stderr: /hsm sync --dry-run/ });
    });

    // What only the package manager can find out is told in terms of packages, by who is asked beforehand as well.
    await app.write("hsm.yaml", `${manifest}  plug-z: v1.0.0\n`);
    await app.untouched(async () => {
      (await app.hsm("check", "--resolve")).expect({
        code: 2,
        stdout: new RegExp(
          `${name} finds no solution[^]*fix: if plug-of-nobody is one of your own`,
        ),
      });
    });
    await app.unchanged(async () => {
      (await app.hsm("sync", "--json")).expect({ code: 1, stdout: /plug-of-nobody/ });
    });
  });
}
