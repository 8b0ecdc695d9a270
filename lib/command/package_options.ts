/**
 * The options of commands that are about packages.
 *
 * @module
 */

import type { InjectInto } from "../manifest/model.ts";
import { filterProblem } from "../manifest/rules.ts";
import type { Option } from "./option.ts";
import { choice, packages } from "./options.ts";
import { ALL } from "../packages/select.ts";

/** Package names, as positional arguments, and `--all` beside them. */
export function packageOptions(description: string, all?: string) {
  return { packages: packages(description), all: allPackages(all) };
}

/** `--all`, beside package names. */
export function allPackages(description = "All packages"): Option<boolean | undefined> {
  return { description, standsFor: ALL };
}

/** `--inject`, for commands that use checkouts. */
export function injectChoice(): Option<InjectInto | undefined> {
  return choice(
    "Have the checkouts in the app's files, or in the environment alone, where git sees no change",
    ["pyproject", "environment"],
  );
}

/** `--filter`, for commands that clone. */
export function objectFilter(): Option<string | undefined> {
  return {
    description:
      "Clone without the objects that FILTER leaves out (blob:none), fetched when needed",
    placeholder: "FILTER",
    completes: [
      { value: "blob:none", description: "without the contents of files" },
      { value: "blob:limit=1m", description: "without files above this size" },
      { value: "tree:0", description: "without folders, too" },
    ],
    read: (it) =>
      filterProblem(it) === undefined
        ? it
        : { expected: "`blob:none`, `tree:0` or `blob:limit=SIZE`" },
  };
}
