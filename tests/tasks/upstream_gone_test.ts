import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";

const PATH = "packages/my-plugin";

/** An app with my-plugin in dev mode, on a branch that its remote had when it was pushed. */
async function topicApp(branch = "topic"): Promise<TestApp> {
  const app = await testApp({
    plugins: ["my-plugin", "other"],
    files: { "hsm.local.yaml": "mode: dev\npackages: { other: { mode: prod } }\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.git(PATH, "switch", "-q", "-c", branch);
  await app.git(PATH, "commit", "-q", "--allow-empty", "-m", "Mine");
  await app.git(PATH, "push", "-q", "-u", "origin", branch);
  return app;
}

async function checkoutOf(app: TestApp, ...args: string[]): Promise<string> {
  const { stdout } = await app.hsm("status", "my-plugin", ...args);
  return stdout.split("\n")[1]?.split(/ {2,}/)[3] ?? "";
}

Deno.test("hsm status --fetch and pull tell that the branch which a checkout follows is gone", async () => {
  await using app = await topicApp();
  await app.plugin("my-plugin").git("branch", "-q", "-D", "topic");
  await app.plugin("my-plugin").commit("new.txt", "new\n");
  const hint = `\`git -C ${PATH} switch main\` goes on with its remote's default branch, ` +
    `\`git -C ${PATH} push -u origin topic\` brings this one back`;
  const warning = `warning: ${PATH}: its upstream origin/topic is gone; ${hint}\n`;
  assertEquals(await checkoutOf(app), "topic");

  const run = await app.hsm("status", "--fetch", "my-plugin");
  run.expect({
    code: 0,
    stdout: `package    mode  pin     checkout                     installed  state
my-plugin  dev   v1.0.0  topic, origin/topic is gone  -          pyproject.toml has no source for it
`,
    stderr: warning,
  });
  // What the app's own repository, or anybody, says of it later is the same.
  assertEquals(await checkoutOf(app), "topic, origin/topic is gone");
  const [checkout] =
    ((await app.hsm("status", "--fetch", "my-plugin", "--json")).json()["packages"] as {
      checkout: Record<string, unknown>;
    }[]).map((it) => it.checkout);
  assertEquals([checkout?.["upstream"], checkout?.["upstreamGone"]], ["origin/topic", true]);

  for (const _ of ["first", "again"]) {
    (await app.hsm("pull")).expect({
      code: 1,
      stdout: "my-plugin  not pulled\n",
      stderr: `error: Cannot pull my-plugin: its upstream origin/topic is gone\nhint: ${hint}\n`,
    });
  }
  const json = (await app.hsm("pull", "--json")).json();
  assertEquals(json["checkouts"], [{
    package: "my-plugin",
    path: PATH,
    state: "gone",
    reason: "its upstream origin/topic is gone",
    hint,
  }]);
  assertEquals((json["error"] as { code: string }).code, "checkout-upstream-gone");
  // Its commit is nowhere else now, and counts as such.
  (await app.hsm("prod", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod\n",
    stderr: `warning: ${PATH} has 1 unpushed commit, which the app does without in prod mode\n`,
  });
});

Deno.test("hsm pull keeps what only the branch that is gone had, and does not go there", async () => {
  await using app = await topicApp();
  const plugin = app.plugin("my-plugin");
  await plugin.git("switch", "-q", "topic");
  await plugin.commit("theirs.txt", "theirs\n");
  await app.git(PATH, "fetch", "-q");
  const [theirs = ""] = (await plugin.git("rev-parse", "topic")).split("\n");
  await plugin.git("switch", "-q", "main");
  await plugin.git("branch", "-q", "-D", "topic");
  const head = await app.git(PATH, "rev-parse", "HEAD");

  for (const _ of ["first", "again"]) {
    (await app.hsm("pull")).expect({
      code: 1,
      stdout: "my-plugin  not pulled\n",
      stderr: /^error: Cannot pull my-plugin: its upstream origin\/topic is gone\nhint: /,
    });
  }
  assertEquals(await checkoutOf(app, "--fetch"), "topic, origin/topic is gone");
  assertEquals(await app.git(PATH, "rev-parse", "HEAD"), head);
  assertEquals((await app.git(PATH, "rev-parse", "origin/topic")).trim(), theirs);
});

Deno.test("hsm pull names the new default branch where the old one was renamed", async () => {
  await using app = await topicApp("next");
  const plugin = app.plugin("my-plugin");
  await app.git(PATH, "switch", "-q", "main");
  await plugin.git("branch", "-q", "-m", "main", "trunk");
  await plugin.commit("new.txt", "new\n");
  const hint = `\`git -C ${PATH} switch trunk\` goes on with it, ` +
    `\`git -C ${PATH} remote set-head origin --auto\` tells git`;

  (await app.hsm("pull")).expect({
    code: 1,
    stdout: "my-plugin  not pulled\n",
    stderr: `error: Cannot pull my-plugin: its upstream origin/main is gone, trunk is its remote's \
default branch now
hint: ${hint}
`,
  });
  // The way out is one.
  await app.git(PATH, "switch", "-q", "trunk");
  await app.git(PATH, "remote", "set-head", "origin", "--auto");
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "my-plugin  is up to date\n",
    stderr: "",
  });
});

Deno.test("hsm pull and status --fetch say what to do where a repository is not there any more", async () => {
  await using app = await topicApp();
  await Deno.remove(app.plugin("my-plugin").path, { recursive: true });
  const reason = "fatal: '[DIR]/remotes/my-plugin' does not appear to be a git repository; " +
    "fatal: Could not read from remote repository.";
  const hint =
    `if it has moved, correct \`git\` in hsm.yaml, and \`git -C ${PATH} remote set-url ` +
    "NAME URL`";

  (await app.hsm("pull")).expect({
    code: 1,
    stdout: "my-plugin  not fetched\n",
    stderr: `error: Cannot fetch my-plugin\n  cause: my-plugin: ${reason}\nhint: ${hint}\n`,
  });
  (await app.hsm("status", "--fetch", "my-plugin")).expect({
    code: 0,
    stderr: `warning: Cannot fetch my-plugin: ${reason}; ${hint}\n`,
  });
});

Deno.test("hsm pull and status --fetch tell of a repository that its server finds under another name", async () => {
  await using app = await testApp({ plugins: ["my-plugin"], manifest: "packages: {}\n" });
  const plugin = app.plugin("my-plugin");
  // git needs no more of a server than the files.
  const serve = async (request: Request) => {
    const { pathname, search, origin } = new URL(request.url);
    const [, name, file] = /^\/([\w-]+?)(?:\.git)?\/(.+)$/.exec(pathname) ?? [];
    if (name === "old-name" || (name === "my-plugin" && !pathname.includes(".git/"))) {
      return Response.redirect(`${origin}/my-plugin.git/${file}${search}`, 301);
    }
    const bytes = await Deno.readFile(`${plugin.path}/.git/${file}`).catch(() => undefined);
    return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes);
  };
  await plugin.git("update-server-info");
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serve);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const manifest = (name: string) =>
    app.write("hsm.yaml", `mode: dev\npackages: { my-plugin: { git: "${url}/${name}" } }\n`);
  const env = { no_proxy: "127.0.0.1" };
  await manifest("old-name");
  (await app.hsmWith(env, "clone", "--yes")).expect({ code: 0 });
  const warning =
    `warning: ${PATH}: its remote has moved to ${url}/my-plugin.git/; correct \`git\` in hsm.yaml, ` +
    `and \`git -C ${PATH} remote set-url NAME URL\`\n`;

  (await app.hsmWith(env, "pull")).expect({
    code: 0,
    stdout: "my-plugin  is up to date\n",
    stderr: warning,
  });
  (await app.hsmWith(env, "status", "--fetch")).expect({ code: 0, stderr: warning });
  // That it is `.git` there is no news.
  await manifest("my-plugin");
  await app.git(PATH, "remote", "set-url", "origin", `${url}/my-plugin`);
  (await app.hsmWith(env, "pull")).expect({
    code: 0,
    stdout: "my-plugin  is up to date\n",
    stderr: "",
  });
});
