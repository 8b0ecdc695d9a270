/**
 * A bot: moves the pins that the app goes with, and opens a pull request that says what each move brings.
 *
 * It runs in a clone of its own, whose `origin` it pushes to. There is one branch and one pull request: as long as that is
 * open, it is kept up to date, and where nothing is new, nothing is done.
 */

import { openWorkspace, updateEach } from "@hsm/hsm";
import type { PinMove } from "@hsm/hsm/tasks/update";

const branch = "hsm-update";
await using workspace = await openWorkspace({ wait: true });
const $ = await workspace.shell();

const { moved, failed } = await updateEach(workspace, { yes: true });
const body = failed.map((it) => `**${it.package}** stays where it is: ${it.reason}`);
if (moved.length === 0) console.log(["Nothing to update", ...body].join("\n"));
else {
  const title = `Update ${moved.map((it) => it.package).join(", ")}`;
  for (const it of moved.toReversed()) body.unshift(await describe(it));
  await $`git switch --quiet --force-create ${branch}`;
  await $`git commit --quiet --message ${title} -- hsm.yaml pyproject.toml uv.lock`;
  await $`git switch --quiet -`;
  const same = $`git fetch --quiet origin ${branch} && git diff --quiet FETCH_HEAD ${branch}`;
  if ((await same.quiet().noThrow()).code !== 0) {
    await $`git push --quiet --force origin ${branch}`;
  }
  console.log(await openPullRequest(title, body.join("\n\n")));
}

/** What a move brings: from where to where, and the commits between. */
async function describe({ package: name, from, to }: PinMove): Promise<string> {
  const git = workspace.manifest.packages.find((it) => it.name === name)?.git ?? "";
  const page = git.replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, "https://$1/").replace(/\.git$/, "");
  const [[old], [now]] = [Object.values(from ?? {}), Object.values(to)];
  const refs = [`+refs/tags/${old}:refs/hsm/old`, `+refs/tags/${now}:refs/hsm/new`];
  await $`git fetch --quiet --no-tags -- ${git} ${refs}`;
  const commits = await $`git log --format=${"- %s"} --max-count=50 refs/hsm/old..refs/hsm/new`
    .text();
  return `**${name}** [${old} → ${now}](${page}/compare/${old}...${now})\n${commits}`;
}

/** Opens the pull request, or brings it up to date: the only lines that know the forge. */
async function openPullRequest(title: string, text: string): Promise<string> {
  const open = await $`gh pr list --head ${branch} --json number --jq ${".[].number"}`.text();
  return open === ""
    ? await $`gh pr create --head ${branch} --title ${title} --body ${text}`.text()
    : await $`gh pr edit ${open} --title ${title} --body ${text}`.text();
}
