import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { walk } from "@std/fs";
import { makeTemporary } from "../lib/files/make_temporary.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** An import, static or dynamic, of values or of types alone, between files relative to the root. */
interface Import {
  readonly from: string;
  readonly to: string;
}

/** What holds of the imports: each rule gives those that it forbids. */
const RULES: Readonly<Record<string, (imports: readonly Import[]) => readonly Import[]>> = {
  "no file is in a circle": (imports) => {
    // Whatever imports nothing, or nothing that is left, is in none.
    const importing = new Set(imports.map((it) => it.from));
    const left = imports.filter((it) => importing.has(it.to));
    if (left.length < imports.length) return RULES["no file is in a circle"]!(left);
    const way: Import[] = [];
    for (let next = left[0]; next !== undefined && !way.includes(next);) {
      way.push(next);
      const { to } = next;
      next = left.find((it) => it.from === to);
    }
    return way.slice(way.findIndex((it) => it.from === way.at(-1)?.to));
  },
  "no two folders import each other": (imports) => {
    const between = Map.groupBy(imports, (it) => `${placeOf(it.from)} ${placeOf(it.to)}`);
    // Where few go the other way, these are the ones to look at.
    return imports.filter(({ from, to }) => {
      const [here, there] = [placeOf(from), placeOf(to)];
      const back = between.get(`${there} ${here}`)?.length ?? 0;
      return here !== there && between.get(`${here} ${there}`)!.length <= back;
    });
  },
  "lib/ imports nothing of tasks/": (imports) =>
    imports.filter(({ from, to }) => from.startsWith("lib/") && to.startsWith("tasks/")),
  "tasks/NAME/ imports nothing of tasks/ but its own": (imports) =>
    imports.filter(({ from, to }) => {
      const [, own] = /^(tasks\/[^/]+\/)/.exec(from) ?? [];
      return own !== undefined && to.startsWith("tasks/") && !to.startsWith(own);
    }),
  "nobody imports cli.ts or mod.ts": (imports) =>
    imports.filter(({ to }) => to === "cli.ts" || to === "mod.ts"),
};

/** The folder of a file; one that lies in lib/ or std/ itself, or in the root, stands for itself. */
function placeOf(file: string): string {
  const folder = dirname(file);
  return ["lib", "std", "."].includes(folder) ? file : folder;
}

/** A file's graph as Deno tells it (`deno info --json`). */
interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** The imports of all files, as Deno itself finds them, in each other. */
async function readImports(): Promise<readonly Import[]> {
  const files = [join(ROOT, "cli.ts"), join(ROOT, "mod.ts")];
  for (const folder of ["lib", "tasks", "std"]) {
    for await (const { path } of walk(join(ROOT, folder), { includeDirs: false, exts: ["ts"] })) {
      files.push(path);
    }
  }
  await using folder = await makeTemporary("hsm-test-imports-");
  const all = join(folder.path, "all.ts");
  await Deno.writeTextFile(all, files.map((it) => `import "${toFileUrl(it)}";\n`).join(""));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", join(ROOT, "deno.json"), all],
    env: { DENO_TLS_CA_STORE: "system,mozilla" },
    stderr: "inherit",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as Graph;
  const own = new Map(files.map((it) => [toFileUrl(it).href, it.slice(ROOT.length)]));
  return modules.flatMap(({ specifier, dependencies = [] }) => {
    const from = own.get(specifier);
    const to = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
      .flatMap((it) => own.get(it ?? "") ?? []);
    return from === undefined ? [] : [...new Set(to)].map((it) => ({ from, to: it }));
  });
}

const imports = await readImports();

for (const [rule, forbiddenBy] of Object.entries(RULES)) {
  Deno.test(`imports go one way: ${rule}`, () => {
    const wrong = forbiddenBy(imports).map(({ from, to }) => `${from} imports ${to}`);
    assertEquals(wrong, [], `${rule}; these imports are wrong:\n${wrong.join("\n")}`);
  });
}

Deno.test("all imports are seen, those of types and those at the time included", () => {
  const seen = new Set(imports.map(({ from, to }) => `${from} ${to}`));
  assert(seen.has("lib/git/read_repository.ts lib/transaction/repository_state.ts"), "of types");
  assert(seen.has("lib/workspace/open.ts lib/transaction/recover.ts"), "at the time");
  assert(seen.has("lib/platform/paths.ts std/path.ts"), "by a name of deno.json's");
});
