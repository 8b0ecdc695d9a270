/**
 * Many points tried in one test: all that fail are told, not only the first.
 *
 * @module
 */

/** Whether everything is tried, whatever time it takes. */
export const FULL = Deno.env.get("HSM_FAULT_SWEEP") === "full";

/** How a command ends: the commit itself, and whether it lasts. */
export const COMMIT = /^(?:rename .* \.hsm\/journal\/\d+|syncFolder \.hsm\/journal)$/;

/** Of how many failures everything is told. */
const TOLD = 10;

/** The points that were tried. */
export class Sweep {
  readonly #failures: { readonly where: string; readonly message: string }[] = [];
  #tried = 0;

  /** How many points were tried. */
  get tried(): number {
    return this.#tried;
  }

  /** Tries one. */
  async point(where: string, run: () => Promise<unknown>): Promise<void> {
    this.#tried++;
    try {
      await run();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failures.push({ where, message });
    }
  }

  /** Throws what has failed in some sweeps: the points, and one example of each failure. */
  static end(...sweeps: readonly Sweep[]): void {
    const failures = sweeps.flatMap((it) => it.#failures);
    if (failures.length === 0) return;
    const count = `${failures.length} of ${
      sweeps.reduce((n, it) => n + it.#tried, 0)
    } points failed`;
    const points = failures.map(({ where }) => `  ${where}\n`).join("");
    const examples = [...new Map(failures.map((it) => [it.message, it])).values()].slice(0, TOLD);
    const texts = examples.map(({ where, message }) => `${where}\n${message}`);
    throw new Error(`${count}:\n${points}\n${texts.join("\n\n")}`);
  }
}
