/**
 * Reading what the check needs of an app of pip's: its pyproject.toml, if it has one, and its requirement files.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { withoutOwn } from "../../project/own.ts";
import { type AppResult, NOTHING, readApp as readWith } from "../../project/read_app.ts";
import type { RequirementPosition, Resolution } from "../../reconcile/model.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { AppFiles } from "../adapter.ts";
import { appFile } from "../app_file.ts";
import { OWN_REQUIREMENTS } from "./files.ts";
import { givesWay } from "./gives_way.ts";
import { peekOwned } from "./owned_files.ts";
import { type ReachedFile, reachedFiles } from "./reach.ts";
import { readRequirementFile } from "./requirement_file.ts";

/** pip knows no setting for either, and of two sources of a package neither overrules the other. */
const RESOLUTION: Resolution = {
  manager: "pip",
  environments: "its settings",
  conflicts: "its settings",
  sourcesWin: false,
};

/**
 * Reads the app's metadata, and what its requirement files ask for. What HSM has added is left out, and so is what is set
 * aside. Extras and groups of the app are nothing that pip would install.
 *
 * @returns The app, and everything that is wrong with its pyproject.toml.
 */
export async function readApp(files: AppFiles): Promise<AppResult> {
  const file = await appFile(files);
  const reached = await reachedFiles(files);
  const { required, constraints } = requirementsIn(reached);
  const { required: owned } = await peekOwned(files);
  const { app, problems } = readWith(file, (reader, own) => ({
    ...NOTHING,
    resolution: RESOLUTION,
    dependencies: [
      ...withoutOwn(reader, ["project", "dependencies"], own.requirements(undefined)),
      ...required.map((it) => it.text),
    ],
    optionalDependencies: {},
    dependencyGroups: {},
    constraints: constraints.map((it) => it.text),
  }));
  if (app === undefined) return { app, problems };
  const own = app.dependencies.length - required.length;
  return {
    app: {
      ...app,
      file: file.text === "" ? OWN_REQUIREMENTS : app.file,
      injected: Object.fromEntries([...owned.keys()].map((key) => [normalizeName(key), ""])),
      places: Object.fromEntries([
        ...required.map(({ place }, at) => [`dependencies.${own + at}`, place] as const),
        ...constraints.map(({ place }, at) => [`constraints.${at}`, place] as const),
      ]),
    },
    problems,
  };
}

/** A requirement, and where it stands. */
interface Placed {
  readonly text: string;
  readonly place: RequirementPosition;
}

/** The requirements that requirement files name, with where they stand. */
export function requirementsIn(
  reached: readonly ReachedFile[],
): Readonly<Record<"required" | "constraints", readonly Placed[]>> {
  const all = reached.flatMap((file) =>
    readRequirementFile(file.text).flatMap((line) => {
      const { kind, value: text, first } = line;
      const parsed = parseRequirement(text);
      if (kind !== "requirement" || !parsed.ok) return [];
      const place = {
        file: file.path,
        line: first + 1,
        givesWay: givesWay(line, file, { from: parsed.value.url }),
      };
      return [{ file, placed: { text, place } }];
    })
  );
  return {
    required: all.filter((it) => it.file.isRequired).map((it) => it.placed),
    constraints: all.filter((it) => it.file.isConstraint).map((it) => it.placed),
  };
}
