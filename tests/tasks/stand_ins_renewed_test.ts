import { assertEquals } from "@std/assert";
import type { TestApp } from "../harness/app.ts";
import { eventsOf } from "../harness/events.ts";
import { appWithStandIn, changeCheckout, foundBy, statusOf, uvIn } from "../harness/stand_in.ts";

/** What undoes a stand-in, and what is said of it. */
interface Undone {
  /** Undoes it. */
  readonly by: (app: TestApp) => Promise<unknown>;
  /** What `hsm status` says. */
  readonly state: string;
  /** How it is used, as `hsm diff` has it, and what is done about it. */
  readonly diff: string;
  /** Why it is renewed, ahead and afterwards. */
  readonly why: readonly [code: string, ahead: string, done: string];
}

const PROD = "prod v1.0.0";
const DEV = "dev packages/my-plugin, for v1.0.0 (1.3.0.dev0)";

const UNDONE: readonly Undone[] = [
  {
    by: (app) => uvIn(app, "sync", "--reinstall-package", "my-plugin"),
    state: "v1.0.0 itself is installed, not the checkout",
    diff: `${PROD} → ${DEV}`,
    why: ["reinstalled", "it was reinstalled", "it had been reinstalled"],
  },
  {
    by: (app) => uvIn(app, "pip", "uninstall", "my-plugin"),
    state: "the checkout is not installed",
    diff: `${PROD} → ${DEV}`,
    why: ["uninstalled", "it was uninstalled", "it had been uninstalled"],
  },
  {
    by: (app) => uvIn(app, "pip", "install", "--no-deps", "-e", "packages/my-plugin"),
    state: "a checkout is installed that stands in for nothing",
    diff: `${PROD} (1.3.0.dev0) → ${DEV}`,
    why: ["foreign", "somebody else has installed it", "somebody else had installed it"],
  },
  {
    by: (app) => changeCheckout(app, (text) => `${text}\n[project.scripts]\nit = "my_plugin:it"\n`),
    state: "its metadata has changed since it was installed",
    diff: DEV,
    why: ["metadata-changed", "its metadata has changed", "its metadata had changed"],
  },
];

Deno.test("what has undone a stand-in is told with what to do about it, and by the sync that renews it", async () => {
  await using app = await appWithStandIn();
  for (const { by, state, diff, why: [reason, ahead, done] } of UNDONE) {
    await by(app);
    await app.untouched(async () => {
      assertEquals((await statusOf(app)).at(-1), `${state}: run \`hsm sync\``);
      (await app.hsm("diff")).expect({
        code: 0,
        stdout: `my-plugin  ${diff}  lets it stand in again: ${ahead}\n`,
        stderr: "",
      });
      (await app.hsm("sync", "--dry-run")).expect({
        code: 0,
        stdout: `my-plugin would stand in for v1.0.0 again: ${ahead}\n`,
        stderr: "",
      });
    });
    const change = { package: "my-plugin", path: "packages/my-plugin", action: "renew", reason };

    const events = eventsOf((await app.hsm("sync", "--events")).expect({ code: 0 }));

    const told = events.find((it) => it.kind === "stood-in");
    assertEquals(
      { ...told, at: "" },
      {
        ...{ at: "", kind: "stood-in", ...change, for: "v1.0.0" },
        message: `my-plugin stands in for v1.0.0 again: ${done}`,
      } as typeof told,
    );
  }
  (await app.hsm("sync")).expect({ code: 0, stderr: "2 packages are in line\n" });
  assertEquals((await statusOf(app)).at(-1), "ok");

  await uvIn(app, "sync", "--reinstall");
  const document = (await app.hsm("diff", "--json")).json() as Record<string, unknown>;
  const { installs, standIns } = document;
  const [action, reason] = ["renew", "reinstalled"];
  const change = {
    package: "my-plugin",
    path: "packages/my-plugin",
    action,
    for: "v1.0.0",
    reason,
  };
  assertEquals({ installs, standIns }, { installs: undefined, standIns: [change] });
  assertEquals(await foundBy(app), [
    { check: "environment", state: "ok", message: "it is what uv.lock says, but for stand-ins" },
    {
      check: "stand-ins",
      state: "warning",
      message: "my-plugin: v1.0.0 itself is installed, not the checkout",
      fix: "run `hsm sync`",
    },
  ]);
});

Deno.test("a pin that moves, a new environment and a checkout that moves are told, and a package that goes back", async () => {
  await using app = await appWithStandIn();
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  const place = "dev packages/my-plugin, for";

  (await app.hsm("update", "my-plugin")).expect({
    code: 0,
    stdout: "my-plugin  v1.0.0 → v1.1.0\n",
    stderr: /^my-plugin stands in for v1\.1\.0 now: its pin had moved$/m,
  });

  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", manifest.replace("v1.1.0", "v1.0.0"));
  (await app.hsm("diff")).expect({
    code: 0,
    stdout: new RegExp(
      `^my-plugin {2}${place} v1\\.1\\.0 \\(1\\.3\\.0\\.dev0\\) → ${place} v1\\.0\\.0 ` +
        `\\(1\\.3\\.0\\.dev0\\) {2}lets it stand in again: its pin has moved\n\n---[^]*\n \\[tool\\.hsm\\]\n$`,
    ),
  });
  (await app.hsm("sync", "--dry-run")).expect({
    code: 0,
    stdout: /\n\nmy-plugin would stand in for v1\.0\.0 now: its pin has moved\n$/,
  });
  // Somebody else has locked, and nobody has installed.
  (await app.hsm("inject")).expect({ code: 0 });
  await uvIn(app, "lock");
  const old = "the checkout stands in for v1.1.0, which was locked before";
  assertEquals((await statusOf(app)).at(-1), `${old}: run \`hsm sync\``);
  (await app.hsm("sync")).expect({
    code: 0,
    stderr: /^my-plugin stands in for v1\.0\.0 now: its pin had moved$/m,
  });

  await uvIn(app, "venv", "--clear");
  assertEquals((await statusOf(app)).at(-1), "the checkout is not installed: run `hsm sync`");
  (await app.hsm("sync")).expect({
    code: 0,
    stderr: /^my-plugin stands in for v1\.0\.0 now$/m,
  });

  await Deno.rename(`${app.root}/packages/my-plugin`, `${app.root}/elsewhere`);
  assertEquals(
    (await statusOf(app)).at(-1),
    "packages/my-plugin is missing: run `hsm clone my-plugin`",
  );
  await app.write("hsm.local.yaml", `${await app.read("hsm.local.yaml")}    path: elsewhere\n`);
  assertEquals(
    (await statusOf(app)).at(-1),
    "installed is the checkout in packages/my-plugin: run `hsm sync`",
  );
  (await app.hsm("sync")).expect({
    code: 0,
    stderr: /^my-plugin stands in for v1\.0\.0 again: the checkout had moved$/m,
  });

  (await app.hsm("prod", "my-plugin", "--no-sync")).expect({ code: 0 });
  assertEquals((await statusOf(app)).at(-1), "elsewhere stands in for it still: run `hsm sync`");
  (await app.hsm("diff")).expect({
    code: 0,
    stdout:
      "my-plugin  dev elsewhere, for v1.0.0 (1.3.0.dev0) → prod v1.0.0  lets it stand in no longer\n",
  });
  const back = (await app.hsm("sync", "--json")).json() as { synced: Record<string, unknown> };
  const change = { package: "my-plugin", path: "elsewhere", action: "remove", for: "v1.0.0" };
  assertEquals(back.synced["standIns"], [change]);
  assertEquals((await statusOf(app)).at(-1), "ok");
});
