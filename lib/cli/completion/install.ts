/**
 * The script of a shell, where that shell looks for it by itself, as far as any of them does.
 *
 * No file that a person writes is changed: what has to be said in one is told.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "@std/path";
import { attempt } from "../../attempt.ts";
import { HsmError } from "../../errors.ts";
import { exists, isFile } from "../../files/is_there.ts";
import { peekText } from "../../files/read_file.ts";
import { ioError } from "../../files/system_error.ts";
import { writeOwnFile } from "../../files/write_own_file.ts";
import { given } from "../../given.ts";
import { SYSTEM, type System } from "../../platform/system.ts";
import { type CompletionShell, SHELL_COMPLETIONS } from "./scripts.ts";

/** What `hsm completions --install` did. */
export interface CompletionsInstalled {
  /** The shell. */
  readonly shell: CompletionShell;
  /** The file with the script, absolute. */
  readonly path: string;
  /** `installed`: it was made now; `renewed`: it was of the same program, of another text; `present`: it was there already. */
  readonly state: "installed" | "renewed" | "present";
  /** The line by which the shell comes to read it; left out where it does without. */
  readonly line?: string;
  /** The file that this line belongs into. */
  readonly in?: string;
}

type Environment = Readonly<Record<string, string>>;

/** Where a script goes. */
interface Place {
  readonly path: string;
  /** The line by which the shell comes to read it, where it may need one. */
  readonly line?: string;
  /** The file that the line belongs into, as a person calls it, and those in which it may stand already. */
  readonly rc?: { readonly name: string; readonly files: readonly string[] };
  /** What tells that the line stands in one of these. */
  readonly sign?: string;
}

/**
 * Writes the script of a shell. What is there and not the program's own stays as it is.
 *
 * @param program The program that is to be completed.
 * @throws {HsmError} `usage` where there is no home, or somebody else's file; `io`
 */
export function installCompletions(
  shell: CompletionShell,
  program: string,
  env: Environment,
  system: System = SYSTEM,
): CompletionsInstalled {
  const { path, line, rc, sign = path } = PLACES[shell](program, new Folders(program, env, system));
  const text = SHELL_COMPLETIONS[shell].script(program);
  const there = exists(path) ? (isFile(path) && peekText(path)) || "" : undefined;
  const isOwn = there?.split("\n", 2).some((it) =>
    it.startsWith(`# Completion of ${program} for `)
  );
  if (there !== undefined && !isOwn) {
    throw cannot(program, `${path} is not ${program}'s`, {
      hint: `move it away, or load \`${program} completions ${shell}\` from a file of yours`,
    });
  }
  if (there !== text) {
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      // Whoever keeps his files elsewhere has a link here.
      writeOwnFile(attempt(() => Deno.realPathSync(path)) ?? path, text);
    } catch (error) {
      throw ioError("install a completion", path, error);
    }
  }
  const state = there === undefined ? "installed" : there === text ? "present" : "renewed";
  const isSaid = rc?.files.some((it) => isSaidIn(peekText(it) ?? "", sign));
  return { shell, path, state, ...(isSaid ? {} : given({ line, in: line && rc?.name })) };
}

function cannot(program: string, state: string, options: { readonly hint: string }): HsmError {
  return new HsmError("usage", `Cannot install the completion of ${program}: ${state}`, options);
}

/** Whether anything but a comment names a place. */
function isSaidIn(text: string, sign: string): boolean {
  return text.split("\n").some((it) => !/^\s*#/.test(it) && it.includes(sign));
}

/** The variables that name a folder each, or begin with one. */
const FOLDERS =
  /^(?:HOME|USERPROFILE|LOCALAPPDATA|XDG_(?:DATA|CONFIG)_HOME|BASH_COMPLETION_USER_DIR|ZDOTDIR)$/;

/** The folders of a user's. */
class Folders {
  readonly home: string;
  readonly env: Environment;
  readonly #system: System;

  constructor(program: string, env: Environment, system: System) {
    // What begins where somebody happens to stand is no place to look into.
    const isWhole = ([name, it]: [string, string]) => !FOLDERS.test(name) || isAbsolute(it);
    this.env = Object.fromEntries(Object.entries(env).filter(isWhole));
    const home = this.env["HOME"] || (system === "windows" ? this.env["USERPROFILE"] : "");
    const hint = `set ${system === "windows" ? "USERPROFILE" : "HOME"}`;
    if (!home) throw cannot(program, "the environment names no home", { hint });
    [this.home, this.#system] = [home.replace(/(?<=.)[\\/]+$/, ""), system];
  }

  /** What programs keep for a user. */
  get data(): string {
    if (this.env["XDG_DATA_HOME"]) return this.env["XDG_DATA_HOME"];
    return this.#system === "windows"
      ? this.env["LOCALAPPDATA"] || join(this.home, "AppData", "Local")
      : join(this.home, ".local/share");
  }

  /** What a user says. */
  get config(): string {
    return this.env["XDG_CONFIG_HOME"] || join(this.home, ".config");
  }

  /** What is installed for all. */
  get systemData(): readonly string[] {
    const named = (this.env["XDG_DATA_DIRS"] || "/usr/local/share:/usr/share").split(":");
    return [...named, ...this.env["XDG_DATA_DIRS"] ? [] : ["/opt/homebrew/share"]];
  }

  /** A path below the home without it; else as it is. */
  below(path: string): string {
    return path.startsWith(`${this.home}/`) ? path.slice(this.home.length + 1) : path;
  }

  /** A path as a person writes it in a shell. */
  word(path: string): string {
    const below = this.below(path);
    if (below !== path && PLAIN.test(below)) return `~/${below}`;
    return PLAIN.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  }
}

const PLAIN = /^[\w.,:@/+-]+$/;

const PLACES: Readonly<Record<CompletionShell, (program: string, folders: Folders) => Place>> = {
  // bash-completion loads the file of a command's name when that is completed first; bash alone looks nowhere.
  bash(program, folders) {
    const [own] = (folders.env["BASH_COMPLETION_USER_DIR"] ?? "").split(":");
    const path = join(own || join(folders.data, "bash-completion"), "completions", program);
    const loader = ["bash-completion", "bash_completion"];
    if (folders.systemData.some((it) => isFile(join(it, ...loader)))) return { path };
    return {
      path,
      line: `. ${folders.word(path)}`,
      rc: {
        name: "~/.bashrc",
        files: [".bashrc", ".bash_profile"].map((it) => join(folders.home, it)),
      },
      sign: folders.below(path),
    };
  },
  // Which folders zsh looks into its own files say, and these would have to be run to know.
  zsh(program, folders) {
    const { env, home } = folders;
    const own = env["FPATH"]?.split(":").find((it) => it.startsWith(`${home}/`) && isFolder(it));
    if (own !== undefined) return { path: join(own, `_${program}`) };
    const folder = join(folders.data, "zsh/site-functions");
    const rc = join(env["ZDOTDIR"] || home, ".zshrc");
    return {
      path: join(folder, `_${program}`),
      line: `fpath=(${folders.word(folder)} $fpath)`,
      rc: { name: folders.word(rc), files: [rc] },
      sign: folders.below(folder),
    };
  },
  fish: (program, { config }) => ({ path: join(config, "fish/completions", `${program}.fish`) }),
  powershell(program, folders) {
    const path = join(folders.data, program, "completions", `${program}.ps1`);
    const names = ["profile.ps1", "Microsoft.PowerShell_profile.ps1"];
    const places = [
      join(folders.config, "powershell"),
      join(folders.home, "Documents", "PowerShell"),
      join(folders.home, "Documents", "WindowsPowerShell"),
    ];
    const files = places.flatMap((it) => names.map((name) => join(it, name)));
    return {
      path,
      line: `. ${powershellWord(folders, path)}`,
      rc: { name: "$PROFILE", files },
      sign: folders.below(path),
    };
  },
};

/** PowerShell doubles what is in the way, and knows `~` as well. */
function powershellWord(folders: Folders, path: string): string {
  const word = folders.word(path);
  return word.startsWith("'") || word.includes("\\") ? `'${path.replaceAll("'", "''")}'` : word;
}

function isFolder(path: string): boolean {
  return attempt(() => Deno.statSync(path).isDirectory) ?? false;
}
