/**
 * The types of the sources, as `deno doc` knows them: exported ones and others, each with its description.
 *
 * @module
 */

import { walk } from "@std/fs";
import { fromFileUrl } from "@std/path";

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

/** A declaration in a file. */
export interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly jsDoc?: { readonly doc?: string };
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
  const project = fromFileUrl(new URL("../", import.meta.url));
  const files: string[] = [];
  for (const folder of folders) {
    for await (
      const { path } of walk(`${project}${folder}`, { exts: ["ts"], skip: [/\.d\.ts$/] })
    ) {
      files.push(path);
    }
  }
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "--private", "--quiet", ...files.sort()],
    cwd: project,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`\`deno doc\` failed: ${text(stderr)}`);
  const { version, nodes } = JSON.parse(text(stdout), typeOfVersion1);
  return new Declarations(version === 1 ? nodes : nodesOfVersion1(nodes));
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

/** A type of theirs likewise, which has its content under `value`. */
function typeOfVersion1(_: string, it: unknown): unknown {
  const isNew = typeof it === "object" && it !== null && "kind" in it && "value" in it;
  return isNew ? { ...it, [String(it.kind)]: it.value } : it;
}
