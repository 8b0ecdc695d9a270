/**
 * A package manager of nobody's: a shell script, with one JSON file for sources and another for its lock. Made of nothing
 * but what `@hsm/hsm/adapter` offers, as a script of somebody else's would be.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type Adapter,
  type AdapterContext,
  type AppFiles,
  normalizeName,
  runProgram,
  type RunResult,
} from "@hsm/hsm/adapter";
import type { Change, Source } from "@hsm/hsm/workspace";

const SOURCES = "sources.json";
const LOCK = "toy.lock";

/**
 * What it installs is what HSM can read: a `.dist-info` a package. It fails where there is a file `fails` in the app's
 * folder that names the step, half way.
 */
const SCRIPT = `#!/bin/sh
fails() { if grep -qx "$1" fails 2>/dev/null; then echo "toy: $1 failed" >&2; exit 3; fi; }
if [ "$1" = lock ]; then
  echo half > ${LOCK}
  fails lock
  cp ${SOURCES} ${LOCK}
  exit
fi
if [ "$2" = --locked ] && ! cmp -s ${SOURCES} ${LOCK}; then echo "toy: ${LOCK} is stale" >&2; exit 1; fi
if [ "$3" = --dry-run ]; then exit; fi
rm -rf .toy.new
mkdir .toy.new
sed -n 's/^ "\\([^"]*\\)": \\(.*[^,]\\),*$/\\1 \\2/p' ${LOCK} | while read -r name source; do
  folder=.toy.new/$name-1.0.dist-info
  mkdir $folder
  echo "Version: 1.0" > $folder/METADATA
  case $source in
  *'"kind":"path"'*) rule='s#.*"path":"\\([^"]*\\)".*#{"url":"file://'$PWD'/\\1","dir_info":{"editable":true}}#' ;;
  *) rule='s#.*"git":"\\([^"]*\\)","[a-z]*":"\\([^"]*\\)".*#{"url":"\\1","vcs_info":{"commit_id":"","requested_revision":"\\2"}}#' ;;
  esac
  echo "$source" | sed "$rule" > $folder/direct_url.json
done
diff -r .toy .toy.new
rm -rf .toy
mv .toy.new .toy
fails sync
exit 0
`;

/** Makes the program in a folder, and the adapter for it; `more`: what it says beside that. */
export async function toyManager(folder: string, more: Partial<Adapter> = {}): Promise<Adapter> {
  const program = join(folder, "toy");
  await Deno.writeTextFile(program, SCRIPT, { mode: 0o755 });
  return { ...toyAdapter(program), ...more };
}

function toyAdapter(program: string): Adapter {
  return {
    name: "toy",
    program,
    edited: [SOURCES],
    uses: async (files) =>
      new Map(
        Object.entries(await read(files)).map(([name, it]) => [
          normalizeName(name),
          it.kind === "git" ? it : { ...it, editable: true },
        ]),
      ),
    owned: async (files) => Object.keys(await read(files)),
    async changed(files, sources) {
      const written = await read(files);
      return sources.filter((it) => !isSame(written[it.package], it.source))
        .map((it) => it.package);
    },
    async write(files, { packages }) {
      const before = await read(files);
      const after: Record<string, Source> = {};
      for (const { name, source = before[name] } of packages) {
        if (source !== undefined) after[name] = source;
      }
      const names = new Set([...Object.keys(after), ...Object.keys(before)]);
      const changes = [...names].filter((it) => !isSame(before[it], after[it]))
        .map((it): Change => ({
          package: it,
          what: "source",
          action: before[it] ? after[it] ? "replace" : "remove" : "add",
        }));
      const lines = Object.entries(after)
        .map(([name, it]) => ` ${JSON.stringify(name)}: ${JSON.stringify(it)}`);
      return { texts: new Map([[SOURCES, `{\n${lines.join(",\n")}\n}\n`]]), changes };
    },
    environment: ({ root }) => {
      const folder = join(root, ".toy");
      return Promise.resolve({ folder, sitePackages: [folder] });
    },
    lockFiles: (root) => Promise.resolve([join(root, LOCK)]),
    ready: () => Promise.resolve(),
    commandLine: ({ lock }) => `toy sync --${lock}`,
    lock: (context, { onStart }) => call(["lock"], context, onStart),
    sync: (context, { lock, dryRun, onStart }) =>
      call(["sync", `--${lock}`, ...dryRun ? ["--dry-run"] : []], context, onStart),
    hasInstalled: () => true,
  };

  function call(
    args: readonly string[],
    { root: cwd, env, signal, tell }: AdapterContext,
    onStart: (pid: number) => void = () => {},
  ): Promise<RunResult> {
    return runProgram([program, ...args], { cwd, env, signal, tell, onStart });
  }
}

async function read(files: AppFiles): Promise<Record<string, Source>> {
  return JSON.parse(await files.read(SOURCES) ?? "{}");
}

function isSame(one: Source | undefined, other: Source | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
