/**
 * `deno task site`: the documents as a site, dist/site; `deno task site FOLDER` makes it elsewhere.
 *
 * @module
 */

import { ensureDir, move, walk } from "@std/fs";
import { dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import { parse, stringify } from "@std/toml";
import { findLinks, isRelative, mapLinks } from "./links.ts";
import { checkSiteLinks } from "./site_links.ts";
import { readWords } from "./words.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
/** The pages beside docs/. All lie in the site as in the repository, so that links between them stay as they are. */
const ABOVE = ["README.md", "CHANGELOG.md"];
/** The document that names all others, from which the navigation is made. */
const INDEX = "docs/README.md";

interface Config {
  readonly project: {
    readonly docs_dir: string;
    readonly extra: { readonly social: readonly [{ readonly link: string }] };
  };
}

const { folder: asked } = readWords("site");
const folder = resolve(asked ?? join(PROJECT, "dist/site"));
await ensureDir(dirname(folder));
const making = await Deno.makeTempDir({ dir: dirname(folder), prefix: ".site-" });
const site = join(making, "site");
try {
  await prepare();
  const isMade = await build() && await check();
  if (isMade) await move(site, folder, { overwrite: asked === undefined });
  else Deno.exitCode = 1;
} finally {
  await Deno.remove(making, { recursive: true });
}

/** Writes what the generator reads: its configuration, and the pages. */
async function prepare(): Promise<void> {
  const text = await Deno.readTextFile(`${PROJECT}tools/site/zensical.toml`);
  const config = parse(text) as unknown as Config;
  const [repository] = config.project.extra.social;
  const pages = join(making, config.project.docs_dir);
  const documents = await Array.fromAsync(walk(`${PROJECT}docs`, { includeDirs: false }));
  for (const path of [...ABOVE.map((it) => join(PROJECT, it)), ...documents.map((it) => it.path)]) {
    const copy = join(pages, relative(PROJECT, path));
    await ensureDir(dirname(copy));
    if (path.endsWith(".md")) {
      await Deno.writeTextFile(copy, await page(path, `${repository.link}/blob/main`));
    } else await Deno.copyFile(path, copy);
  }
  await Deno.copyFile(`${PROJECT}tools/site/style.css`, join(pages, "style.css"));
  const nav = navigation(await Deno.readTextFile(join(PROJECT, INDEX)));
  const all = { ...config, project: { ...config.project, nav } };
  await Deno.writeTextFile(join(making, "zensical.toml"), stringify(all));
}

/** A document, in which what the site has not got is linked to in the repository. */
async function page(path: string, repository: string): Promise<string> {
  const text = (await Deno.readTextFile(path))
    // The generator takes code in a table as it stands, where forges want a backslash before each bar.
    .replace(/^\|.*/gm, (row) => row.replace(/`[^`]*`/g, (code) => code.replaceAll("\\|", "|")));
  return mapLinks(text, (target) => {
    const to = relative(PROJECT, join(dirname(path), target));
    const isHere = [...ABOVE, "docs"].includes(to.split(/[/#]/, 1)[0]!);
    const isOwn = isHere || target.startsWith("#") || !isRelative(target);
    return isOwn ? target : `${repository}/${to}`;
  });
}

/** The links and headings of the document that names all others: what pages and groups of them are called, in their order. */
function navigation(index: string): readonly unknown[] {
  const [first = "", ...sections] = index.split(/^## /m);
  const pages = (text: string) =>
    findLinks(text).map((it) => ({ [it.text]: join(dirname(INDEX), it.target) }));
  return [...pages(first), ...sections.map((it) => ({ [it.split("\n", 1)[0]!]: pages(it) }))];
}

/** Runs the generator, which uv gets from PyPI; whether it succeeded. */
async function build(): Promise<boolean> {
  const versions = ["--python=>=3.11", `--constraints=${PROJECT}tools/site/requirements.txt`];
  const { success, stdout, stderr } = await new Deno.Command("uv", {
    args: ["tool", "run", "--quiet", ...versions, "zensical", "build"],
    cwd: making,
  }).output();
  if (!success) { for (const text of [stdout, stderr]) await Deno.stderr.write(text); }
  return success;
}

/** Says how many links there are, or which ones lead nowhere; whether there is none of these. */
async function check(): Promise<boolean> {
  const { pages, links, broken } = await checkSiteLinks(site);
  for (const link of broken) console.error(`leads nowhere: ${link}`);
  if (broken.length > 0) return false;
  console.log(`made ${folder}: ${pages} pages, ${links} links that lead somewhere`);
  return true;
}
