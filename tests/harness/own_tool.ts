/**
 * `mytool`: a command line of a team's own, with a command for each thing that such a one can do, right or wrong. Its last
 * line is that of any such program; the tests run it as a process of its own.
 *
 * @module
 */

import { HsmError } from "@hsm/hsm";
import { defineCommand, hsmCommands, option, runCli } from "@hsm/hsm/cli";

const greet = defineCommand({
  name: "greet",
  summary: "Greet somebody",
  positional: ["who", "times"],
  options: {
    who: option.word("Whom to greet", "NAME"),
    times: option.count("How often", "TIMES"),
    mood: option.choice("How", ["warm", "cool"], "m"),
    from: option.path("Whose greetings a file holds", "FILE"),
    loudly: option.flag("Louder"),
  },
  run(_, { who, times = 1, mood = "warm", loudly }) {
    return `Hello ${who}, ${mood}${loudly ? "!" : ""} `.repeat(times).trim();
  },
});

const facts = defineCommand({ name: "facts", run: () => ({ data: { answer: 42 } }) });

const both = defineCommand({ name: "both", run: () => ({ data: { answer: 42 }, text: "42" }) });

const nothing = defineCommand({ name: "nothing", run() {} });

const ship = defineCommand({
  name: "ship",
  group: "Every day",
  examples: ["mytool ship plug-a v1.0.0"],
  positional: ["plugin", "to"],
  passthrough: "arguments for the ship",
  options: {
    plugin: option.required(option.packageName("The package")),
    to: { ...option.text("The tag", "TAG"), completes: "tags" },
    by: option.required(option.text("By what", "SHIP")),
  },
  async run(context, { plugin, to, by }) {
    if (!await context.confirm(`Ship ${plugin}?`)) return "Not shipped";
    const rows = [[plugin, to ?? "-", by], ...context.passthrough.map((it) => ["", "", it])];
    return { data: { plugin, to, by }, text: context.columns(rows), proof: "Shipped" };
  },
});

/** Leaves the workspace open, and what it has staged without a commit. */
const forget = defineCommand({
  name: "forget",
  async run(context) {
    const workspace = await context.open();
    await workspace.editManifest([{ kind: "set-pin", package: "plug-a", pin: { tag: "v9" } }], {
      shared: true,
    });
    await workspace.flush();
  },
});

const fail = defineCommand({
  name: "fail",
  options: { how: option.choice("How", ["error", "bug", "program"]) },
  async run(context, { how = "error" }) {
    await using workspace = await context.open();
    await workspace.editManifest([{ kind: "set-pin", package: "plug-a", pin: { tag: "v9" } }], {
      shared: true,
    });
    await workspace.flush();
    if (how === "bug") throw new TypeError("nothing of that");
    if (how === "program") {
      const $ = await workspace.shell();
      await $`git no-such-command`;
    }
    throw new HsmError("checkout-dirty", "Cannot fail: it does", {
      hint: "run `hsm sync`, `hsm remove plug-a` or `hsm --help`",
    });
  },
});

/** Runs for long, with no thought of signals; says by a file that it does. */
const wait = defineCommand({
  name: "wait",
  positional: "file",
  options: { file: option.word("What says that it waits", "FILE"), open: option.flag("Open") },
  async run(context, { file, open }) {
    if (open) {
      const workspace = await context.open();
      await workspace.editManifest([{ kind: "set-pin", package: "plug-a", pin: { tag: "v9" } }], {
        shared: true,
      });
      await workspace.flush();
    }
    context.reporter.info("Waiting");
    await Deno.writeTextFile(file, "");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});

/** Runs a program outside of any workspace. */
const say = defineCommand({
  name: "say",
  hidden: true,
  async run(context) {
    const $ = await context.shell();
    await $`sh -c ${"echo said"}`;
  },
});

/** Runs a program for long, outside of any workspace. */
const sleep = defineCommand({
  name: "sleep",
  positional: "file",
  options: { file: option.word("What says that it sleeps", "FILE") },
  async run(context, { file }) {
    const $ = await context.shell();
    await $`sh -c ${`echo $$ > '${file}'; exec sleep 60`}`;
  },
});

/** One of hsm's commands, in a way of one's own. */
const list = defineCommand({ name: "list", summary: "List ours", run: () => "ours" });

await runCli({
  name: "mytool",
  summary: "Ours.",
  start: [["mytool greet NAME", "begin"]],
  commands: [
    ...[greet, facts, both, nothing, ship, forget, fail, wait, say, sleep, list],
    hsmCommands("list", "sync", "undo", "exec", "check"),
  ],
});
