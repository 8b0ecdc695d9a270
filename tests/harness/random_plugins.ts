/**
 * Random plugins that require one another, and random apps of them.
 *
 * @module
 */

import { ensureDir, exists } from "@std/fs";
import { join } from "@std/path";
import type { Chance } from "./chance.ts";
import { containsVersion, parseSpecifiers } from "../../lib/versions/specifiers.ts";
import { parseVersion } from "../../lib/versions/versions.ts";
import { must } from "./program.ts";
import { uvProgram } from "./repository.ts";
import { writeWheel } from "./wheel.ts";

const NAMES = ["plug-a", "plug-b", "plug-c", "plug-d", "plug-e"] as const;
/** Distributions that are in the index alone. */
const OTHERS = ["lib-x", "lib-y"];
const SPELLINGS = [
  (name: string) => name,
  (name: string) => name.toUpperCase().replace("-", "_"),
  (name: string) => name.replace("-", "."),
];
const VERSIONS = [
  "0.9",
  "1.0.dev3",
  "1.0a1",
  "1.0rc2",
  "1.0",
  "1.0+local.1",
  "1.0.post1",
  "1.0.1",
  "1.1",
  "1.2.3",
  "2.0.dev1",
  "2.0b1",
  "2.0",
  "2024.1",
  "1!0.5",
];
/** What nearly every version meets. */
const LOOSE = [">=0.1", ">=0.9.dev0", "<3000", "!=0.1", ">0.1", "<9!0", "!=0.8.*", ">=0.1,<=3000"];
const SPECIFIERS = [
  ...[">=0.1", ">=0.9", ">=1.0", ">=1.0.dev0", ">=1.0rc1", "<3000", "<2!0", "!=1.1", ">0.9"],
  ...[
    "==1.0",
    "==1.0.*",
    "===1.0",
    "==1.0+local.1",
    "~=1.0",
    "~=1.0.0",
    "!=1.0.*",
    "<1.0",
    "<=1.0",
  ],
  ...[
    ">1.0",
    ">=2.0.dev0,<3",
    "<2.0",
    "<2.0rc1",
    ">=1,<2",
    ">=1.0.post0",
    ">1.0rc1",
    "==2.*",
    "<=2",
  ],
];
const PYTHONS = [
  ...[
    ">=3.8",
    ">=3.9",
    ">=3.9",
    ">=3.10",
    ">=3.11",
    ">=3.9,<4",
    ">=3.9,<3.13",
    "~=3.9",
    "==3.11.*",
  ],
  ...["!=3.10.*", ">=3.9,!=3.10.*", ">=3.9.2", ">3.9", "<4", ">=3.12", ">=3.11.5", ">=3", "<3.11"],
];
/** Those of an app; of them the ones count that have this machine's Python, for uv says nothing without one. */
const APP_PYTHONS = [
  ...[">=3.9", ">=3.9", ">=3.10", ">=3.11", ">=3.10,<3.13", "~=3.9", "==3.11.*", ">=3.9,<3.12"],
  ...[">=3.11.2", ">3.9", ">=3.10.1,!=3.12.*"],
];
const MARKERS = [
  "sys_platform == 'win32'",
  "sys_platform != 'win32'",
  "sys_platform == 'linux'",
  "os_name == 'posix'",
  "platform_system == 'Darwin' and platform_machine == 'arm64'",
  "python_version < '3.11'",
  "python_version >= '3.11'",
  "python_version < '3.9'",
  "python_version == '3.10'",
  "python_version > '3.10'",
  "python_full_version >= '3.11.4'",
  "python_version >= '3.13' or sys_platform == 'win32'",
  "implementation_name == 'pypy'",
  "platform_python_implementation != 'PyPy'",
  "sys_platform in 'win32 cygwin'",
  "python_version in '3.10 3.11'",
  "python_version not in '3.10, 3.11'",
  "'3.11' <= python_version",
  "python_version ~= '3.10'",
  "python_version == '3.1*'",
  "platform_release >= '5'",
];
const EXTRAS = ["fast", "Big_One", "all"];

function lines(...items: readonly (string | false | undefined)[]): string {
  return items.filter((it) => it !== false && it !== undefined).join("\n") + "\n";
}

function requirement(chance: Chance, names: readonly string[]): string {
  const name = chance.pick(SPELLINGS)(chance.pick(names));
  const extras = chance.happens(0.2) ? `[${chance.sample(EXTRAS, 2).join(",")}]` : "";
  const specifier = chance.happens(0.4)
    ? chance.pick(LOOSE)
    : chance.happens(0.5)
    ? chance.pick(SPECIFIERS)
    : "";
  const marker = chance.happens(0.35) ? ` ; ${markerOf(chance)}` : "";
  return `${name}${extras}${specifier}${marker}`;
}

function markerOf(chance: Chance): string {
  const one = chance.pick(MARKERS);
  if (!chance.happens(0.2)) return one;
  return `(${one}) ${chance.pick(["and", "or"])} (${chance.pick(MARKERS)})`;
}

function requirements(chance: Chance, names: readonly string[], most: number): string {
  const count = chance.below(most + 1);
  return JSON.stringify(Array.from({ length: count }, () => requirement(chance, names)));
}

/** A plugin's pyproject.toml. */
function pluginText(chance: Chance, name: string, version: string): string {
  const others = [...NAMES.filter((it) => it !== name), ...OTHERS];
  const extras = EXTRAS.filter(() => chance.happens(0.6));
  const self = extras.length > 1 && chance.happens(0.3) ? [`${name}[${extras[0]}]`] : [];
  return lines(
    "[project]",
    `name = "${name}"`,
    `version = "${version}"`,
    chance.happens(0.5) && `requires-python = "${chance.pick(PYTHONS)}"`,
    `dependencies = ${requirements(chance, others, 1)}`,
    "[project.optional-dependencies]",
    ...extras.map((extra, index) =>
      index === extras.length - 1 && self.length > 0
        ? `${extra} = ${JSON.stringify(self)}`
        : `${extra} = ${requirements(chance, others, 1)}`
    ),
    "[dependency-groups]",
    `dev = ${requirements(chance, others, 1)}`,
    "[tool.uv.sources]",
    ...NAMES.filter((it) => it !== name && chance.happens(0.04)).map((it) =>
      `${it} = { git = "file:///nowhere/${it}" }`
    ),
    "[build-system]",
    'requires = ["uv_build"]',
    'build-backend = "uv_build"',
  );
}

/** Repositories of plugins in a folder, each with some releases. */
export interface RandomPlugins {
  /** The folder of the repositories. */
  readonly folder: string;
  /** The tags of each. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** The folder with wheels of the same names, for those that an app does not manage. */
  readonly index: string;
  /** What an app may say of Python. */
  readonly pythons: readonly string[];
}

/** Makes repositories of plugins. */
export async function makeRandomPlugins(
  chance: Chance,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<RandomPlugins> {
  const tags = new Map<string, readonly string[]>();
  for (const name of NAMES) {
    const path = join(folder, name);
    await must(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], {
      cwd: folder,
      env,
    });
    const versions = chance.sample(VERSIONS, 4);
    const commits = versions.map((version, index) => {
      const text = pluginText(chance, name, version);
      const size = new TextEncoder().encode(text).length;
      return `commit refs/heads/main\ncommitter T <t@example.com> ${index} +0000\ndata 1\n.\n` +
        `M 644 inline pyproject.toml\ndata ${size}\n${text}\n` +
        `reset refs/tags/v${index}\nfrom refs/heads/main\n\n`;
    });
    const stream = join(folder, `${name}.import`);
    await Deno.writeTextFile(stream, commits.join(""));
    await must(["sh", "-c", `git fast-import --quiet < ../${name}.import`], { cwd: path, env });
    tags.set(name, versions.map((_, index) => `v${index}`));
  }
  const index = join(folder, "index");
  await Deno.mkdir(index);
  for (const name of [...NAMES, ...OTHERS]) {
    for (const version of VERSIONS) await writeWheel(index, name, version);
  }
  const code = "import platform; print(platform.python_version())";
  const args = ["run", "--no-project", "--quiet", "python", "-c", code];
  const version = parseVersion(await must([uvProgram(), ...args], { cwd: folder, env }))!;
  const pythons = APP_PYTHONS.filter((text) => {
    const parsed = parseSpecifiers(text);
    return parsed.ok && containsVersion(parsed.value, version, "");
  });
  return { folder, tags, index, pythons };
}

/**
 * Writes an app that needs some of the plugins, some at a tag and some in a checkout.
 */
export async function makeRandomApp(
  chance: Chance,
  { folder, tags, index, pythons }: RandomPlugins,
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await ensureDir(root);
  const chosen = chance.sample(NAMES, 2 + chance.below(4));
  const entries: string[] = [];
  for (const name of chosen) {
    const tag = chance.pick(tags.get(name)!);
    const isDev = chance.happens(0.4);
    const entry = [
      `tag: ${tag}`,
      ...(chance.happens(0.15) ? [`extras: [${chance.sample(EXTRAS, 1).join(", ")}]`] : []),
      ...(chance.happens(0.1) ? ["group: extra"] : []),
      ...(chance.happens(0.15) ? ["require: false"] : []),
    ];
    if (isDev) {
      const path = `../${name}@${tag}`;
      const target = join(root, path);
      const isThere = await exists(target);
      if (!isThere) {
        await must([
          "git",
          "clone",
          "--quiet",
          "--shared",
          `--branch=${tag}`,
          `file://${folder}/${name}`,
          target,
        ], { cwd: root, env });
      }
      entry.push("mode: dev", `path: ${path}`);
    }
    entries.push(`  ${name}: { ${entry.join(", ")} }`);
  }
  await Deno.writeTextFile(
    join(root, "hsm.yaml"),
    lines(`git: file://${folder}/{name}`, "packages:", ...entries),
  );
  const known = [...chosen, ...OTHERS];
  const list = (most: number) => requirements(chance, known, most);
  const hasExtra = chance.happens(0.25);
  await Deno.writeTextFile(
    join(root, "pyproject.toml"),
    lines(
      "[project]",
      'name = "app"',
      'version = "1.0"',
      `requires-python = "${chance.pick(pythons)}"`,
      `dependencies = ${list(1)}`,
      ...(hasExtra ? ["[project.optional-dependencies]", `more = ${list(2)}`] : []),
      "[dependency-groups]",
      ...(chance.happens(0.2) ? [`dev = ${list(1)}`] : []),
      `docs = ${chance.happens(0.3) ? list(2) : "[]"}`,
      "[tool.uv]",
      "no-index = true",
      `find-links = ["${index}"]`,
      'prerelease = "allow"',
      ...(chance.happens(0.1) ? [`environments = ["${chance.pick(MARKERS)}"]`] : []),
      chance.happens(0.1) && `constraint-dependencies = ["${requirement(chance, known)}"]`,
      chance.happens(0.1) && `override-dependencies = ["${requirement(chance, known)}"]`,
      hasExtra && chance.happens(0.3) && 'conflicts = [[{ extra = "more" }, { group = "docs" }]]',
      chance.happens(0.05) && `exclude-dependencies = ["${chance.pick(known)}"]`,
      chance.happens(0.1) &&
        `dependency-metadata = [{ name = "${chance.pick(chosen)}", version = "${
          chance.pick(VERSIONS)
        }", requires-dist = ${list(2)} }]`,
      chance.happens(0.1) && 'dependency-groups.docs = { requires-python = ">=3.12" }',
    ),
  );
}
