/**
 * The one way in which a run tells what happens: an event, for whoever listens.
 *
 * @module
 */

import { type EventListener, listening } from "./listener.ts";
import { eventWords } from "./words.ts";
import type { Happening, StartedEvent } from "./events.ts";
import type { ProgramOptions, Reporter } from "../report.ts";

/** Work that has begun; disposing of it ends it. */
export interface Work extends Disposable {
  /** What events know it by. */
  readonly id: number;
  /** Whether anybody sees how far it is: where nobody does, that need not be found out. */
  readonly isShown: boolean;
  /** Says how far it is. `percent` is 0 to 100, where known. */
  update(text: string, percent?: number): void;
  /** A piece of a program's own messages, as it came. */
  output(text: string): void;
  /** Says that it comes to its end, and how. */
  ended(success: boolean): void;
}

/** Tells what happens. */
export interface Tell {
  (event: Happening): void;
  /** Work begins; `program`: how the messages of a program are shown to people. */
  begin(work: Omit<StartedEvent, "at" | "kind" | "id">, program?: ProgramOptions): Work;
}

/** Who is told. */
export interface Listeners {
  /** Is told in words. */
  readonly reporter?: Reporter | undefined;
  /** Is told in data, without secrets. */
  readonly onEvent?: EventListener | undefined;
}

/** By number, and among all workspaces of a process: one listener may hear of several. */
let lastId = 0;

/** Makes what tells. */
export function createTell({ reporter, onEvent }: Listeners = {}): Tell {
  const words = reporter && eventWords(reporter);
  const hear = onEvent && listening(onEvent, (message) => reporter?.warn(message));
  const tell = (event: Happening, program?: ProgramOptions) => {
    words?.tell(event, program);
    hear?.(event);
  };
  const begin: Tell["begin"] = (work, program) => {
    const id = ++lastId;
    const since = performance.now();
    let success: boolean | undefined;
    let isOver = false;
    tell({ kind: "started", id, ...work }, program);
    return {
      id,
      isShown: hear !== undefined || words?.isShown(id) === true,
      update: (text, percent) => tell({ kind: "progressed", id, text, percent }),
      output: (text) => tell({ kind: "output", id, text }),
      ended: (it) => success = it,
      [Symbol.dispose]() {
        if (isOver) return;
        isOver = true;
        const milliseconds = Math.round(performance.now() - since);
        tell({ kind: "ended", id, milliseconds, success });
      },
    };
  };
  return Object.assign((event: Happening) => tell(event), { begin });
}
