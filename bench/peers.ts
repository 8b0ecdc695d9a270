/**
 * Other tools that bring many repositories into one environment, on the same plugins.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { run } from "../lib/process/run.ts";
import { type BenchApp, makeFloor } from "./app.ts";
import { compare } from "./compare.ts";
import type { Argv, Lab } from "./lab.ts";
import { type Figure, ratioOf } from "./measures.ts";

interface Peer {
  readonly name: string;
  /** Makes the tool's own configuration; undefined where the tool is not to be had. */
  readonly prepare: (app: BenchApp) => Promise<PeerCommands | undefined>;
}

interface PeerCommands {
  readonly clone: Argv;
  readonly again: Argv;
  /** Whether these install as well, so that no `uv sync` has to follow. @default {false} */
  readonly installs?: boolean;
  /** Brings back what was before the clones, beside `packages`. */
  readonly reset?: () => Promise<unknown>;
}

const PEERS: readonly Peer[] = [
  { name: "mxdev", prepare: prepareMxdev },
  { name: "fastws", prepare: prepareFastws },
  { name: "vcstool2", prepare: prepareVcstool },
  { name: "git submodule", prepare: prepareSubmodules },
];

/** What each is called where it is measured alone. */
export const PEER_NAMES: readonly string[] = PEERS.map(({ name }) => name.replace(" ", "-"));

/** Measures the peers, followed by `uv sync` where they do not install by themselves, against the floor. */
export async function measurePeers(
  lab: Lab,
  { count, runs, only }: {
    readonly count: number;
    readonly runs: number;
    /** The one that is measured. @default all */
    readonly only?: string | undefined;
  },
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, prepare } of PEERS) {
    if (only !== undefined && only !== name.replace(" ", "-")) continue;
    const folder = `peer-${name.replaceAll(" ", "-")}-${count}`;
    // Of its own, so that it is as fresh for the last as for the first.
    const floor = await makeFloor(lab, `${folder}-floor`, { count, mode: "dev" });
    const app = await makeFloor(lab, folder, { count, mode: "dev" });
    const commands = await prepare(app);
    if (commands === undefined) {
      console.error(`${name} is not to be had here`);
      continue;
    }
    const { clone, again, installs = false, reset } = commands;
    const title = installs ? name : `${name} + \`uv sync\``;
    const makeCold = async (it: BenchApp) => {
      await it.makeCold();
      await Deno.mkdir(join(it.root, "packages"));
      if (it === app) await reset?.();
      await it.settle();
    };
    const sync = (it: BenchApp, argv: Argv) => () =>
      it === app && installs ? it.measured(argv) : it.measured(argv, it.syncing);
    const cold = await compare(
      {
        before: () => makeCold(app),
        run: sync(app, clone),
        after: () => app.mustBeSynced("dev"),
      },
      {
        before: () => makeCold(floor),
        run: sync(floor, floor.cloning),
        after: () => floor.mustBeSynced("dev"),
      },
      runs,
    );
    const warm = await compare(
      { run: sync(app, again), after: () => app.mustBeSynced("dev") },
      { run: () => floor.measured(floor.syncing) },
      runs,
    );
    figures.push({
      title: `${title}, nothing cloned, N = ${count}`,
      against: "`xargs -P8 git clone`, then `uv sync`",
      ...ratioOf(cold),
    }, {
      title: `${title}, nothing to do, N = ${count}`,
      against: "`uv sync`",
      ...ratioOf(warm),
    });
  }
  return figures;
}

async function prepareMxdev(app: BenchApp): Promise<PeerCommands | undefined> {
  const bin = await findTool(app.lab, ["--from", "mxdev"]);
  if (bin === undefined) return undefined;
  const sections = app.plugins.map((it) => `[${it}]\nurl = ${app.lab.url(it)}\nbranch = main\n`);
  const settings = "[settings]\nrequirements-in = requirements.txt\n" +
    "default-target = ./packages\nthreads = 8\n";
  await Deno.writeTextFile(join(app.root, "mx.ini"), `${settings}\n${sections.join("\n")}`);
  await Deno.writeTextFile(join(app.root, "requirements.txt"), "");
  const command = [join(bin, "mxdev"), "-c", "mx.ini", "-s"];
  return { clone: command, again: command };
}

/** One uv workspace of all checkouts, in the folder around them. It clones from GitHub, in whose place git takes a folder. */
async function prepareFastws(app: BenchApp): Promise<PeerCommands | undefined> {
  const bin = await findTool(app.lab, ["--from", "fastws-cli"]);
  if (bin === undefined) return undefined;
  const github = join(app.root, "github/team");
  await Deno.mkdir(github, { recursive: true });
  for (const name of app.plugins) {
    await Deno.symlink(app.lab.url(name).replace("file://", ""), join(github, `${name}.git`));
  }
  const command = [
    "env",
    `PATH=${dirname(app.lab.uv)}:${app.lab.env["PATH"]}`,
    `UV_PROJECT_ENVIRONMENT=${join(app.root, ".venv")}`,
    "GIT_CONFIG_COUNT=1",
    `GIT_CONFIG_KEY_0=url.file://${github}/.insteadOf`,
    "GIT_CONFIG_VALUE_0=git@github.com:team/",
    join(bin, "ws-sync"),
    "--workspace=packages",
  ];
  const list = app.plugins.map((it) => `team/${it}\n`).join("");
  return {
    clone: command,
    again: command,
    installs: true,
    reset: () => Deno.writeTextFile(join(app.root, "packages/repos.txt"), list),
  };
}

async function prepareVcstool(app: BenchApp): Promise<PeerCommands | undefined> {
  const bin = await findTool(app.lab, ["--from", "vcstool2", "--with", "setuptools<81"]);
  if (bin === undefined) return undefined;
  const entries = app.plugins.map((it) =>
    `  ${it}:\n    type: git\n    url: ${app.lab.url(it)}\n    version: main\n`
  );
  await Deno.writeTextFile(join(app.root, "all.repos"), `repositories:\n${entries.join("")}`);
  const command = [join(bin, "vcs"), "import", "--workers=8", "--input=all.repos", "packages"];
  return { clone: command, again: command };
}

async function prepareSubmodules(app: BenchApp): Promise<PeerCommands> {
  const git = ["git", "-c", "protocol.file.allow=always"];
  await app.run("git", "init", "--quiet");
  for (const name of app.plugins) {
    const add = ["submodule", "--quiet", "add", "--force", app.lab.url(name)];
    await app.run(...git, ...add, `packages/${name}`);
  }
  const command = [...git, "submodule", "--quiet", "update", "--init", "--jobs=8"];
  return {
    clone: command,
    again: command,
    reset: async () => {
      await app.run("git", "submodule", "--quiet", "deinit", "--force", "--all");
      await app.remove(".git/modules");
    },
  };
}

/** The folder of a tool's programs, as uv installs it from PyPI; undefined where it cannot. */
async function findTool(lab: Lab, options: readonly string[]): Promise<string | undefined> {
  const script = "import os, sys; print(os.path.dirname(sys.executable))";
  const argv = [lab.uv, "tool", "run", ...options, "python", "-c", script];
  // The lab's own environment knows nothing of the way to PyPI.
  const result = await run(argv, { cwd: lab.folder });
  return result.success ? result.stdout.trim() : undefined;
}
