/**
 * What may be found in an app after a fault, and what may be said of it.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { processesIn } from "../../harness/processes.ts";
import type { Ended, SweepApp } from "./app.ts";
import {
  assertCheckouts,
  assertKept,
  checkoutOf,
  type Checkouts,
  readCheckouts,
} from "./checkouts.ts";
import type { SweepManager } from "./managers.ts";
import { must, prepared, type Scenario } from "./scenarios.ts";
import { differing, isSame, restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** The files that are all old or all new, beside those of the package manager. */
const FILES = ["pyproject.toml", "hsm.yaml", "hsm.local.yaml", ".gitignore", ".ignore"];

/** What HSM keeps for itself, and whose content nobody relies on: the history, what a crash left of a journal, the lock. */
const KEPT = /^\.hsm(?:\/(?:journal(?:\/.*)?|\.gitignore|lock|synced\.json|schema\.json))?$/;

/** What a kill may leave: an unfinished clone, which the next one of that package removes, and an unfinished note. */
const UNFINISHED = /^packages\/\.[^/]+\.hsm-\d+-[^/]+(?:\/|$)|^\.hsm\/\w+\.json\.[\da-f-]{36}$/;

/** What is said where a person is needed. */
export const INSTRUCTIONS = /run any hsm command|then run the command again|run hsm where it can/;

/** Which of its two states the app is in; "same" where the command does not change its files. */
export type State = "old" | "new" | "same";

/** A scenario's app, what it is before its command and what the command makes of it without a fault. */
export class Judge implements AsyncDisposable {
  /** The app. */
  readonly app: SweepApp;
  readonly #files: readonly string[];
  readonly #old: Snapshot;
  readonly #new: Snapshot;
  readonly #checkouts: readonly [Checkouts, Checkouts];
  readonly #history: string;

  private constructor(
    app: SweepApp,
    states: readonly [Snapshot, Snapshot],
    checkouts: readonly [Checkouts, Checkouts],
    history: string,
  ) {
    [this.app, this.#checkouts, this.#history] = [app, checkouts, history];
    [this.#old, this.#new] = states;
    this.#files = [...FILES, ...app.manager.files];
  }

  /** Makes the app, and finds out what the command makes of it. */
  static async of(manager: SweepManager, scenario: Scenario, parent?: string): Promise<Judge> {
    const app = await prepared(manager, scenario, parent);
    const old = takeSnapshot(app.root);
    const oldCheckouts = await readCheckouts(app, old);
    const history = await historyOf(app);
    restoreSnapshot(app.root, old);
    await must(app, scenario.args);
    const after = takeSnapshot(app.root);
    assert(differing(old, after).length > 0, "nothing to do");
    const checkouts = [oldCheckouts, await readCheckouts(app, after)] as const;
    await assertKept(app, checkouts);
    const judge = new Judge(app, [old, after], checkouts, history);
    judge.restore();
    return judge;
  }

  /** Brings the app back to what it is before the command. */
  restore(): void {
    restoreSnapshot(this.app.root, this.#old);
  }

  /** Waits for what a killed hsm has left running. */
  async quiet(): Promise<void> {
    while (processesIn(this.app.folder).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Asserts that each of the files is whole: the old one, or the new one, to the byte and with its mode. */
  assertWhole(): void {
    const now = takeSnapshot(this.app.root, this.#files);
    const torn = this.#files.filter((file) => !this.#isKnown(file, now));
    assertEquals(torn.map((file) => `${file}: ${textOf(now, file)}`), []);
  }

  /**
   * Lets the next command recover, one that only looks, and judges what it comes to: the old files or the new ones, and
   * that what is undone then brings the old ones back.
   *
   * @param unclean Whether a process has ended without clearing up.
   */
  async recover(unclean: boolean): Promise<State> {
    const { app } = this;
    const history = await historyOf(app);
    const state = await this.assertSettled(unclean);
    if (history !== this.#history) await must(app, ["undo", "--no-sync"]);
    const now = takeSnapshot(app.root, this.#files);
    const wrong = this.#files.filter((file) => !isSame(this.#old.get(file), now.get(file)));
    assertEquals(wrong.map((file) => `${file}: ${textOf(now, file)}`), [], "undone");
    return state;
  }

  /** Asserts that the files are all old or all new, that nothing else has changed, and that nothing is left over. */
  async assertSettled(unclean: boolean): Promise<State> {
    const now = takeSnapshot(this.app.root);
    const isAll = (of: Snapshot) =>
      this.#files.every((file) => isSame(of.get(file), now.get(file)));
    const [isOld, isNew] = [isAll(this.#old), isAll(this.#new)];
    const state = isOld && isNew ? "same" : isNew ? "new" : isOld ? "old" : undefined;
    const texts = () => this.#files.map((file) => `--- ${file}\n${textOf(now, file)}`).join("");
    assert(state !== undefined, `neither old nor new\n${texts()}`);
    const paths = new Set([...this.#old.keys(), ...now.keys()]);
    for (const path of paths) {
      if (this.#files.includes(path) || checkoutOf(path) !== undefined || KEPT.test(path)) continue;
      if (unclean && UNFINISHED.test(path)) continue;
      assert(this.#isKnown(path, now), `${path} is ${now.has(path) ? "left" : "gone"}`);
    }
    await assertCheckouts(this.app, now, this.#checkouts);
    return state;
  }

  /**
   * Asserts that a run with an error came to the state that its exit status says, and that what it said is of use.
   *
   * @param unclean Whether it could not clear up.
   */
  async assertTold({ code, stderr }: Ended, unclean = false): Promise<void> {
    const said = `exit ${code}\n${stderr}`;
    assert([0, 1, 2, 3].includes(code), said);
    assert(!stderr.includes("bug in hsm"), said);
    if (code === 0) return assert(await this.assertSettled(unclean) !== "old", said);
    assertMatch(stderr, /^error: Cannot .*[^.\n]$/m, said);
    if (code === 3) {
      return assertMatch(stderr, INSTRUCTIONS, said);
    }
    const helps = ["hint:", this.app.root, ...this.#files].some((it) => stderr.includes(it));
    assert(helps, `${said}no path, no way out`);
    assert(await this.assertSettled(unclean) !== "new", said);
  }

  #isKnown(path: string, now: Snapshot): boolean {
    const entry = now.get(path);
    return isSame(this.#old.get(path), entry) || isSame(this.#new.get(path), entry);
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}

/** What can be undone; whoever asks recovers first. */
async function historyOf(app: SweepApp): Promise<string> {
  const { code, stdout, stderr } = await app.hsm(["undo", "--list"]);
  // Where there is no workspace yet nothing was done.
  assert(code === 0 || stderr.includes("Cannot find hsm.yaml"), stderr);
  return stdout;
}

function textOf(snapshot: Snapshot, file: string): string {
  const entry = snapshot.get(file);
  return entry?.kind === "file" ? new TextDecoder().decode(entry.bytes) : "nothing\n";
}
