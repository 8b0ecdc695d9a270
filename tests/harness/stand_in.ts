/**
 * Apps with checkouts that stand in for their packages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { AppOptions, TestApp } from "./app.ts";
import { testApp } from "./app.ts";
import { must } from "./program.ts";
import { uvProgram } from "./repository.ts";

/** What an app is, and what is done before it is installed. */
export interface StandInOptions extends AppOptions {
  /** Is called before the first sync. */
  readonly prepare?: (app: TestApp) => Promise<void>;
}

/** An app whose packages are installed at their pins, and `my-plugin` in a clone that says that it is 1.3.0.dev0. */
export async function appWithCheckout(options: StandInOptions = {}): Promise<TestApp> {
  const app = await testApp({ plugins: ["my-plugin", "plug-b"], ...options });
  await options.prepare?.(app);
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "packages/my-plugin");
  await changeCheckout(app, (text) => text.replace('version = "1.0.0"', 'version = "1.3.0.dev0"'));
  await app.git("packages/my-plugin", "commit", "-qam", "Begin 1.3.0");
  return app;
}

/** {@linkcode appWithCheckout}, which stands in for my-plugin. */
export async function appWithStandIn(options: StandInOptions = {}): Promise<TestApp> {
  const app = await appWithCheckout(options);
  (await app.hsm("dev", "my-plugin", "--inject", "environment")).expect({ code: 0 });
  return app;
}

/** Changes the pyproject.toml of the checkout of my-plugin. */
export async function changeCheckout(
  app: TestApp,
  change: (text: string) => string,
): Promise<void> {
  const file = "packages/my-plugin/pyproject.toml";
  const [before, after] = [await app.read(file), change(await app.read(file))];
  assertEquals(before === after, false);
  await app.write(file, after);
}

/** Runs uv in an app, beside HSM. */
export async function uvIn(app: TestApp, ...args: string[]): Promise<void> {
  await must([uvProgram(), ...args, "--quiet"], { cwd: app.root, env: app.env });
}

/** The line of `hsm status` for a package, without the columns' widths. */
export async function statusOf(app: TestApp, name = "my-plugin"): Promise<readonly string[]> {
  const { stdout } = (await app.hsm("status")).expect({ code: 0 });
  const line = stdout.split("\n").find((it) => it.startsWith(`${name} `)) ?? "";
  return line.split(/ {2,}/).slice(1);
}

/** What `hsm doctor` finds of stand-ins and of the environment. */
export async function foundBy(app: TestApp): Promise<readonly unknown[]> {
  const { findings } = (await app.hsm("doctor", "--json")).json() as {
    findings: readonly { readonly check: string }[];
  };
  return findings.filter((it) => ["stand-ins", "environment"].includes(it.check));
}
