/**
 * What a schema says of the options that it describes.
 *
 * @module
 */

import * as z from "../zod.ts";
import type { OptionFacts } from "../command.ts";
import { isPlain } from "../schema_kit.ts";

/** The options that a schema describes, in its order. */
export function optionFacts(schema: z.ZodMiniObject): readonly OptionFacts[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([key, property]): OptionFacts => {
    const facts = property as Record<string, unknown>;
    const items = facts["items"] as Record<string, unknown> | undefined;
    const values = (facts["enum"] ?? items?.["enum"]) as readonly string[] | undefined;
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const alias = facts["alias"] as string | undefined;
    const standsFor = facts["standsFor"] as string | undefined;
    const placeholder = facts["placeholder"] as string | undefined ??
      values?.join("|") ?? flag.toUpperCase();
    return {
      key,
      flag,
      ...(alias === undefined ? {} : { alias }),
      description: facts["description"] as string,
      ...(facts["type"] === "boolean" ? {} : { placeholder }),
      ...(values === undefined ? {} : { values }),
      many: facts["type"] === "array",
      required: required.includes(key),
      plain: isPlain(schema.shape[key]!),
      ...(standsFor === undefined ? {} : { standsFor }),
    };
  });
}
