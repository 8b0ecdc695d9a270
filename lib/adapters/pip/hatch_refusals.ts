/**
 * Settings of Hatch's with which it would not come to what HSM installs, or would replace it.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import { normalizeName } from "../../names.ts";
import type { Source } from "../../source.ts";
import { isTable, listOf, tableOf, textOf, textsOf } from "../../table.ts";
import type { HatchSettings } from "./hatch_settings.ts";

/** A package of the manifest, as far as Hatch could have it from elsewhere. */
export interface GovernedPackage {
  /** Its name. */
  readonly name: string;
  /** The folder of its checkout, relative to the root. */
  readonly path: string;
  /** Where it comes from; undefined: everything of it stays as it is. */
  readonly source: Source | undefined;
}

/**
 * Refuses settings that speak against the manifest.
 *
 * @throws {HsmError} `pyproject-unsupported`
 */
export function refuseHatchSettings(
  settings: HatchSettings,
  packages: readonly GovernedPackage[],
): void {
  const { place, own } = settings;
  const name = [...place.keys, "envs", "default"].join(".");
  const refuse = (state: string, hint: string): HsmError =>
    new HsmError("pyproject-unsupported", `Cannot use Hatch's default environment: ${state}`, {
      hint,
    });
  const said = (key: string) => `${key} in [${name}] of ${place.file}`;
  if (!settings.hasProject) {
    throw refuse(
      "without a pyproject.toml Hatch installs no app",
      "make one, or name a folder under `environment:` in hsm.yaml",
    );
  }
  if (own["matrix"] !== undefined) {
    throw refuse(
      `${said("matrix")} makes it several`,
      "give the matrix an environment of its own: it inherits the rest from default",
    );
  }
  const type = settings.effective("type") ?? "virtual";
  if (type !== "virtual") {
    throw refuse(
      `${said("type")} makes it none that pip can install into`,
      "take it out, or name a folder under `environment:` in hsm.yaml",
    );
  }
  if (settings.effective("skip-install") === true) {
    throw refuse(
      `with skip-install Hatch runs no pre-install-commands, and would not install what hsm does`,
      `take it out of [${name}], or name a folder under \`environment:\` in hsm.yaml`,
    );
  }
  if (settings.effective("dev-mode") === false) {
    throw refuse(
      "with dev-mode = false Hatch installs a copy of the app, and hsm the app itself",
      `take it out of [${name}]; another environment may have it`,
    );
  }
  if ((settings.effective("locked") ?? settings.value("lock-envs")) === true) {
    throw refuse(
      "Hatch is to lock it itself, and knows nothing of hsm.yaml",
      `write \`locked = false\` into [${name}]: pylock.hsm.toml is its lock file`,
    );
  }
  if (own[COMMANDS] === undefined && settings.effective(COMMANDS) !== undefined) {
    throw refuse(
      `it has its ${COMMANDS} from its template, and would lose them`,
      `repeat them in [${name}]`,
    );
  }
  const variable = UNFIT.find((it) => it in tableOf(settings.effective("env-vars")));
  if (variable !== undefined) {
    throw refuse(
      `with ${variable} in its env-vars uv installs no lock file`,
      "take it out: where packages come from is said in hsm.yaml, the rest in requirements.txt",
    );
  }
  for (const it of packages) {
    const found = elsewhere(settings, it);
    if (found === undefined) continue;
    throw refuse(
      `${found} says where ${it.name} comes from as well`,
      `take ${it.name} out of it: hsm.yaml says it`,
    );
  }
}

const COMMANDS = "pre-install-commands";

/** What uv takes from the environment of programs, and refuses beside a lock file. */
const UNFIT = ["UV_OVERRIDE", "UV_CONSTRAINT"] as const;

/** The setting by which Hatch has a package from somewhere; undefined: there is none. */
function elsewhere(settings: HatchSettings, it: GovernedPackage): string | undefined {
  const key = normalizeName(it.name);
  for (const sources of [settings.value("sources"), settings.effective("sources")]) {
    if (Object.keys(tableOf(sources)).some((name) => normalizeName(name) === key)) return "sources";
  }
  for (const list of ["dependencies", "extra-dependencies"]) {
    for (const text of textsOf(settings.effective(list))) {
      const name = /^\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*@/.exec(text)?.[1];
      if (name !== undefined && normalizeName(name) === key) return list;
    }
  }
  // Of a checkout in use Hatch makes what HSM makes of it.
  if (it.source?.kind === "path") return undefined;
  const { members } = tableOf(settings.effective("workspace"));
  const isMember = listOf(members).some((member) => {
    const pattern = isTable(member) ? textOf(member["path"]) : textOf(member);
    return pattern !== undefined && fits(pattern, it.path);
  });
  return isMember ? "workspace.members" : undefined;
}

function fits(pattern: string, path: string): boolean {
  const [wanted, found] = [pattern, path].map((it) =>
    it.replace(/^(?:\{root\}\/|\.\/)/, "").replace(/\/$/, "").split("/")
  );
  return wanted!.length === found!.length && wanted!.every((part, at) => {
    const words = part.split("*").map((it) => it.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${words.join(".*")}$`).test(found![at]!);
  });
}
