/**
 * The links of Markdown documents.
 *
 * @module
 */

/** Code, which has none; a link or a picture; an attribute of a tag. */
const LINKS =
  /^ *```[^]*?^ *```$|`[^`\n]*`|\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)\)|\b(?:src|href)="(?<attribute>[^"]+)"/gm;

/** A link. */
export interface Link {
  /** What it is shown as; empty for a tag's. */
  readonly text: string;
  /** Where it leads, as it is written. */
  readonly target: string;
}

/** The links of a document, outside code. */
export function findLinks(markdown: string): readonly Link[] {
  return [...markdown.matchAll(LINKS)].flatMap(({ groups = {} }) => {
    const { text = "", target = groups["attribute"] } = groups;
    return target === undefined ? [] : { text, target };
  });
}

/** A document whose links lead elsewhere. */
export function mapLinks(markdown: string, to: (target: string) => string): string {
  return markdown.replace(LINKS, (all: string, ...rest) => {
    const { target, attribute = target } = rest.at(-1) as Record<string, string | undefined>;
    if (attribute === undefined) return all;
    const at = all.lastIndexOf(attribute);
    return all.slice(0, at) + to(attribute) + all.slice(at + attribute.length);
  });
}

/** Whether a link leads to another file or a place in one, and not to another host. */
export function isRelative(target: string): boolean {
  return !/^[a-z]+:/.test(target);
}
