import { assertEquals, assertThrows } from "@std/assert";
import {
  choosing,
  holdingElsewhere,
  splitUvArguments,
} from "../../../../lib/adapters/uv/options.ts";
import { HsmError } from "../../../../lib/errors.ts";
import { start } from "../../../harness/program.ts";
import { uvProgram } from "../../../harness/repository.ts";

/** What `uv sync --help` of uv 0.9.0 lists: a `=` for a value, a letter for the short form. */
const OLDEST = `
  extra= output-format= all-extras no-extra= no-dev only-dev group= no-group= no-default-groups
  only-group= all-groups no-editable inexact active no-install-project no-install-workspace
  no-install-local no-install-package= locked frozen dry-run all-packages package= script=
  python-platform= check index= default-index= i:index-url= extra-index-url= f:find-links=
  no-index index-strategy= keyring-provider= U:upgrade P:upgrade-package= resolution= prerelease=
  fork-strategy= exclude-newer= exclude-newer-package= no-sources reinstall reinstall-package=
  link-mode= compile-bytecode C:config-setting= config-settings-package= no-build-isolation
  no-build-isolation-package= no-build no-build-package= no-binary no-binary-package= n:no-cache
  cache-dir= refresh refresh-package= p:python= managed-python no-managed-python
  no-python-downloads q:quiet v:verbose color= native-tls offline allow-insecure-host= no-progress
  directory= project= config-file= no-config h:help`;

/** What no help lists. */
const HIDDEN = `
  no-upgrade pre no-all-extras dev editable exact no-exact no-active no-check only-install-project
  only-install-workspace only-install-local only-install-package= no-reinstall force-reinstall
  no-compile-bytecode compile no-compile config-settings= build-isolation build binary no-refresh
  no-cache-dir python-preference= allow-python-downloads python-fetch= no-color
  no-installer-metadata native-tls no-native-tls no-system-certs no-offline trusted-host= preview
  no-preview preview-features= preview-feature= isolated show-settings`;

interface Listed {
  readonly names: readonly string[];
  readonly hasValue: boolean;
}

function listed(text: string): readonly Listed[] {
  return text.trim().split(/\s+/).map((it) => {
    const [, letter, name] = /^(?:(\w):)?([\w-]+)=?$/.exec(it)!;
    return {
      names: [`--${name}`, ...letter === undefined ? [] : [`-${letter}`]],
      hasValue: it.endsWith("="),
    };
  });
}

async function help(command: string): Promise<readonly Listed[]> {
  const { stdout } = await start([uvProgram(), command, "--help"], { cwd: "." }).ended;
  const found = stdout.matchAll(/^ +(?:(-\w), )?(--[\w-]+)( <[^>]+>)?/gm);
  return [...found].map(([, letter, name = "", value]) => ({
    names: [name, ...letter === undefined ? [] : [letter]],
    hasValue: value !== undefined,
  }));
}

/** Whether a command of uv's has an option. */
async function accepts(command: string, name: string): Promise<boolean> {
  const { stderr } = await start([uvProgram(), command, name, "--help"], { cwd: "." }).ended;
  return !stderr.includes("unexpected argument");
}

/** What hsm makes of an option. */
function judge(args: readonly string[]): string {
  try {
    const { lock, sync } = splitUvArguments(args);
    return [...lock.length > 0 ? ["lock"] : [], ...sync.length > 0 ? ["sync"] : []].join(" and ");
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return error.message.replace(/^.*?: /, "");
  }
}

/** Asserts that an option is known, with a value or without one as it is. */
function assertKnown({ names, hasValue }: Listed): void {
  for (const name of names) {
    const alone = judge([name]);
    if (alone === "that is for hsm to decide") continue;
    const withWord = judge([name, "word"]);
    assertEquals(alone === "it needs a value", hasValue, `${name}: ${alone}`);
    assertEquals(withWord === "it is no option", !hasValue, `${name} word: ${withWord}`);
  }
}

Deno.test("every option of uv sync is known, in this uv and in the oldest", async () => {
  for (const option of [...listed(OLDEST), ...listed(HIDDEN), ...await help("sync")]) {
    assertKnown(option);
  }
});

Deno.test("an option reaches uv lock if uv lock has it", async () => {
  const locking = new Set((await help("lock")).flatMap((it) => it.names));
  for (const { names: [name = ""], hasValue } of [...await help("sync"), ...listed(HIDDEN)]) {
    const judged = judge(hasValue ? [name, "word"] : [name]);
    if (!/^(?:lock|sync|lock and sync)$/.test(judged)) continue;
    // Hidden ones come and go from version to version.
    if (!await accepts("sync", name)) continue;
    const has = locking.has(name) || await accepts("lock", name);
    assertEquals(judged.includes("lock"), has, `${name}: ${judged}`);
  }
});

Deno.test("splitUvArguments() gives each step what is its own, in order, values included", () => {
  const args = ["-qU", "-P", "a", "-Pb", "--extra=x", "--group", "y", "-p3.12", "--no-dev"];
  assertThrows(() => splitUvArguments(args), HsmError, "Cannot sync with uv's -qU: it is several");
  assertEquals(splitUvArguments(["-q", "-U", ...args.slice(1)]), {
    lock: ["-q", "-U", "-P", "a", "-Pb", "-p3.12"],
    sync: ["-q", "--extra=x", "--group", "y", "-p3.12", "--no-dev"],
  });
  assertEquals(splitUvArguments(["-nq", "-C", "a=b"]), {
    lock: ["-nq", "-C", "a=b"],
    sync: ["-nq", "-C", "a=b"],
  });
});

Deno.test("splitUvArguments() refuses what hides behind another option, or is none", () => {
  const refused = {
    "-qh": "that is for hsm to decide",
    "-nqh": "that is for hsm to decide",
    "--extra --no-sources": "it needs a value",
    "--extra": "it needs a value",
    "-P": "it needs a value",
    "--no-sources=true": "that is for hsm to decide",
    "-x": "hsm does not know it",
    "--constructor": "hsm does not know it",
    "word": "it is no option",
    "-": "it is no option",
    "": "it is no option",
  };
  for (const [line, why] of Object.entries(refused)) {
    assertEquals(judge(line.split(" ")), why, line);
  }
});

Deno.test("what chooses what is installed, uv export has as well, and another environment takes all but its Python", async () => {
  const args = ["-q", "-U", "--extra=x", "--group", "y", "-p3.12", "--offline", "--inexact"];
  assertEquals(choosing(args), ["--extra=x", "--group", "y"]);
  assertEquals(holdingElsewhere(args), ["-q", "--extra=x", "--group", "y", "--offline"]);
  const options = [...await help("sync"), ...listed(HIDDEN)];
  for (const { names: [name = ""], hasValue } of options) {
    const words = hasValue ? [name, "word"] : [name];
    if (judge(words) !== "sync" || choosing(words).length === 0) continue;
    assertEquals(await accepts("export", name), true, name);
  }
});
