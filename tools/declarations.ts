/**
 * The types of the sources, as `deno doc` knows them: exported ones and others, each with its description.
 *
 * @module
 */

import { walk } from "@std/fs";
import { fromFileUrl } from "@std/path";

const PROJECT = fromFileUrl(new URL("../", import.meta.url));

/** A type, as it is written. */
export interface Type {
  readonly kind: string;
  readonly repr?: string;
  readonly keyword?: string;
  readonly literal?: Literal;
  readonly array?: Type;
  readonly parenthesized?: Type;
  readonly typeOperator?: { readonly operator: string; readonly tsType: Type };
  readonly union?: readonly Type[];
  readonly intersection?: readonly Type[];
  readonly typeLiteral?: Members;
  readonly typeRef?: { readonly typeName: string; readonly typeParams: readonly Type[] | null };
}

/** A literal type. */
export type Literal =
  | { readonly kind: "string"; readonly string: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "boolean"; readonly boolean: boolean };

/** What an object type has. */
export interface Members {
  readonly properties?: readonly Property[];
  readonly extends?: readonly Type[];
}

/** A property of an object type. */
export interface Property {
  readonly name: string;
  readonly optional?: boolean;
  readonly tsType: Type;
  readonly jsDoc?: { readonly doc?: string };
}

/** What may have type parameters. */
interface Parametric {
  readonly typeParams?: readonly { readonly name: string }[];
}

/** A tag of a docstring, such as `@example`. */
export interface DocTag {
  readonly kind: string;
  readonly type?: string;
  readonly doc?: string;
}

/** A declaration in a file. */
export interface Declaration {
  readonly name: string;
  readonly kind: string;
  /** Whether it is exported; a newer Deno says nothing of imports. */
  readonly declarationKind?: "export" | "declare" | "private";
  readonly location: { readonly filename: string };
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly DocTag[] };
  readonly importDef?: { readonly src: string; readonly imported?: string };
  readonly interfaceDef?: Members & Parametric;
  readonly typeAliasDef?: Parametric & { readonly tsType: Type };
  readonly variableDef?: { readonly tsType?: Type };
}

const KINDS: readonly string[] = ["import", "interface", "typeAlias", "variable"];

/** Finds declarations by file and name; what a file imports, it has. */
export class Declarations {
  readonly #all = new Map<string, Declaration>();

  /** Takes what `deno doc --json --private` says. */
  constructor(nodes: readonly Declaration[]) {
    for (const it of nodes) {
      if (KINDS.includes(it.kind)) this.#all.set(keyOf(it.location.filename, it.name), it);
    }
  }

  /** The declaration of a name, as seen from a file. */
  find(file: string, name: string): Declaration {
    const found = this.#all.get(keyOf(file, name));
    if (found === undefined) throw new Error(`there is no type ${name} in ${file}`);
    const { importDef } = found;
    return importDef === undefined ? found : this.find(importDef.src, importDef.imported ?? name);
  }

  /** The constants of that name. */
  variables(name: string): readonly Declaration[] {
    return [...this.#all.values()].filter((it) => it.kind === "variable" && it.name === name);
  }
}

function keyOf(file: string, name: string): string {
  return JSON.stringify([file, name]);
}

/** Reads the declarations of all sources below folders of the project. */
export async function readDeclarations(...folders: readonly string[]): Promise<Declarations> {
  const files: string[] = [];
  for (const folder of folders) {
    for await (
      const { path } of walk(`${PROJECT}${folder}`, { exts: ["ts"], skip: [/\.d\.ts$/] })
    ) {
      files.push(path);
    }
  }
  return new Declarations(await readDoc("--private", ...files.sort()));
}

/** What `deno doc --json` says of files, or of what they export; in the form of the older Denos (2.6). */
export async function readDoc(...args: readonly string[]): Promise<readonly Declaration[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "--quiet", ...args],
    cwd: PROJECT,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`\`deno doc\` failed: ${text(stderr)}`);
  const { version, nodes } = JSON.parse(text(stdout), typeOfVersion1);
  return version === 1 ? nodes : nodesOfVersion1(nodes);
}

/** What newer Denos (2.9) say of a file. */
interface FileNodes {
  readonly imports?: readonly {
    readonly importedName: string;
    readonly originalName?: string;
    readonly src: string;
  }[];
  readonly symbols?: readonly {
    readonly name: string;
    readonly declarations: readonly (Omit<Declaration, "name"> & { readonly def: unknown })[];
  }[];
}

/** Their declarations in the form of the older ones (2.6). */
function nodesOfVersion1(files: Readonly<Record<string, FileNodes>>): readonly Declaration[] {
  return Object.entries(files).flatMap(([filename, { imports = [], symbols = [] }]) => [
    ...imports.map(({ importedName: name, originalName: imported, src }) => ({
      name,
      kind: "import",
      location: { filename },
      importDef: { src, ...(imported === undefined ? {} : { imported }) },
    })),
    ...symbols.flatMap(({ name, declarations }) =>
      declarations.map(({ def, ...it }) => ({ ...it, name, [`${it.kind}Def`]: def }))
    ),
  ]);
}

/** A type of theirs likewise, which has its content under `value`, and a tag that says what is thrown. */
function typeOfVersion1(_: string, it: unknown): unknown {
  if (typeof it !== "object" || it === null || !("kind" in it)) return it;
  if ("value" in it) return { ...it, [String(it.kind)]: it.value };
  const isThrown = it.kind === "throws" && "tsType" in it;
  return isThrown ? { ...it, type: (it.tsType as Type).repr } : it;
}
