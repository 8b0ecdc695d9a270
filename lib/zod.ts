/**
 * What HSM uses of zod, name by name: handed on as a whole, zod would come with its messages in fifty languages, six
 * times as large.
 *
 * @module
 */

export {
  array,
  boolean,
  coerce,
  enum,
  extend,
  int,
  maxLength,
  meta,
  minimum,
  minLength,
  null,
  object,
  optional,
  record,
  refine,
  regex,
  safeParse,
  strictObject,
  string,
  toJSONSchema,
  union,
} from "zod/mini";
export type {
  core,
  infer,
  output,
  ZodMiniArray,
  ZodMiniBoolean,
  ZodMiniObject,
  ZodMiniOptional,
  ZodMiniString,
} from "zod/mini";
