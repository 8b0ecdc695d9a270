/**
 * A command line of a team's own: `mytool release my-plugin v1.2.0` pushes the commits of a checkout together with a tag,
 * pins that tag in hsm.yaml for everybody, and syncs; some commands of HSM stand beside it.
 *
 * If anything fails, or on Ctrl-C, the app's files are as they were. `deno compile` makes an executable of it.
 */

import { HsmError, pin, status, sync } from "@hsm/hsm";
import { defineCommand, hsmCommands, option, runCli } from "@hsm/hsm/cli";

const release = defineCommand({
  name: "release",
  summary: "Push a plugin's commits with a tag, and pin that for everybody",
  positional: ["plugin", "tag"],
  options: {
    plugin: option.required(option.packageName("The plugin, in dev mode")),
    tag: option.word("The tag of the release", "TAG"),
  },
  async run(context, { plugin, tag }) {
    await using workspace = await context.open();
    const [it] = (await status(workspace, { packages: [plugin] })).packages;
    if (it?.checkout?.state !== "present" || it.checkout.dirty) {
      throw new HsmError("checkout-dirty", `Cannot release ${plugin}: it has no clean checkout`, {
        hint: `run \`hsm status ${plugin}\``,
      });
    }
    if (!await context.confirm(`Push ${tag} of ${plugin}?`)) return "Nothing was released";
    const $ = await workspace.shell();
    // Either both are there afterwards or none.
    await $`git -C ${it.checkout.path} push --quiet --atomic origin HEAD HEAD:refs/tags/${tag}`;
    const pinned = await pin(workspace, { package: plugin, tag });
    await sync(workspace, { yes: context.yes });
    return { data: pinned, text: `${plugin} ${tag} is pushed, pinned and installed` };
  },
});

await runCli({
  name: "mytool",
  version: "1.0.0",
  summary: "What we do with our plugins.",
  commands: [release, hsmCommands("sync", "dev", "status", "list")],
});
