/**
 * A command line of a team's own: `mytool release my-plugin` pushes the commits of a checkout together with its version as
 * a tag, both or none, pins that tag in hsm.yaml for everybody, and syncs; some commands of HSM stand beside it.
 *
 * If anything fails, or on Ctrl-C, the app's files are as they were. `deno compile` makes an executable of it.
 */

import { pin, sync } from "@hsm/hsm";
import { defineCommand, hsmCommands, option, runCli } from "@hsm/hsm/cli";

const release = defineCommand({
  name: "release",
  summary: "Push a plugin with its version as the tag, and pin that for everybody",
  positional: "plugin",
  options: { plugin: option.required(option.packageName("The plugin, in dev mode")) },
  async run(context, { plugin }) {
    await using workspace = await context.open();
    const $ = await workspace.shell();
    const tag = `v${await $`uv version --short --directory packages/${plugin}`.text()}`;
    await $`git -C packages/${plugin} push --quiet --atomic origin HEAD HEAD:refs/tags/${tag}`;
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
