/**
 * What happens in a run, as data: one type for each thing that happens, told in its order.
 *
 * @module
 */

import type { ErrorFacts } from "./error_facts.ts";
import type {
  AddedPackage,
  Checkout,
  InjectResult,
  MappedPackage,
  ModeSwitch,
  PinMove,
  Problem,
  PulledCheckout,
  RemovedPackage,
  StandInChange,
} from "./outcomes.ts";

/** What every event has. */
export interface Happened {
  /** When it happened, in ISO 8601, UTC. */
  readonly at: string;
  /**
   * What people are told of it, in one line, for people only. Left out where nobody is told: what it says is in another
   * event's, or shown while it lasts.
   */
  readonly message?: string | undefined;
  /**
   * How much the message weighs: `detail`: it is one of many, whose sum another event tells; `warning`: it deserves
   * attention. Left out: something was done.
   */
  readonly level?: "detail" | "warning" | undefined;
}

/** What work that lasts is about: a checkout's clone, the lock file, a question that has the terminal. */
export type WorkKind =
  | "clone"
  | "fill-submodules"
  | "fetch"
  | "pull"
  | "fetch-app"
  | "find-package"
  | "ask-remote"
  | "read-package"
  | "program"
  | "verify"
  | "exec"
  | "terminal"
  | "other";

/** Work begins that may last; `ended` with its `id` follows, whatever becomes of it. */
export interface StartedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "started";
  /** What it is known by in the events to come, among all of this process. */
  readonly id: number;
  /**
   * The kind of work. `program`: one that says what it does; `terminal`: a question or another program has the terminal,
   * and nothing may be drawn there until it ends; `other`: a script's own.
   */
  readonly work: WorkKind;
  /** The packages concerned. */
  readonly packages?: readonly string[] | undefined;
  /** The folder concerned, relative to the root, with `/`. */
  readonly path?: string | undefined;
  /** The remote concerned. */
  readonly url?: string | undefined;
}

/** How far work is. */
export interface ProgressedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "progressed";
  /** The work. */
  readonly id: number;
  /** What it does at the moment. */
  readonly text: string;
  /** How far it is, 0 to 100, where that is known. */
  readonly percent?: number | undefined;
}

/** Work has ended, once for each that started. */
export interface EndedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "ended";
  /** The work. */
  readonly id: number;
  /** How long it took. */
  readonly milliseconds: number;
  /** Whether it did what it was to do; left out where another event says what became of it, or an error does. */
  readonly success?: boolean | undefined;
}

/** A program was run to its end, by HSM itself or by a script. */
export interface RanEvent extends Happened {
  /** The kind of event. */
  readonly kind: "ran";
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The folder it ran in, absolute. */
  readonly folder?: string | undefined;
  /** How long it took. */
  readonly milliseconds: number;
  /** Its exit status; 128+n where signal n ended it. */
  readonly exitCode?: number | undefined;
}

/** A program has said something that people are shown. */
export interface OutputEvent extends Happened {
  /** The kind of event. */
  readonly kind: "output";
  /** A piece of its output, as it came. */
  readonly text: string;
  /** The work that the program is; left out of one that is told of when it has ended. */
  readonly id?: number | undefined;
}

/** Something deserves attention. */
export interface WarnedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "warned";
  /** What, and what to do about it. */
  readonly message: string;
  /** The packages concerned. */
  readonly packages?: readonly string[] | undefined;
  /** The file or folder concerned, relative to the root, with `/`. */
  readonly path?: string | undefined;
}

/** Something is said that no other event has: the sum of many, or a script's own words. */
export interface ToldEvent extends Happened {
  /** The kind of event. */
  readonly kind: "told";
  /** What is said. */
  readonly message: string;
}

/** Submodules of a checkout are there that were missing. */
export interface SubmodulesClonedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "submodules-cloned";
  /** The checkout, relative to the root, with `/`. */
  readonly path: string;
  /** The submodules, relative to the checkout, with `/`. */
  readonly submodules: readonly string[];
}

/** A dev package's checkout has been cloned; of several packages in one checkout, one after the other. */
export interface ClonedEvent extends Happened, Checkout {
  /** The kind of event. */
  readonly kind: "cloned";
  /** The work, which ends now. */
  readonly id: number;
}

/** A dev package's checkout could not be cloned; the others go on. */
export interface CloneFailedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "clone-failed";
  /** The work, which ends now. */
  readonly id: number;
  /** The package's name. */
  readonly package: string;
  /** The folder that it was to have, relative to the root, with `/`. */
  readonly path: string;
  /** Why, in git's words for the most part. */
  readonly reason: string;
}

/** A checkout has not the branch that the manifest names for it, and stays as it is. */
export interface BranchMissingEvent extends Happened {
  /** The kind of event. */
  readonly kind: "branch-missing";
  /** The packages in it. */
  readonly packages: readonly string[];
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /** The branch. */
  readonly branch: string;
}

/** A checkout has what its remote has: only its remote-tracking branches and tags have changed. */
export interface FetchedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "fetched";
  /** The packages in it. */
  readonly packages: readonly string[];
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
}

/** What became of a checkout that was to be pulled. */
export interface PulledEvent extends Happened, PulledCheckout {
  /** The kind of event. */
  readonly kind: "pulled";
}

/** A new package's repository is there. */
export interface MadeEvent extends Happened {
  /** The kind of event. */
  readonly kind: "made";
  /** The package's name. */
  readonly package: string;
  /** Its checkout, relative to the root, with `/`. */
  readonly path: string;
}

/** A checkout stays though its package leaves the manifest. */
export interface KeptEvent extends Happened {
  /** The kind of event. */
  readonly kind: "kept";
  /** The packages that leave. */
  readonly packages: readonly string[];
  /** The checkout, relative to the root, with `/`. */
  readonly path: string;
}

/** Files of the app have been written, in a transaction: until it is committed all of them may go back. */
export interface WrittenEvent extends Happened {
  /** The kind of event. */
  readonly kind: "written";
  /** The files, relative to the root. */
  readonly files: readonly string[];
}

/** All that a transaction changed is there to stay. */
export interface CommittedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "committed";
  /** The transaction, by the number that `hsm undo` takes. */
  readonly transaction: string;
  /** The files that it changed, relative to the root: empty where all are as before. */
  readonly files: readonly string[];
}

/** All that a transaction changed has gone back. */
export interface RolledBackEvent extends Happened {
  /** The kind of event. */
  readonly kind: "rolled-back";
  /** The files that were brought back, relative to the root, and the environment where it was changed. */
  readonly restored: readonly string[];
  /** The environment where it could not be brought back. */
  readonly notRestored: readonly string[];
}

/** It is known where a package comes from. */
export interface MappedEvent extends Happened, MappedPackage {
  /** The kind of event. */
  readonly kind: "mapped";
}

/** Something does not fit, or could not be checked. */
export interface ProblemFoundEvent extends Happened {
  /** The kind of event. */
  readonly kind: "problem-found";
  /** What. */
  readonly problem: Problem;
}

/** The sources are where the package manager reads them. */
export interface InjectedEvent extends Happened, InjectResult {
  /** The kind of event. */
  readonly kind: "injected";
}

/** The package manager has written its lock file. */
export interface LockedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "locked";
  /** The package manager. */
  readonly adapter: string;
}

/** The environment is what the lock file says. */
export interface InstalledEvent extends Happened {
  /** The kind of event. */
  readonly kind: "installed";
  /** The package manager. */
  readonly adapter: string;
}

/** A checkout stands in for its package, again or for the first time, or does no longer. */
export interface StoodInEvent extends Happened, StandInChange {
  /** The kind of event. */
  readonly kind: "stood-in";
}

/** A `verify` command of the manifest has succeeded. */
export interface VerifiedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "verified";
  /** The command, as the manifest has it. */
  readonly command: string;
}

/** A package's mode in the manifest is to be another; it is written with the transaction. */
export interface SwitchedEvent extends Happened, ModeSwitch {
  /** The kind of event. */
  readonly kind: "switched";
}

/** A package's pin in the manifest is to be another; it is written with the transaction. */
export interface PinnedEvent extends Happened, PinMove {
  /** The kind of event. */
  readonly kind: "pinned";
}

/** Pins were tried together, as `hsm update --each` does. */
export interface PinsTriedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "pins-tried";
  /** The pins. */
  readonly moves: readonly PinMove[];
  /** Whether the app syncs and verifies with them: then they are in, else they have gone back. */
  readonly success: boolean;
}

/** A package is to be in the manifest; it is written with the transaction. */
export interface AddedEvent extends Happened, AddedPackage {
  /** The kind of event. */
  readonly kind: "added";
}

/** It is known in which folder of its repository a package lies. */
export interface FoundEvent extends Happened {
  /** The kind of event. */
  readonly kind: "found";
  /** The package's name. */
  readonly package: string;
  /** The folder, relative to its repository; left out where that is the repository itself. */
  readonly subdirectory?: string | undefined;
}

/** A package is to leave the manifest; it is written with the transaction. */
export interface RemovedEvent extends Happened, RemovedPackage {
  /** The kind of event. */
  readonly kind: "removed";
}

/** Packages have left hsm.yaml with what was pulled, and so one developer's own settings of them have gone. */
export interface ForgottenEvent extends Happened {
  /** The kind of event. */
  readonly kind: "forgotten";
  /** The packages' names. */
  readonly packages: readonly string[];
}

/** A run waits for a program: another hsm in the same workspace, or what a crashed one left. */
export interface WaitedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "waited";
  /** The process that it waits for, where that is known. */
  readonly pid?: number | undefined;
}

/** A run that was told to end before is told so again. */
export interface EndingEvent extends Happened {
  /** The kind of event. */
  readonly kind: "ending";
}

/** What a crashed run left has gone back. */
export interface RecoveredEvent extends Happened {
  /** The kind of event. */
  readonly kind: "recovered";
  /** The command that did not end well. */
  readonly command: string | null;
  /** When that one began, in ISO 8601. */
  readonly since: string | null;
  /** The files that were brought back, relative to the root. */
  readonly restored: readonly string[];
}

/** A command has begun: the first line of `--events`. */
export interface BegunEvent extends Happened {
  /** The kind of event. */
  readonly kind: "begun";
  /** The version of the events' shapes, that of the documents of `--json`. */
  readonly version: number;
  /** The words of the command line, without the program. */
  readonly args: readonly string[];
}

/** A command has come to its end: the last line of `--events`. */
export interface DoneEvent extends Happened {
  /** The kind of event. */
  readonly kind: "done";
  /** The exit status: 1 is an answer that was asked for with `--exit-code`. */
  readonly exitStatus: number;
}

/** A command has failed: the last line of `--events`. */
export interface FailedEvent extends Happened {
  /** The kind of event. */
  readonly kind: "failed";
  /** The exit status. */
  readonly exitStatus: number;
  /** What failed, as the document of `--json` has it. */
  readonly error: ErrorFacts;
}

/**
 * One thing that happens; `kind` says which. New kinds and new fields may come: pass over what you do not know.
 *
 * @example
 * ```ts
 * import { type HsmEvent, openWorkspace } from "@hsm/hsm";
 *
 * const files: string[] = [];
 * const onEvent = (event: HsmEvent) => {
 *   if (event.kind === "written") files.push(...event.files);
 * };
 * await using workspace = await openWorkspace({ onEvent, readonly: true });
 * ```
 */
export type HsmEvent =
  | BegunEvent
  | StartedEvent
  | ProgressedEvent
  | EndedEvent
  | RanEvent
  | OutputEvent
  | WarnedEvent
  | ToldEvent
  | SubmodulesClonedEvent
  | ClonedEvent
  | CloneFailedEvent
  | BranchMissingEvent
  | FetchedEvent
  | PulledEvent
  | MadeEvent
  | KeptEvent
  | WrittenEvent
  | CommittedEvent
  | RolledBackEvent
  | MappedEvent
  | ProblemFoundEvent
  | InjectedEvent
  | LockedEvent
  | InstalledEvent
  | StoodInEvent
  | VerifiedEvent
  | SwitchedEvent
  | PinnedEvent
  | PinsTriedEvent
  | AddedEvent
  | FoundEvent
  | RemovedEvent
  | ForgottenEvent
  | WaitedEvent
  | EndingEvent
  | RecoveredEvent
  | DoneEvent
  | FailedEvent;

/** What happens, as it is told: when, is added to that. */
export type Happening<E extends HsmEvent = HsmEvent> = E extends HsmEvent ? Omit<E, "at"> : never;
