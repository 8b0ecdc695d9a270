/**
 * What happens, as data: `openWorkspace({ onEvent })` is told of each {@linkcode HsmEvent} as it comes, and `hsm --events`
 * prints the same as JSON lines. What `kind` says tells them apart.
 *
 * @module
 */

// Each kind is a part of the union: what is exported there is public.
export type * from "../lib/events/events.ts";
export type { EventListener } from "../lib/events/listener.ts";
export type { ErrorFacts } from "../lib/events/error_facts.ts";
