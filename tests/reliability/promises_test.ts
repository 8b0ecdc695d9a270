import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** The tests that docs/reliability.md names: file and name. */
async function promisedTests(): Promise<readonly (readonly [string, string])[]> {
  const text = await Deno.readTextFile(`${ROOT}docs/reliability.md`);
  const items = text.split(/\n(?=- |\n)/).map((item) => item.replace(/\s+/g, " ").trim());
  return items.flatMap((item) => {
    const [, file, name] = /`(tests\/\S+)` › (.+)$/.exec(item) ?? [];
    return file === undefined || name === undefined ? [] : [[file, name] as const];
  });
}

/** Patterns for the names of the tests in a file; what a template fills in may be anything. */
async function testNames(file: string): Promise<readonly RegExp[]> {
  const text = await Deno.readTextFile(`${ROOT}${file}`);
  const literals = text.matchAll(
    /(?:(?:Deno\.test|lfsTest)\(|\bname: )\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  );
  return [...literals].map(([, plain, template = ""]) => {
    const parts = plain === undefined ? template.split(/\$\{[^}]*\}/) : [plain];
    return new RegExp(`^${parts.map((it) => RegExp.escape(it)).join(".+")}$`);
  });
}

Deno.test("every test that docs/reliability.md names exists", async () => {
  const promised = await promisedTests();
  assert(promised.length > 50, `${promised.length} tests are named`);
  const missing = [];
  for (const [file, name] of promised) {
    const names = await testNames(file);
    // The formatter of Markdown may escape a character.
    const plain = name.replace(/\\([\\`*_[\]<>])/g, "$1");
    if (!names.some((it) => it.test(plain))) missing.push(`${file} › ${plain}`);
  }
  assertEquals(missing, []);
});

Deno.test("every test of tests/reliability and tests/faults is in use", async () => {
  const promised = new Set((await promisedTests()).map(([file]) => file));
  const unnamed = [];
  for (const folder of ["tests/reliability", "tests/faults", "tests/faults/commands"]) {
    for await (const { name } of Deno.readDir(`${ROOT}${folder}`)) {
      const file = `${folder}/${name}`;
      const own = ["promises_test.ts", "total_test.ts"].includes(name);
      if (name.endsWith("_test.ts") && !own && !promised.has(file)) unnamed.push(file);
    }
  }
  assertEquals(unnamed, []);
});
