/**
 * What the schemas of commands' options are made of. Commands are handed it, and do not import it: most command lines
 * are understood without a schema, and zod takes longer to load than to do its work.
 *
 * @module
 */

import * as z from "./zod.ts";
import { filterProblem } from "./manifest/rules.ts";
import { ALL } from "./packages/select.ts";

/** A schema for options that may be left out. */
type Optional<Schema extends z.core.SomeType> = z.ZodMiniOptional<Schema>;

/** Schemas that let every value of their kind through. */
const plain = new WeakSet<object>();

function markPlain<Schema extends object>(schema: Schema): Schema {
  plain.add(schema);
  return schema;
}

/** Whether a schema lets every value of its kind through, so that there is nothing to validate. */
export function isPlain(schema: object): boolean {
  return plain.has(schema);
}

/** What the schemas of commands' options are made of. */
export interface SchemaKit {
  /** zod. */
  readonly z: typeof z;
  /** A switch: `--NAME`. */
  flag(description: string, alias?: string): Optional<z.ZodMiniBoolean>;
  /** An option with a value. */
  text(description: string, placeholder: string, alias?: string): Optional<z.ZodMiniString>;
  /** An option with a value that may stand several times, or positional arguments. */
  texts(description: string, placeholder: string): Optional<z.ZodMiniArray<z.ZodMiniString>>;
  /** Positional arguments of which the command needs at least one. */
  words(description: string, placeholder: string): z.ZodMiniArray<z.ZodMiniString>;
  /** Package names, as positional arguments. */
  packageNames(description: string): Optional<z.ZodMiniArray<z.ZodMiniString>>;
  /** `--all`, beside package names. */
  allPackages(description?: string): Optional<z.ZodMiniBoolean>;
  /** `--filter`, for commands that clone. */
  objectFilter(): Optional<z.ZodMiniString>;
}

/** The one kit. */
export const schemaKit: SchemaKit = {
  z,
  flag: (description, alias) =>
    markPlain(z.optional(z.boolean()).check(z.meta({ description, ...(alias ? { alias } : {}) }))),
  text: (description, placeholder, alias) =>
    markPlain(
      z.optional(z.string()).check(
        z.meta({ description, placeholder, ...(alias ? { alias } : {}) }),
      ),
    ),
  texts: (description, placeholder) =>
    markPlain(z.optional(z.array(z.string())).check(z.meta({ description, placeholder }))),
  words: (description, placeholder) =>
    markPlain(z.array(z.string()).check(z.minLength(1), z.meta({ description, placeholder }))),
  packageNames: (description) => schemaKit.texts(description, "NAME"),
  allPackages: (description = "All packages") =>
    markPlain(z.optional(z.boolean()).check(z.meta({ description, standsFor: ALL }))),
  objectFilter: () =>
    z.optional(
      z.string().check(
        z.refine((it) => filterProblem(it) === undefined, {
          error: "expected `blob:none`, `tree:0` or `blob:limit=SIZE`",
        }),
      ),
    ).check(
      z.meta({
        description:
          "Clone without the objects that FILTER leaves out (blob:none), fetched when needed",
        placeholder: "FILTER",
      }),
    ),
};
