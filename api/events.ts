/**
 * What happens, as data: `openWorkspace({ onEvent })` is told of each {@linkcode HsmEvent} as it comes, and `hsm
 * --events` prints the same as JSON lines. What `kind` says tells them apart.
 *
 * @example
 * ```ts
 * import { openWorkspace, sync } from "@hsm/hsm";
 * import type { HsmEvent } from "@hsm/hsm/events";
 *
 * const cloned: string[] = [];
 * const onEvent = (event: HsmEvent) => {
 *   if (event.kind === "cloned") cloned.push(event.path);
 * };
 * await using workspace = await openWorkspace({ onEvent });
 * await sync(workspace, { yes: true });
 * console.log(cloned); // ["packages/my-plugin"], where that was missing
 * ```
 *
 * @module
 */

// Each kind is a part of the union: what is exported there is public.
export type * from "../lib/events/events.ts";
export type { EventListener } from "../lib/events/listener.ts";
export type { ErrorFacts } from "../lib/events/error_facts.ts";
