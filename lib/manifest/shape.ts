/**
 * The shape of what is kept of a manifest file: enough to tell that what comes from the cache is of the right types. What
 * a manifest may say is for the schema alone, which takes longer to load than all else.
 *
 * @module
 */

import type { CheckedFile } from "./merge.ts";
import type { RawManifest, RawPackage } from "./schema.ts";
import { isTable } from "../table.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isMode: Check = (value) => value === "prod" || value === "dev";
const isInject: Check = (value) => value === "pyproject" || value === "environment";
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);

const PACKAGE: Readonly<Record<keyof RawPackage, Check>> = {
  git: isText,
  tag: isText,
  rev: isText,
  branch: isText,
  tag_prefix: isText,
  subdirectory: isText,
  extras: areTexts,
  group: isText,
  require: isFlag,
  mode: isMode,
  inject: isInject,
  path: isText,
  checkout: isText,
  submodules: isFlag,
  lfs: isFlag,
};

const MANIFEST: Readonly<Record<keyof RawManifest, Check>> = {
  adapter: isText,
  environment: isText,
  mode: isMode,
  inject: isInject,
  packages_dir: isText,
  filter: isText,
  verify: areTexts,
  git: isText,
  packages: (value) => value === null || (isTable(value) && Object.values(value).every(isEntry)),
};

/** Whether a value is what is kept of a manifest file. */
export function isCheckedFile(value: unknown): value is CheckedFile {
  return isTable(value) && areTexts(value["names"]) && hasShape(value["data"], MANIFEST);
}

function isEntry(value: unknown): boolean {
  return value === null || isText(value) || hasShape(value, PACKAGE);
}

function hasShape(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return isTable(value) &&
    Object.entries(value).every(([key, it]) => Object.hasOwn(checks, key) && checks[key]!(it));
}
