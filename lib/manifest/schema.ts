/**
 * The schema of hsm.yaml and hsm.local.yaml. The JSON Schema for editors derives from it.
 *
 * @module
 */

import * as z from "./zod.ts";
import { NAME_PATTERN } from "../names.ts";
import { ADAPTER_NAMES } from "./adapter_names.ts";
import { commandProblem } from "./command.ts";
import {
  branchProblem,
  environmentProblem,
  extraProblem,
  filterProblem,
  gitProblem,
  groupProblem,
  MAX_NAME_LENGTH,
  packagesDirProblem,
  pathProblem,
  revProblem,
  subdirectoryProblem,
  tagPrefixProblem,
  tagProblem,
} from "./rules.ts";
import type { Rule } from "./text_rule.ts";

/** A text that keeps a rule; what breaks it is in the issue's `params`. */
function text(rule: Rule, meta: Readonly<Record<string, unknown>> = {}) {
  return z.string().check(z.meta({ ...rule.schema, ...meta }), (payload) => {
    const problem = rule(payload.value);
    if (problem === undefined) return;
    const { message, ...params } = problem;
    payload.issues.push({ code: "custom", input: payload.value, message, params });
  });
}

/** A text that is taken as it is written, where YAML has a number or a truth value: `1.10`. */
function word(rule: Rule, meta: Readonly<Record<string, unknown>> = {}) {
  // A minus is the one thing of how a number is written that is still to be seen.
  return text(rule, { type: ["string", "number", "boolean"], minimum: 0, ...meta });
}

/** `true` or `false`; what it means, and what it is where nobody says. */
function flag(description: string, byDefault: boolean) {
  return z.optional(z.boolean().check(z.meta({ description, default: byDefault })));
}

function mode(meta: Readonly<Record<string, unknown>>) {
  return z.optional(z.enum(["prod", "dev"]).check(z.meta(meta)));
}

function inject(meta: Readonly<Record<string, unknown>>) {
  return z.optional(z.enum(["pyproject", "environment"]).check(z.meta(meta)));
}

/** A 40-digit commit is a rev, everything else a tag; both keep the rules of a tag. */
const shortForm = word(tagProblem, {
  description: "The version in production: a tag, or a commit of 40 hexadecimal digits.",
  examples: ["v1.2.0"],
});

const PIN_PAIRS = [["tag", "rev"], ["tag", "branch"], ["rev", "branch"]];

const longForm = z.strictObject({
  git: z.optional(text(gitProblem, {
    description:
      "The repository: an https, http, ssh, git or file URL, `user@host:path`, or a path relative to the root. `{name}` stands for the package's name.",
    examples: ["ssh://git@example.com/team/other.git"],
  })),
  tag: z.optional(word(tagProblem, {
    description: "The version in production: a tag. At most one of `tag`, `rev`, `branch`.",
    examples: ["v0.3.1"],
  })),
  rev: z.optional(word(revProblem, {
    description:
      "The version in production: a commit, 7 to 64 hexadecimal digits (40 recommended). At most one of `tag`, `rev`, `branch`.",
    type: ["string", "number"],
  })),
  branch: z.optional(word(branchProblem, {
    description: "The version in production: a branch. At most one of `tag`, `rev`, `branch`.",
  })),
  tag_prefix: z.optional(word(tagPrefixProblem, {
    description:
      "What the tags of its releases begin with; without it what its tag begins with, or its name or subdirectory.",
    examples: ["libs/my-plugin/"],
  })),
  subdirectory: z.optional(text(subdirectoryProblem, {
    description: "Where the distribution lies inside the repository, with `/`.",
    examples: ["python"],
  })),
  extras: z.optional(
    z.array(word(extraProblem)).check(
      z.meta({ description: "The extras that are asked for.", examples: [["fast"]] }),
    ),
  ),
  group: z.optional(word(groupProblem, {
    description:
      "The dependency group that the requirement is put in; without it `project.dependencies`.",
  })),
  require: flag(
    "Whether the app itself requires the package. `false`: where it comes from is governed, no requirement is added.",
    true,
  ),
  mode: mode({
    description:
      "`prod`: installed from git at its pin. `dev`: an editable checkout in the workspace.",
  }),
  inject: inject({
    description:
      "In dev mode: `pyproject` writes the checkout into the app's files; with `environment` it stands in for what they say, and git sees nothing of it.",
  }),
  path: z.optional(text(pathProblem, {
    description:
      "In dev mode: the checkout's folder, relative to the root, with `/`; without it `packages_dir/NAME`.",
    examples: ["../other"],
  })),
  checkout: z.optional(word(branchProblem, {
    description:
      "In dev mode: the branch that a new clone checks out; without it the remote's own default branch.",
    examples: ["develop"],
  })),
  submodules: flag(
    "In dev mode: whether the checkout has its git submodules. In prod mode that is the package manager's affair.",
    true,
  ),
  lfs: flag(
    "In prod mode: whether the files that Git LFS keeps are fetched.",
    false,
  ),
}).check(z.meta({
  description: "A package with every key that it needs.",
  allOf: PIN_PAIRS.map((pair) => ({
    not: { required: pair },
    errorMessage: "expected one of `tag`, `rev`, `branch`",
  })),
}));

const packageName = z.string().check(z.regex(NAME_PATTERN), z.maxLength(MAX_NAME_LENGTH));

const entry = z.union([shortForm, longForm, z.null()]);

/** The schema of hsm.yaml; hsm.local.yaml has the same keys. */
export const manifestSchema = z.strictObject({
  adapter: z.optional(
    z.string().check(z.meta({
      description: "The package manager.",
      enum: ADAPTER_NAMES,
      default: ADAPTER_NAMES[0],
    })),
  ),
  environment: z.optional(text(environmentProblem, {
    description:
      "The environment that is installed into, where the package manager has none of its own: a folder, relative to the root, a variable that holds one, or a word that the package manager knows.",
    examples: [".venv", "$VIRTUAL_ENV", "$CONDA_PREFIX"],
  })),
  mode: mode({ description: "The mode of packages that name none.", default: "prod" }),
  inject: inject({
    description:
      "How the checkouts of packages in dev mode are used that do not say it themselves: `pyproject` writes them into the app's files, with `environment` they stand in for what these say.",
    default: "pyproject",
  }),
  packages_dir: z.optional(text(packagesDirProblem, {
    description: "The folder of the checkouts, below the root, with `/`.",
    default: "packages",
  })),
  filter: z.optional(text(filterProblem, {
    description:
      "The object filter of new clones, where the server allows it: `blob:none`, `tree:0` or `blob:limit=SIZE`. Without it clones are full.",
    examples: ["blob:none"],
  })),
  verify: z.optional(
    z.array(text(commandProblem)).check(z.meta({
      description:
        "Commands that run after the sync, each a program with its arguments, without a shell. A failure rolls everything back.",
      examples: [['uv run python -c "import app"']],
    })),
  ),
  git: z.optional(text(gitProblem, {
    description:
      "Where a package's repository is unless the package says otherwise. `{name}` stands for the package's name.",
    examples: ["https://github.com/org/{name}.git"],
  })),
  packages: z.optional(
    z.union([z.record(packageName, entry), z.null()]).check(z.meta({
      description: "The packages: a name, and its pin or its keys.",
    })),
  ),
}).check(
  // An empty file is one that says nothing.
  z.meta({ type: ["object", "null"] }),
);

/** A manifest file's data, checked. */
export type RawManifest = z.infer<typeof manifestSchema>;
/** One entry under `packages`, checked. */
export type RawEntry = z.infer<typeof entry>;
/** One entry under `packages` in its long form, checked. */
export type RawPackage = z.infer<typeof longForm>;

/** The keys at the top of a manifest. */
export const MANIFEST_KEYS: readonly string[] = Object.keys(manifestSchema.shape);
/** The keys of a package. */
export const PACKAGE_KEYS: readonly string[] = Object.keys(longForm.shape);

/** The JSON Schema (2020-12) of hsm.yaml and hsm.local.yaml, for editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  return { title: "hsm.yaml", ...z.toJSONSchema(manifestSchema, { io: "input" }) };
}
