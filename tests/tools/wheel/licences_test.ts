import { assertEquals, assertRejects } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, fromFileUrl, join } from "@std/path";
import {
  licenceExpression,
  licenceOf,
  licencesInside,
  packagesInside,
} from "../../../tools/wheel/licences.ts";

Deno.test("packagesInside are the packages of the modules, and what these need, not all that is locked", () => {
  const locked = (name: string, version: string, ...dependencies: string[]) => ({
    ...{ name, version, dependencies, registryUrl: "https://npm.example.com:8080/all/" },
  });
  const graph = {
    modules: [{ kind: "esm" }, { kind: "npm", npmPackage: "a@1.0.0_b@2.0.0" }],
    npmPackages: {
      "a@1.0.0_b@2.0.0": locked("a", "1.0.0", "@s/b@2.0.0"),
      "@s/b@2.0.0": locked("@s/b", "2.0.0", "a@1.0.0_b@2.0.0"),
      "c@3.0.0": locked("c", "3.0.0"),
    },
  };
  assertEquals(packagesInside(graph, "/cache"), [
    { name: "@s/b", version: "2.0.0", folder: "/cache/npm.example.com_8080/all/@s/b/2.0.0" },
    { name: "a", version: "1.0.0", folder: "/cache/npm.example.com_8080/all/a/1.0.0" },
  ]);
});

Deno.test("licenceOf takes every text that a package brings, and fails where there is none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "hsm-test-" });
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      await ensureDir(dirname(join(folder, path)));
      await Deno.writeTextFile(join(folder, path), text);
    }
  };
  const of = (name: string) => licenceOf({ name, version: "1.0.0", folder: join(folder, name) });
  try {
    await write({
      "a/package.json": '{ "license": "MIT OR ISC" }',
      "a/licence.md": "one",
      "a/LICENSE-ISC": "two",
      "a/NOTICE": "three",
      "a/index.js": "",
      "b/package.json": '{ "license": "MIT" }',
      "c/package.json": "{}",
      "c/LICENSE": "",
    });
    const { identifier, texts, of: whose } = await of("a");
    const words = [...texts].map(([file, it]) => [file, new TextDecoder().decode(it)]);
    assertEquals([whose, identifier, words], [
      "npm/a-1.0.0",
      "MIT OR ISC",
      [["LICENSE-ISC", "two"], ["NOTICE", "three"], ["licence.md", "one"]],
    ]);
    assertEquals(
      (await assertRejects(() => of("b"), Error)).message,
      `Cannot find the text of the licence of b 1.0.0 in ${folder}/b`,
    );
    assertEquals(
      (await assertRejects(() => of("c"), Error)).message,
      "Cannot tell the licence of c 1.0.0: its package.json names none",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("licencesInside are those of Deno and of all that the executable is made of", async () => {
  const cli = fromFileUrl(new URL("../../../cli.ts", import.meta.url));
  const licences = await licencesInside(cli);
  assertEquals(
    licences.map((it) => it.of.replace(/-[\d.]+$/, "")),
    [
      "deno",
      "npm/@dagrejs/dagre",
      "npm/@dagrejs/graphlib",
      "npm/@renovatebot/pep440",
      "npm/@types/ini",
      "npm/dax",
      "npm/deno-std",
      "npm/diff",
      "npm/eslint-visitor-keys",
      "npm/fast-string-truncated-width",
      "npm/fast-string-width",
      "npm/ini",
      "npm/jsonc-parser",
      "npm/smol-toml",
      "npm/toml-eslint-parser",
      "npm/undici-types",
      "npm/yaml",
      "npm/zod",
    ],
  );
  for (const { of, texts } of licences) {
    for (const [file, text] of texts) assertEquals(text.length > 150, true, `${of}/${file}`);
  }
  assertEquals(
    licenceExpression("MIT", licences),
    "MIT AND Apache-2.0 AND BSD-3-Clause AND ISC",
  );
});

Deno.test("licenceExpression puts together what has alternatives", () => {
  const licences = ["ISC", "MIT", "Apache-2.0 OR MIT", "ISC"].map((identifier) => ({
    ...{ of: "a", identifier, texts: new Map() },
  }));
  assertEquals(licenceExpression("MIT", licences), "MIT AND (Apache-2.0 OR MIT) AND ISC");
});
