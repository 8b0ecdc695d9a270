/**
 * What runs on other people's machines: action.yml, workflows, and those that documents show.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { parse } from "yaml";

/** The folder of this project. */
export const PROJECT: string = fromFileUrl(new URL("../..", import.meta.url));

/** The data of a YAML file. */
// deno-lint-ignore no-explicit-any
export async function readYaml(path: string): Promise<any> {
  return parse(await Deno.readTextFile(path));
}
