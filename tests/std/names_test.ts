import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { fromFileUrl, relative } from "@std/path";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** What each package of JSR gives at run time; what it gives beside that is types. */
const NAMES: Readonly<Record<string, string>> = {
  "@std/assert": "AssertionError assert assertAlmostEquals assertArrayIncludes assertEquals " +
    "assertExists assertFalse assertGreater assertGreaterOrEqual assertInstanceOf assertIsError " +
    "assertLess assertLessOrEqual assertMatch assertNotEquals assertNotInstanceOf assertNotMatch " +
    "assertNotStrictEquals assertObjectMatch assertRejects assertStrictEquals " +
    "assertStringIncludes assertThrows equal fail unimplemented unreachable",
  "@std/cli": "parseArgs promptSecret unicodeWidth",
  "@std/fs": "CRLF EOL LF copy copySync detect emptyDir emptyDirSync ensureDir ensureDirSync " +
    "ensureFile ensureFileSync ensureLink ensureLinkSync ensureSymlink ensureSymlinkSync exists " +
    "existsSync expandGlob expandGlobSync format move moveSync walk walkSync",
  "@std/path": "DELIMITER SEPARATOR SEPARATOR_PATTERN basename common dirname extname format " +
    "fromFileUrl globToRegExp isAbsolute isGlob join joinGlobs normalize normalizeGlob parse " +
    "relative resolve toFileUrl toNamespacedPath",
  "@std/text": "closestString compareSimilarity levenshteinDistance toCamelCase toKebabCase " +
    "toPascalCase toSnakeCase wordSimilaritySort",
  "@std/toml": "parse stringify",
  "@std/yaml": "YamlSyntaxError parse parseAll stringify",
};

/** The parts of packages that have an address of their own, as JSR has them, and the one name that each gives. */
const PARTS: Readonly<Record<string, string>> = {
  "@std/fs/ensure-dir": "ensureDir",
  "@std/fs/exists": "exists",
};

Deno.test("each @std name of deno.json gives nothing that JSR's package does not give", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(`${PROJECT}deno.json`));
  const specifiers = Object.keys(imports).filter((it) => it.startsWith("@std/"));
  assert(specifiers.length >= Object.keys(NAMES).length);
  const strange: string[] = [];
  for (const specifier of specifiers) {
    assert(imports[specifier].startsWith("./std/"), specifier);
    const names = (NAMES[specifier] ?? PARTS[specifier] ?? "").split(" ");
    const given = Object.keys(await import(specifier));
    strange.push(...given.filter((it) => !names.includes(it)).map((it) => `${specifier}: ${it}`));
  }
  assertEquals(strange, []);
});

Deno.test("nothing but deno.json knows that @std is in std/", async () => {
  const found: string[] = [];
  let count = 0;
  for await (const { path } of walk(PROJECT, { exts: ["ts"], skip: [/\/(?:\.git|dist)$/] })) {
    count++;
    const file = relative(PROJECT, path);
    if (file.startsWith("std/") || file.endsWith("names_test.ts")) continue;
    const text = await Deno.readTextFile(path);
    if (/(?:from|import\()\s*"(?:(?:\.\.?\/)+std\/|npm:)/.test(text)) found.push(file);
  }
  assert(count > 500);
  assertEquals(found, []);
});
