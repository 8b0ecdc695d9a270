/**
 * How errors look in scripts: as `hsm` shows them, whether nobody catches them or they are printed.
 *
 * Deno shows of an error that nobody catches its message and its stack, which is where HSM made it and nothing that the
 * reader could use. Loaded for its effect by what opens workspaces for scripts, `api/workspace.ts`: the executable catches everything.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { printer } from "../console/printer.ts";
import { renderError, toHsmError } from "./show_error.ts";
import { createStyle } from "../text/style.ts";

/** Whether it is HSM's, or led to or away from one of HSM's when a workspace was left. */
function isOwn(thrown: unknown): boolean {
  return thrown instanceof HsmError ||
    (thrown instanceof SuppressedError && (isOwn(thrown.error) || isOwn(thrown.suppressed)));
}

/** Ends the script as `hsm` would end, unless it has taken care of the error by itself. */
function endWith(event: Event, thrown: unknown): void {
  if (event.defaultPrevented || !isOwn(thrown)) return;
  event.preventDefault();
  const error = toHsmError(thrown);
  // What Deno itself goes by; variables may be out of reach.
  const color = Deno.stderr.isTerminal() && !Deno.noColor;
  printer(Deno.stderr, color)(renderError(error, error.restored, createStyle(color), false));
  Deno.exit(error.exitStatus);
}

addEventListener("error", (event) => endWith(event, event.error));
addEventListener("unhandledrejection", (event) => endWith(event, event.reason));

Object.defineProperty(HsmError.prototype, Symbol.for("Deno.customInspect"), {
  value(this: HsmError, _inspect: unknown, { colors = false }: Deno.InspectOptions): string {
    return renderError(this, this.restored, createStyle(colors), false).trimEnd();
  },
});
