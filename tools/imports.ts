/**
 * Who imports whom, as Deno itself finds it.
 *
 * @module
 */

import { fromFileUrl, join, toFileUrl } from "@std/path";
import { walk } from "@std/fs";
import { makeTemporary } from "../lib/files/make_temporary.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** An import, static or dynamic, of values or of types alone, between files relative to the root. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The files of the program, and their imports of each other. */
export interface Imports {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
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

/** Asks Deno, which looks at no package for it and so needs neither network nor cache. */
export async function readImports(): Promise<Imports> {
  const files = ["cli.ts", "mod.ts"];
  for (const folder of ["api", "lib", "tasks", "std"]) {
    for await (const { path } of walk(join(ROOT, folder), { includeDirs: false, exts: ["ts"] })) {
      files.push(path.slice(ROOT.length).replaceAll("\\", "/"));
    }
  }
  files.sort();
  const urlOf = (file: string) => toFileUrl(join(ROOT, file)).href;
  await using folder = await makeTemporary("hsm-imports-");
  const all = join(folder.path, "all.ts");
  await Deno.writeTextFile(all, files.map((it) => `import "${urlOf(it)}";\n`).join(""));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-npm", "--no-remote", `--config=${join(ROOT, "deno.json")}`, all],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("`deno info` failed");
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as Graph;
  const own = new Map(files.map((it) => [urlOf(it), it]));
  const imports = modules.flatMap(({ specifier, dependencies = [] }) => {
    const from = own.get(specifier);
    const to = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
      .flatMap((it) => own.get(it ?? "") ?? []);
    return from === undefined ? [] : [...new Set(to)].map((it) => ({ from, to: it }));
  });
  return { files, imports };
}

/**
 * The room of the program that a file is in: its folder in lib/, whatever folder in that it lies in; `lib/` for what lies
 * there itself; else the folder at the top, or the file that lies there.
 */
export function roomOf(file: string): string {
  const [top, name, ...inside] = file.split("/");
  if (name === undefined) return file;
  return top === "lib" && inside.length > 0 ? `lib/${name}/` : `${top}/`;
}

/** The imports that lead from one room to another, each once. */
export function betweenRooms(imports: readonly Import[]): readonly Import[] {
  const led = imports.map(({ from, to }) => ({ from: roomOf(from), to: roomOf(to) }))
    .filter(({ from, to }) => from !== to);
  return [...new Map(led.map((it) => [`${it.from} ${it.to}`, it])).values()];
}

/** A way around that the imports allow; none where they lead one way only. */
export function findCircle(imports: readonly Import[]): readonly Import[] {
  // Whatever imports nothing, or nothing that is left, is in none.
  const importing = new Set(imports.map((it) => it.from));
  const left = imports.filter((it) => importing.has(it.to));
  if (left.length < imports.length) return findCircle(left);
  const way: Import[] = [];
  for (let next = left[0]; next !== undefined && !way.includes(next);) {
    way.push(next);
    const { to } = next;
    next = left.find((it) => it.from === to);
  }
  return way.slice(way.findIndex((it) => it.from === way.at(-1)?.to));
}
