/**
 * `hsm completions`, which every program made with `runCli` has.
 *
 * @module
 */

export { completions, completionsCommand } from "../lib/cli/completion/command.ts";
export type { CompletionsDocument, CompletionsResult } from "../lib/cli/completion/command.ts";
export type { CompletionsInstalled } from "../lib/cli/completion/install.ts";
export type { Completion, Paths, Words } from "../lib/cli/completion/complete.ts";
export type { Candidate } from "../lib/command/option.ts";
export type { CompletionShell } from "../lib/cli/completion/scripts.ts";
