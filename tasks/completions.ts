/**
 * `hsm completions`, which every program made with `runCli` has.
 *
 * @module
 */

export { completions, completionsCommand } from "../lib/cli/completion/command.ts";
