/**
 * Types of the sources as JSON Schema, descriptions included.
 *
 * @module
 */

import type { Declaration, Declarations, Literal, Members, Type } from "./declarations.ts";

/** As much of JSON Schema as the types need. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: "string" | "number" | "boolean" | "null" | "array" | "object";
  readonly enum?: readonly (string | number | boolean)[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Where a type stands, and what the type parameters there stand for. */
export interface Scope {
  readonly file: string;
  readonly params: ReadonlyMap<string, readonly [Type, Scope]>;
}

/** Makes schemas of types; each named type becomes one of its own, which others refer to. */
export class Shapes {
  /** The schemas of the named types. */
  readonly named = new Map<string, Schema>();
  readonly #files = new Map<string, string>();
  readonly #declarations: Declarations;

  /** Makes none yet. */
  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  /** The schema of a type. */
  of(type: Type, scope: Scope): Schema {
    const members = membersOf(type);
    if (members !== undefined) return this.#object(members, scope);
    switch (type.kind) {
      case "keyword":
        return keywordSchema(type.keyword!);
      case "literal":
        return { enum: [literalValue(type.literal!)] };
      case "array":
        return { type: "array", items: this.of(type.array!, scope) };
      case "union":
        return anyOf(type.union!.filter((it) => !isUndefined(it)).map((it) => this.of(it, scope)));
      case "intersection":
        return type.intersection!.map((it) => this.deref(this.of(it, scope))).reduce(merge);
      case "typeRef":
        return this.#reference(type.typeRef!, scope);
    }
    const inner = innerOf(type);
    if (inner === undefined) throw new Error(`${scope.file}: what is ${type.kind} ${type.repr}?`);
    return this.of(inner, scope);
  }

  /** The schema that a reference refers to. */
  deref(schema: Schema): Schema {
    const name = schema.$ref?.split("/").at(-1);
    return name === undefined ? schema : this.deref(this.named.get(name)!);
  }

  /** The types that a type is one of, each with what its own declaration says of it. */
  alternatives(type: Type, scope: Scope): readonly Schema[] {
    return this.#split(this.of(type, scope));
  }

  #split(schema: Schema): readonly Schema[] {
    const whole = this.deref(schema);
    return whole.anyOf?.flatMap((it) => this.#split(it)) ?? [whole];
  }

  #object({ properties = [], extends: parents = [] }: Members, scope: Scope): Schema {
    const own: Schema = {
      type: "object",
      properties: Object.fromEntries(
        properties.map((it) => [
          it.name,
          { ...this.of(it.tsType, scope), ...described(it) },
        ]),
      ),
      required: properties
        .filter((it) => !it.optional && !(it.tsType.union ?? [it.tsType]).some(isUndefined))
        .map((it) => it.name),
    };
    return [...parents.map((it) => this.deref(this.of(it, scope))), own].reduce(merge);
  }

  #reference({ typeName, typeParams }: NonNullable<Type["typeRef"]>, scope: Scope): Schema {
    const given = scope.params.get(typeName);
    if (given !== undefined) return this.of(...given);
    const [first, second] = typeParams ?? [];
    const whole = () => this.deref(this.of(first!, scope));
    switch (typeName) {
      case "Readonly":
        return this.of(first!, scope);
      case "ReadonlyArray":
        return { type: "array", items: this.of(first!, scope) };
      case "Record":
        return { type: "object", additionalProperties: this.of(second!, scope) };
      case "Partial":
        return { ...whole(), required: [] };
      case "Omit":
        return without(whole(), this.of(second!, scope).enum ?? []);
    }
    return this.#declared(this.#declarations.find(scope.file, typeName), typeParams ?? [], scope);
  }

  #declared(found: Declaration, args: readonly Type[], scope: Scope): Schema {
    const { name, location: { filename: file }, interfaceDef, typeAliasDef } = found;
    const { typeParams = [] } = interfaceDef ?? typeAliasDef!;
    const params = new Map(
      typeParams.map((it, index) => [it.name, [args[index]!, scope] as const]),
    );
    const make = () =>
      interfaceDef
        ? this.#object(interfaceDef, { file, params })
        : this.of(typeAliasDef!.tsType, { file, params });
    if (params.size > 0) return make();
    const other = this.#files.get(name);
    if (other !== undefined && other !== file) {
      throw new Error(`two types of documents are called ${name}: in ${other} and ${file}`);
    }
    if (other === undefined) {
      this.#files.set(name, file);
      // An alias has its own name and words for what it stands for.
      this.named.set(name, { ...this.deref(make()), title: name, ...described(found) });
    }
    return { $ref: `#/$defs/${name}` };
  }
}

function membersOf(type: Type): Members | undefined {
  return type.kind === "typeLiteral" ? type.typeLiteral : undefined;
}

function innerOf(type: Type): Type | undefined {
  return type.kind === "parenthesized" ? type.parenthesized : type.typeOperator?.tsType;
}

function isUndefined(type: Type): boolean {
  return type.kind === "keyword" && type.keyword === "undefined";
}

function keywordSchema(keyword: string): Schema {
  if (keyword === "unknown") return {};
  if (["string", "number", "boolean", "null"].includes(keyword)) {
    return { type: keyword as NonNullable<Schema["type"]> };
  }
  throw new Error(`no document can hold ${keyword}`);
}

function literalValue(literal: Literal): string | number | boolean {
  return literal.kind === "string"
    ? literal.string
    : literal.kind === "number"
    ? literal.number
    : literal.boolean;
}

/** One of several; of literals a list of them. */
function anyOf(schemas: readonly Schema[]): Schema {
  const values = schemas.flatMap((it) => it.enum ?? []);
  const others = schemas.filter((it) => it.enum === undefined);
  const all = values.length === 0 ? others : [{ enum: values }, ...others];
  return all.length === 1 ? all[0]! : { anyOf: all };
}

/** An object with what both have. */
function merge(a: Schema, b: Schema): Schema {
  if (a.anyOf !== undefined || b.anyOf !== undefined) {
    throw new Error("a document is one object and another, not one of several and another");
  }
  return {
    ...a,
    properties: { ...a.properties, ...b.properties },
    required: [...a.required ?? [], ...b.required ?? []],
  };
}

function without(schema: Schema, keys: readonly unknown[]): Schema {
  const left = (key: string) => !keys.includes(key);
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).filter(([key]) => left(key)),
    ),
    required: schema.required?.filter(left) ?? [],
  };
}

/** What its comment says of it, without the links of source code. */
function described({ jsDoc }: Pick<Declaration, "jsDoc">): Pick<Schema, "description"> {
  const text = jsDoc?.doc?.replace(/\{@link(?:code)? ([^}]*)\}/g, "`$1`").trim();
  return text === undefined ? {} : { description: text };
}
