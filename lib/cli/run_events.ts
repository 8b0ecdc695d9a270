/**
 * What happens in the run of a command line, as JSON lines on standard error.
 *
 * @module
 */

import type { ErrorFacts } from "../events/error_facts.ts";
import type { EventListener } from "../events/listener.ts";
import { createTell, type Tell } from "../events/tell.ts";
import { toJson } from "../text/printable.ts";
import { DOCUMENT_VERSION } from "./document.ts";
import type { System } from "./system.ts";

/** The events of a run, where `--events` asks for them; else nothing is told. */
export class RunEvents {
  /** Prints an event; undefined where nobody asked for them. */
  readonly onEvent: EventListener | undefined;
  readonly #tell: Tell;

  /** Tells that the run has begun; `said`: makes messages those of the program that runs. */
  constructor(
    system:
      | Pick<System, "args" | "stderr"> & { readonly said: (message: string) => string }
      | undefined,
  ) {
    this.onEvent = system && ((event) => {
      const message = event.message && system.said(event.message);
      system.stderr(toJson({ ...event, message }, { indent: 0 }));
    });
    this.#tell = createTell({ onEvent: this.onEvent });
    if (system === undefined) return;
    this.#tell({ kind: "begun", version: DOCUMENT_VERSION, args: system.args });
  }

  /** Whether somebody asked for them. */
  get isOn(): boolean {
    return this.onEvent !== undefined;
  }

  /** Tells that the run has come to its end, and returns its exit status. */
  done(exitStatus: number, message?: string): number {
    this.#tell({ kind: "done", exitStatus, message });
    return exitStatus;
  }

  /** Tells that it has failed. */
  failed(error: ErrorFacts, exitStatus: number): void {
    this.#tell({ kind: "failed", exitStatus, error });
  }
}
