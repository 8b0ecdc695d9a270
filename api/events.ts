/**
 * What happens, as data: `openWorkspace({ onEvent })` is told of each {@linkcode HsmEvent} as it comes, and `hsm --events`
 * prints the same as JSON lines. What `kind` says tells them apart.
 *
 * @module
 */

export type {
  BegunEvent,
  BranchMissingEvent,
  ClonedEvent,
  CloneFailedEvent,
  CommittedEvent,
  DoneEvent,
  EndedEvent,
  EndingEvent,
  FailedEvent,
  FetchedEvent,
  Happened,
  Happening,
  HsmEvent,
  InjectedEvent,
  InstalledEvent,
  KeptEvent,
  LockedEvent,
  MadeEvent,
  MappedEvent,
  OutputEvent,
  ProblemFoundEvent,
  ProgressedEvent,
  PulledEvent,
  RanEvent,
  RecoveredEvent,
  RolledBackEvent,
  StartedEvent,
  SubmodulesClonedEvent,
  ToldEvent,
  VerifiedEvent,
  WaitedEvent,
  WarnedEvent,
  WorkKind,
  WrittenEvent,
} from "../lib/events/events.ts";
export type { EventListener } from "../lib/events/listener.ts";
export type { ErrorFacts } from "../lib/events/error_facts.ts";
