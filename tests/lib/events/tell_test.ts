import { assertEquals } from "@std/assert";
import { eventReporter } from "../../../lib/events/reporter.ts";
import type { HsmEvent } from "../../../lib/events/events.ts";
import { type Reporter, silentReporter } from "../../../lib/report.ts";
import { createTell, type Listeners } from "../../../lib/events/tell.ts";

/** A reporter that notes its calls. */
function noting(): { readonly reporter: Reporter; readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note = (name: string) => (...words: unknown[]) => void calls.push([name, ...words]);
  const ending = { [Symbol.dispose]: note("dispose") };
  return {
    calls,
    reporter: {
      info: note("info"),
      detail: note("detail"),
      warn: note("warn"),
      command: note("command"),
      output: note("output"),
      suspend() {
        note("suspend")();
        return ending;
      },
      progress(label) {
        note("progress")(label);
        return { isShown: true, update: note("update"), ...ending };
      },
      program(label, options) {
        note("program")(label, options);
        return { output: note("program output"), ended: note("program ended"), ...ending };
      },
    },
  };
}

/** What a listener hears, without what differs from run to run. */
function hearing(listeners: Pick<Listeners, "reporter"> = {}) {
  const heard: unknown[] = [];
  const first = createTell().begin({ work: "other" }).id;
  const onEvent = ({ at, ...event }: HsmEvent) => {
    assertEquals(new Date(at).toISOString(), at);
    const { id } = event as { id?: number };
    const numbered = id === undefined ? event : { ...event, id: id - first };
    heard.push("milliseconds" in event ? { ...numbered, milliseconds: 0 } : numbered);
  };
  return { tell: createTell({ ...listeners, onEvent }), heard };
}

Deno.test("tell() calls a reporter's methods for events, in their order", () => {
  const { reporter, calls } = noting();
  const tell = createTell({ reporter });
  tell({ kind: "told", message: "done" });
  tell({ kind: "told", message: "one of many", level: "detail" });
  tell({ kind: "warned", message: "careful" });
  tell({
    kind: "recovered",
    message: "back",
    level: "warning",
    command: "",
    since: "",
    restored: [],
  });
  tell({ kind: "ran", argv: ["git", "x"], milliseconds: 3, folder: "/x", exitCode: 0 });
  tell({ kind: "output", text: "hello\n" });
  // What nobody is told of in words.
  tell({ kind: "done", exitStatus: 0 });
  const options = { quiet: "always" } as const;
  {
    using clone = tell.begin({ work: "clone", message: "Cloning a" });
    assertEquals(clone.isShown, true);
    clone.update("Receiving", 50);
    using program = tell.begin({ work: "program", message: "uv lock" }, options);
    program.output("Resolved\n");
    program.ended(true);
  }
  using _ = tell.begin({ work: "terminal" });
  assertEquals(calls, [
    ["info", "done"],
    ["detail", "one of many"],
    ["warn", "careful"],
    ["warn", "back"],
    ["command", ["git", "x"], 3, "/x"],
    ["output", "hello\n"],
    ["progress", "Cloning a"],
    ["update", "Receiving", 50],
    ["program", "uv lock", options],
    ["program output", "Resolved\n"],
    ["program ended", true],
    ["dispose"],
    ["dispose"],
    ["suspend"],
  ]);
});

Deno.test("tell() gives a listener the same as data, with whole lines and one end for each start", () => {
  const { tell, heard } = hearing();
  {
    using work = tell.begin({ work: "program", message: "uv lock" });
    assertEquals(work.isShown, true);
    for (const piece of ["Res", "olved\nLo", "cked\nand", " more"]) work.output(piece);
    for (const percent of [1, 2, 3]) work.update("Receiving", percent);
    work.ended(false);
    work[Symbol.dispose]();
  }
  tell({ kind: "output", text: "no end" });
  tell({ kind: "ran", argv: ["x"], milliseconds: 1 });
  assertEquals(heard, [
    { kind: "started", id: 1, work: "program", message: "uv lock" },
    { kind: "output", id: 1, text: "Resolved\n" },
    { kind: "output", id: 1, text: "Locked\n" },
    { kind: "progressed", id: 1, text: "Receiving", percent: 1 },
    { kind: "output", id: 1, text: "and more" },
    { kind: "ended", id: 1, milliseconds: 0, success: false },
    { kind: "output", text: "no end" },
    { kind: "ran", argv: ["x"], milliseconds: 0 },
  ]);
});

Deno.test("tell() hides secrets from a listener, wherever a program's words are cut", () => {
  const { tell, heard } = hearing();
  using work = tell.begin({ work: "ask-remote", url: "https://me:s3cret@example.com/x" });
  work.output("fetching https://me:s3");
  work.output("cret@example.com/x\n");
  assertEquals(JSON.stringify(heard).includes("s3cret"), false, JSON.stringify(heard));
  assertEquals(JSON.stringify(heard).match(/\*\*\*@example/g)?.length, 2);
});

Deno.test("tell() goes on when a listener throws or rejects, and warns of it once", async () => {
  const failing: ((event: HsmEvent) => unknown)[] = [
    () => {
      throw new TypeError("no such chat");
    },
    () => Promise.reject(new TypeError("no such chat")),
  ];
  for (const fail of failing) {
    const { reporter, calls } = noting();
    let count = 0;
    const tell = createTell({
      reporter,
      onEvent(event) {
        count++;
        return fail(event);
      },
    });
    for (let index = 0; index < 3; index++) {
      tell({ kind: "told", message: `${index}` });
      await Promise.resolve();
    }
    const [warning, ...others] = calls.filter(([name]) => name === "warn");
    assertEquals(others, []);
    assertEquals(warning, [
      "warn",
      "onEvent has failed, and the run goes on: TypeError: no such chat",
    ]);
    assertEquals(count, 3, "it hears of what follows");
  }
});

Deno.test("tell() does not tell a listener what it says itself, nor what it makes of an event", () => {
  const { reporter, calls } = noting();
  const kinds: string[] = [];
  const facts = { message: "as it was" };
  const tell = createTell({
    reporter,
    onEvent(event) {
      kinds.push(event.kind);
      Object.assign(event, { message: "changed" });
      eventReporter(tell).info("I heard that");
    },
  });
  tell({ kind: "told", ...facts });
  assertEquals(kinds, ["told"]);
  assertEquals(calls, [["info", "as it was"], ["info", "I heard that"]]);
});

Deno.test("a script's reporter says its words as events", () => {
  const { reporter, calls } = noting();
  const { tell, heard } = hearing({ reporter });
  const own = eventReporter(tell);
  own.info("released");
  own.warn("careful");
  {
    using progress = own.progress("Uploading");
    progress.update("half", 50);
    using program = own.program("uv build", { quiet: "always" });
    program.output("built\n");
    program.ended(true);
  }
  using _ = own.suspend();
  assertEquals(calls.map(([name]) => name), [
    ...["info", "warn", "progress", "update", "program", "program output", "program ended"],
    ...["dispose", "dispose", "suspend"],
  ]);
  assertEquals(heard.map((it) => (it as HsmEvent).kind), [
    ...["told", "warned", "started", "progressed", "started", "output", "ended", "ended"],
    "started",
  ]);
});

Deno.test("work is not shown where nobody sees it", () => {
  using silent = createTell({ reporter: silentReporter() }).begin({ work: "clone" });
  using nobody = createTell().begin({ work: "clone" });
  assertEquals([silent.isShown, nobody.isShown], [false, false]);
});
