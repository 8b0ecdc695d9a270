/**
 * The package managers as scenarios see them: what differs between them, and nothing else does.
 *
 * @module
 */

import { APP_PYPROJECT, type AppOptions, type TestApp, testApp } from "./app.ts";
import { hatchEnvironment } from "./hatch.ts";
import { poetryEnvironment, poetrySource } from "./poetry.ts";
import { buildSystem, type PluginOptions } from "./repository.ts";

/** A package manager with an app of its own. */
export interface Manager {
  /** What the names of tests call it. */
  readonly label: string;
  /** Its name in hsm.yaml. */
  readonly name: string;
  /** Its program, where that is called otherwise. */
  readonly program?: string;
  /** Its lock file. */
  readonly lockFile: string;
  /** The line of a package that is worked on. */
  readonly devLine: (name: string, path: string) => string;
  /** The file in which that stands. */
  readonly sourcesIn: string;
  /** A file of the app's own, and what the lock file depends on in it: as it is, and as it may be. */
  readonly edit: readonly [file: string, from: string, to: string];
  /** What it fetches from git in prod mode: nothing that Git LFS keeps where this is false. */
  readonly fetchesLfs: boolean;
  /** What a sync is told so that it installs a group as well. */
  readonly withGroup?: (name: string) => readonly string[];
  /** What an app with these dependencies and plugins is. */
  options(given?: ManagedOptions): Promise<AppOptions>;
  /** What hsm.yaml says of the environment that it installs into, where it says anything. */
  readonly environment?: string;
  /** What builds its plugins. */
  readonly backend: PluginOptions["backend"] & string;
  /** How the command lines look of the steps of a sync. */
  readonly steps: Readonly<Record<"lock" | "install", RegExp>>;
  /** Makes an app with these dependencies and plugins. */
  app(given?: ManagedOptions): Promise<TestApp>;
}

/** What an app of a scenario is. */
export interface ManagedOptions {
  /** What it requires itself, beside the plugins. */
  readonly dependencies?: readonly string[];
  /** The plugins. */
  readonly plugins?: readonly PluginOptions[];
  /** The packages in hsm.yaml; `{remotes}` is the folder of the plugins. */
  readonly manifest?: string;
}

/** What is said to make a manager's apps. */
interface Making {
  options(given: ManagedOptions): Promise<AppOptions>;
}

function manager(it: Omit<Manager, "app" | "options"> & Making): Manager {
  const head = it.environment === undefined ? "" : `environment: ${it.environment}\n`;
  const options: Manager["options"] = async (given = {}) => ({
    ...await it.options(given),
    manifest: `adapter: ${it.name}\n${head}git: {remotes}/{name}\n${given.manifest ?? ""}`,
  });
  return { ...it, options, app: async (given) => await testApp(await options(given)) };
}

const list = (dependencies: readonly string[] = []) => JSON.stringify(dependencies);

const BY_PYPROJECT = {
  sourcesIn: "pyproject.toml",
  edit: ["pyproject.toml", ">=3.9", ">=3.10"],
} as const;

const BY_POETRY = {
  fetchesLfs: false,
  withGroup: (): readonly string[] => [],
  name: "poetry",
  lockFile: "poetry.lock",
  devLine: (name: string, path: string) => `${name} = { path = "${path}", develop = true }`,
  backend: "poetry.core.masonry.api",
  steps: { lock: /\bpoetry\b.* lock\b/, install: /\bpoetry\b.* (?:sync|install)\b/ },
  ...BY_PYPROJECT,
} as const;

const byPoetry = (plugins: readonly PluginOptions[] = []) =>
  plugins.map((it): PluginOptions => ({ ...it, backend: BY_POETRY.backend }));

const UV = manager({
  label: "uv",
  name: "uv",
  lockFile: "uv.lock",
  devLine: (name, path) => `${name} = { path = "${path}", editable = true }`,
  backend: "uv_build",
  steps: { lock: /\buv lock\b/, install: /\buv sync --frozen\b/ },
  ...BY_PYPROJECT,
  fetchesLfs: true,
  withGroup: (name) => ["--", "--group", name],
  options: ({ dependencies, plugins = [] }) =>
    Promise.resolve({
      plugins,
      pyproject: APP_PYPROJECT.replace("[]", list(dependencies)),
    }),
});

const POETRY = manager({
  ...BY_POETRY,
  label: "Poetry",
  options: async ({ dependencies, plugins }) => ({
    env: await poetryEnvironment("2.5.1"),
    plugins: byPoetry(plugins),
    pyproject: APP_PYPROJECT.replace("[]", list(dependencies)) +
      `\n[tool.poetry]\npackage-mode = false\n${await poetrySource()}`,
  }),
});

const legacy = (label: string, version: "2.5.1" | "1.8.5") =>
  manager({
    ...BY_POETRY,
    label,
    options: async ({ dependencies = [], plugins }) => ({
      env: await poetryEnvironment(version),
      plugins: byPoetry(plugins),
      pyproject: '[tool.poetry]\nname = "app"\nversion = "0.1.0"\ndescription = ""\n' +
        'authors = ["A <a@example.com>"]\npackage-mode = false\n\n' +
        `[tool.poetry.dependencies]\npython = ">=3.9"\n${
          dependencies.map((it) => it.replace(/^([\w.-]+)(.*)$/, '$1 = "$2"\n')).join("")
            .replaceAll('""', '"*"')
        }${await poetrySource()}`,
    }),
  });

const BY_PIP = {
  name: "pip",
  program: "uv",
  lockFile: "pylock.hsm.toml",
  sourcesIn: "requirements-hsm.txt",
  fetchesLfs: false,
  devLine: (name: string, path: string) => `-e ./${path}  # ${name}`,
  backend: "uv_build",
  steps: { lock: /\buv pip compile\b/, install: /\buv pip (?:sync|install)\b/ },
} as const;

const PIP = manager({
  ...BY_PIP,
  label: "pip, with requirements.txt alone",
  edit: ["requirements.txt", "idna", "idna<3.8"],
  options: ({ dependencies = [], plugins = [] }) =>
    Promise.resolve({
      plugins,
      pyproject: "",
      files: { "requirements.txt": ["# ours", ...dependencies, "idna", ""].join("\n") },
    }),
});

const PIP_WITH_PROJECT = manager({
  ...BY_PIP,
  label: "pip, with pyproject.toml",
  edit: BY_PYPROJECT.edit,
  options: async ({ dependencies, plugins = [] }) => ({
    plugins,
    pyproject: APP_PYPROJECT.replace("[]", list(dependencies)) + await buildSystem(),
    files: { "src/app/__init__.py": "" },
  }),
});

const HATCH = manager({
  ...BY_PIP,
  label: "pip with Hatch",
  environment: "hatch",
  edit: BY_PYPROJECT.edit,
  options: async ({ dependencies, plugins = [] }) => ({
    env: await hatchEnvironment(),
    plugins,
    pyproject: APP_PYPROJECT.replace("[]", list(dependencies)) + await buildSystem() +
      '\n[tool.hatch.envs.default]\ninstaller = "uv"\npath = ".venv"\n',
    files: { "src/app/__init__.py": "" },
  }),
});

const TRIED = Deno.env.get("HSM_TEST_MANAGERS") ?? "main";

/** Whether more than the main path of package managers is tried. */
export const ALL = TRIED !== "main";

/** Whether all that can be tried of package managers is, whatever time it takes. */
export const FULL = TRIED === "full";

/** With it one scenario takes minutes. */
const OLDEST = legacy("Poetry 1.8", "1.8.5");

/** One of each kind, the newest; Hatch stands on pip's adapter, and has a main path of its own. */
const NEWEST: readonly Manager[] = [UV, POETRY, PIP, ...ALL ? [HATCH] : []];

/** Those with which the main path is tried: with HSM_TEST_MANAGERS=all older and other forms as well. */
export const MANAGERS: readonly Manager[] = [
  ...NEWEST,
  ...ALL
    ? [PIP_WITH_PROJECT, legacy("Poetry, with an app of the older form", "2.5.1"), OLDEST]
    : [],
];

/** Those with which the way back is tried: the older ones with HSM_TEST_MANAGERS=full, for it takes them a minute. */
export const WAY_BACK: readonly Manager[] = FULL ? MANAGERS : NEWEST;

/** Those with which all else is tried: the newest with HSM_TEST_MANAGERS=all, with `full` all but the oldest, else the fastest. */
export const WHOLE: readonly Manager[] = FULL
  ? MANAGERS.filter((it) => it !== OLDEST)
  : ALL
  ? NEWEST
  : [UV];

/** Those of a name in hsm.yaml with which the way back is tried, the newest first. */
export function managersNamed(name: string): readonly Manager[] {
  return WAY_BACK.filter((it) => it.name === name);
}
