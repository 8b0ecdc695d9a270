import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { parseManifest } from "../../../lib/manifest/parse.ts";
import { manifestParser } from "../../../lib/manifest/cached_parser.ts";
import { testFolder } from "../transaction/folder.ts";

const SHARED = {
  path: "hsm.yaml",
  text: `git: https://example.com/{name}
packages:
  "2024": 1.10
  my-plugin:
    branch: main
    extras: [fast]
  other:
`,
};
const LOCAL = { path: "hsm.local.yaml", text: "packages:\n  My_Plugin:\n    mode: dev\n" };

/** As data: what is undefined and what is missing are the same. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

Deno.test("manifestParser() reads from its cache what parseManifest() reads", async () => {
  using folder = testFolder();
  const env = { HSM_CACHE_DIR: folder.root };
  for (const files of [{ shared: SHARED }, { shared: SHARED, local: LOCAL }]) {
    const expected = plain(parseManifest(files));
    for (const parse of [manifestParser("/app", env), manifestParser("/app", env)]) {
      assertEquals(plain(await parse(files)), expected);
      assertEquals(plain(await parse(files)), expected);
    }
  }
});

Deno.test("manifestParser() goes by the text, and not by what was kept for another", async () => {
  using folder = testFolder();
  const parse = manifestParser("/app", { HSM_CACHE_DIR: folder.root });
  await parse({ shared: SHARED });
  const text = SHARED.text.replace("branch: main", "tag: v2");
  for (const again of [parse, manifestParser("/app", { HSM_CACHE_DIR: folder.root })]) {
    const { packages } = await again({ shared: { ...SHARED, text } });
    assertEquals(packages.map((it) => it.pin), [{ tag: "1.10" }, { tag: "v2" }, undefined]);
  }
});

Deno.test("manifestParser() tells what is wrong each time, though the other file was kept", async () => {
  using folder = testFolder();
  const env = { HSM_CACHE_DIR: folder.root };
  await manifestParser("/app", env)({ shared: SHARED, local: LOCAL });
  const wrong = [
    { shared: { ...SHARED, text: `${SHARED.text}mod: dev\n` }, local: LOCAL },
    { shared: SHARED, local: { ...LOCAL, text: "packages:\n  my-plugn: { mode: dev }\n" } },
    { shared: SHARED, local: { ...LOCAL, text: "packages: [\n" } },
    // Neither file is wrong by itself.
    { shared: SHARED, local: { ...LOCAL, text: "packages:\n  my-plugin: { path: packages }\n" } },
  ];
  for (const files of [...wrong, ...wrong]) {
    const parse = manifestParser("/app", env);
    const error = await assertRejects(() => parse(files), HsmError);
    let expected: unknown;
    try {
      parseManifest(files);
    } catch (thrown) {
      expected = thrown;
    }
    assertEquals(error.code, "manifest-invalid");
    assertEquals(error.details, (expected as HsmError).details);
  }
  const parse = manifestParser("/app", env);
  const error = await assertRejects(() => parse(wrong[1]!), HsmError);
  assertStringIncludes(error.causes.join("\n"), "did you mean `my-plugin`?");
});
