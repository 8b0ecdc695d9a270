/**
 * What HSM uses of zod, name by name: handed on as a whole, zod would come with its messages in fifty languages, six
 * times as large.
 *
 * @module
 */

export {
  array,
  boolean,
  enum,
  maxLength,
  meta,
  null,
  optional,
  record,
  regex,
  strictObject,
  string,
  toJSONSchema,
  union,
} from "zod/mini";
export type { core, infer } from "zod/mini";
