/**
 * How the commands end that change the manifest: in the files, and in a sync.
 *
 * @module
 */

import type { CommandContext, CommandOutcome } from "../lib/command/command.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";

/** What a command did, and what the sync after it did; nothing where there was none, as with `--no-sync`. */
export type Synced<Result extends object> = Result & Partial<SyncResult>;

/** How a command that staged something ends. */
export interface FinishOptions extends Pick<SyncOptions, "noCheck" | "noVerify" | "filter"> {
  /** What it did, as text. */
  readonly text: string;
  /** Only writes the files. */
  readonly noSync?: boolean | undefined;
}

/** Brings what is staged to its end: into the files, and unless told otherwise into the environment. */
export async function finish<Result extends object>(
  workspace: Workspace,
  context: CommandContext,
  data: Result,
  { text, noSync, ...how }: FinishOptions,
): Promise<CommandOutcome<Synced<Result>>> {
  if (noSync) {
    await workspace.ignore();
    await workspace.commit();
    return { data, text };
  }
  const { yes, passthrough: args } = context;
  const result = await sync(workspace, { yes, args, ...how });
  return { data: { ...data, ...result }, text };
}
