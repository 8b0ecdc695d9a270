/**
 * What runs on other people's machines: action.yml, workflows, and those that documents show.
 *
 * @module
 */

import { walk } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { parse } from "yaml";
import { readBlocks } from "./steps.ts";

/** The folder of this project. */
export const PROJECT: string = fromFileUrl(new URL("../..", import.meta.url));

/** What a server reads: a file of this project, or what a document shows of one. */
export interface CiFile {
  /** Its place in this project; of what a document shows, with the line. */
  readonly place: string;
  /** Whether the place is that of a block in a document. */
  readonly shown: boolean;
  /** What it says. */
  readonly text: string;
  /** The name of its schema. */
  readonly schema: "github-actions" | "github-workflows" | "gitlab-ci" | "renovate";
}

/** All of them. */
export async function ciFiles(): Promise<readonly CiFile[]> {
  const read = async (place: string, schema: CiFile["schema"]) => {
    const text = await Deno.readTextFile(join(PROJECT, place));
    return { place, shown: false, text, schema };
  };
  const workflows = await filesIn(".github/workflows");
  const documents = ["README.md", ...await filesIn("docs", "md")];
  return [
    await read("action.yml", "github-actions"),
    ...await Promise.all(workflows.map((it) => read(it, "github-workflows"))),
    ...(await Promise.all(documents.map(shownFiles))).flat(),
  ];
}

/** The files in a folder of this project and below, by their places in it. */
export async function filesIn(folder: string, ...exts: string[]): Promise<readonly string[]> {
  const options = { includeDirs: false, ...(exts.length > 0 ? { exts } : {}) };
  const files = await Array.fromAsync(walk(join(PROJECT, folder), options));
  return files.map(({ path }) => relative(PROJECT, path)).sort();
}

async function shownFiles(document: string): Promise<readonly CiFile[]> {
  const blocks = readBlocks(await Deno.readTextFile(join(PROJECT, document)));
  return blocks.flatMap(({ line, language, lines }) => {
    const text = `${lines.join("\n")}\n`;
    const schema = schemaOf(language, text);
    return schema === undefined
      ? []
      : [{ place: `${document}:${line}`, shown: true, text, schema }];
  });
}

function schemaOf(language: string, text: string): CiFile["schema"] | undefined {
  if (language === "json") return /"customManagers"/.test(text) ? "renovate" : undefined;
  if (language !== "yaml") return undefined;
  if (text.startsWith("# .gitlab-ci.yml\n")) return "gitlab-ci";
  return /^jobs:/m.test(text) ? "github-workflows" : undefined;
}

/** The data of a YAML file. */
// deno-lint-ignore no-explicit-any
export async function readYaml(path: string): Promise<any> {
  return parse(await Deno.readTextFile(path));
}
