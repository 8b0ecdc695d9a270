import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";
import { waitForFile } from "../harness/fake_uv.ts";
import { OWN_TOOL } from "../harness/tool.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();
const programs = { mytool: OWN_TOOL };

Deno.test({
  name: "a tool of one's own asks on a terminal, and takes the answer",
  ignore,
  fn: async () => {
    await using app = await testApp();
    await using terminal = await Terminal.open(app, { programs });
    await terminal.run("mytool ship plug-a --by sea");
    await terminal.waitFor(/^Ship plug-a\? \[Y\/n\]$/m);
    await terminal.run("n");
    await terminal.waitFor(/^Not shipped\n\$ $/m);
    await terminal.run("mytool ship plug-a --by sea");
    await terminal.waitFor(/^Not shipped\n[^]*\nShip plug-a\? \[Y\/n\]/m);
    await terminal.press("Enter");
    await terminal.waitFor(/^plug-a  -  sea\nShipped\n\$ $/m);
    // Nobody has answered yet.
    await terminal.run("clear; mytool ship plug-a --by sea; echo $?");
    await terminal.waitFor(/^Ship plug-a\? \[Y\/n\]/m);
    await terminal.press("C-c");
    await terminal.waitFor(/\nerror: Cannot go on: interrupted by SIGINT\n130\n\$ $/);
  },
});

Deno.test({
  name: "Ctrl-C on a terminal ends a tool of one's own, whatever it is doing, after the rollback",
  ignore,
  fn: async () => {
    await using app = await testApp({ plugins: ["plug-a"] });
    await using terminal = await Terminal.open(app, { programs });
    const before = await app.texts();
    await terminal.run("mytool wait begun --open; echo $?");
    await terminal.waitFor(/^Waiting$/m);
    await terminal.press("C-c");
    await terminal.waitFor(
      /\nWaiting\n\^C\n?error: Cannot go on: interrupted by SIGINT\n  restored: hsm\.yaml\n130\n\$ $/,
    );
    assertEquals(await app.texts(), before);
    await terminal.run("clear; mytool sleep pid; echo $?");
    await waitForFile(join(app.root, "pid"));
    await terminal.press("C-c");
    await terminal.waitFor(/error: Cannot go on: interrupted by SIGINT\n130\n\$ $/);
  },
});
