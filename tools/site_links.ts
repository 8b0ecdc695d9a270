/**
 * Whether every link of a site leads somewhere: to a file of it, and to an anchor that is there.
 *
 * @module
 */

import { walk } from "@std/fs";
import { relative } from "@std/path";

/** What looking at all links of a site came to. */
export interface CheckedLinks {
  /** How many pages there are. */
  readonly pages: number;
  /** How many links of theirs stay in the site. */
  readonly links: number;
  /** Those that lead nowhere, as `page: target`, sorted. */
  readonly broken: readonly string[];
}

/** Where the site would be. */
const HERE = "http://site/";

/** Looks at all links of the built pages in a folder. */
export async function checkSiteLinks(folder: string): Promise<CheckedLinks> {
  const files = await Array.fromAsync(walk(folder, { includeDirs: false }));
  const paths = new Set(files.map(({ path }) => relative(folder, path).replaceAll("\\", "/")));
  const pages = new Map<string, string>();
  for (const path of paths) {
    if (path.endsWith(".html")) pages.set(path, await Deno.readTextFile(`${folder}/${path}`));
  }
  const anchors = new Map([...pages].map(([path, html]) => [path, attributes(html, "id|name")]));
  const broken: string[] = [];
  let links = 0;
  for (const [page, html] of pages) {
    for (const target of attributes(html, "href|src")) {
      const { origin, pathname, hash } = new URL(target, new URL(page, HERE));
      if (`${origin}/` !== HERE) continue;
      links++;
      const file = decodeURIComponent(pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
      const anchor = decodeURIComponent(hash.slice(1));
      if (paths.has(file) && (anchor === "" || anchors.get(file)?.has(anchor))) continue;
      broken.push(`${page}: ${target}`);
    }
  }
  return { pages: pages.size, links, broken: broken.sort() };
}

/** The different values of attributes; what scripts hold are none. */
function attributes(html: string, names: string): ReadonlySet<string> {
  const markup = html.replace(/<script\b[^>]*>[^]*?<\/script>/g, (all) => all.split(">", 1)[0]!);
  const found = markup.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, "g"));
  return new Set([...found].map(([, value = ""]) => value.replaceAll("&amp;", "&")));
}
