/**
 * What Hatch is told in pyproject.toml and hatch.toml.
 *
 * @module
 */

import { type Document, peekDocument } from "../../project/document.ts";
import { isTable, type Table, tableOf, textOf, textsOf } from "../../table.ts";
import type { AppFiles } from "../adapter.ts";

/** Where Hatch is told of its environments. */
export interface HatchPlace {
  /** The file, relative to the root. */
  readonly file: string;
  /** The keys that lead to Hatch's settings in it. */
  readonly keys: readonly string[];
}

/** Both places; what stands at the top of the first one counts, whole, whatever the second one says of it. */
export const HATCH_PLACES: readonly [HatchPlace, HatchPlace] = [
  { file: "hatch.toml", keys: [] },
  { file: "pyproject.toml", keys: ["tool", "hatch"] },
];

/** The name of the environment that Hatch uses where none is named. */
export const DEFAULT = "default";

/** The settings of Hatch's in an app. */
export class HatchSettings {
  readonly #documents: readonly { readonly place: HatchPlace; readonly document: Document }[];

  /** Use {@linkcode readHatchSettings}. */
  constructor(documents: readonly { readonly place: HatchPlace; readonly document: Document }[]) {
    this.#documents = documents;
  }

  /** Whether there is a pyproject.toml, without which Hatch installs no app. */
  get hasProject(): boolean {
    return this.#documents.some(({ place }) => place === HATCH_PLACES[1]);
  }

  /** Where the environments stand, or would: who has a hatch.toml keeps Hatch's settings there. */
  get place(): HatchPlace {
    const places = this.#documents.map((it) => it.place);
    return this.#placeOf("envs") ?? places[0] ?? HATCH_PLACES[1];
  }

  /** A setting that is not of one environment. */
  value(key: string): unknown {
    const place = this.#placeOf(key);
    return this.#documents.find((it) => it.place === place)?.document
      .value([...place!.keys, key]);
  }

  /** What the default environment itself says. */
  get own(): Table {
    return this.#environment(DEFAULT);
  }

  /** What holds for the default environment: what it does not say itself its template may say. */
  effective(key: string): unknown {
    const seen = new Set<string>();
    for (let name = DEFAULT; !seen.has(name);) {
      seen.add(name);
      const table = this.#environment(name);
      const isDetached = table["detached"] === true;
      if (isDetached && key === "skip-install") return true;
      if (table[key] !== undefined || isDetached) return table[key];
      name = textOf(table["template"]) ?? DEFAULT;
    }
    return undefined;
  }

  /** What the default environment depends on, beside what the app always needs. */
  get needs(): readonly string[] {
    const project = this.#documents.find(({ place }) => place === HATCH_PLACES[1])?.document;
    const listed = (key: string, ...table: readonly string[]) =>
      textsOf(this.effective(key)).flatMap((it) => textsOf(project?.value([...table, it])));
    return [
      ...["dependencies", "extra-dependencies"].flatMap((it) => textsOf(this.effective(it))),
      ...listed("features", "project", "optional-dependencies"),
      ...listed("dependency-groups", "dependency-groups"),
    ];
  }

  #environment(name: string): Table {
    const all = tableOf(this.value("envs"));
    return Object.hasOwn(all, name) && isTable(all[name]) ? all[name] : {};
  }

  #placeOf(key: string): HatchPlace | undefined {
    return this.#documents.find(({ place, document }) =>
      document.value([...place.keys, key]) !== undefined
    )?.place;
  }
}

/**
 * Reads them.
 *
 * @param open How a file is read. Default: one that is no TOML says nothing.
 */
export async function readHatchSettings(
  files: Pick<AppFiles, "read">,
  open: (text: string, file: string) => Document | undefined = peekDocument,
): Promise<HatchSettings> {
  const documents = [];
  for (const place of HATCH_PLACES) {
    const text = await files.read(place.file);
    const document = text === undefined ? undefined : open(text, place.file);
    if (document !== undefined) documents.push({ place, document });
  }
  return new HatchSettings(documents);
}

/** What HSM has noted in a file of its commands for Hatch; undefined: nothing. */
export function recordedCommands(text: string): unknown {
  return peekDocument(text)?.value(["tool", "hsm", "commands"]);
}

/** Those of Hatch's files that there are and that have HSM's command, or may come to have it. */
export async function hatchFiles(
  files: Pick<AppFiles, "read">,
  isWanted: boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { file } of HATCH_PLACES) {
    const text = await files.read(file);
    if (text !== undefined && (isWanted || recordedCommands(text) !== undefined)) found.push(file);
  }
  return found;
}
