import { assert } from "@std/assert";
import { join } from "@std/path";
import { describeCase, DISAGREEMENTS, judge, type Outcome } from "../../harness/agreement.ts";
import { testApp } from "../../harness/app.ts";
import { Chance } from "../../harness/chance.ts";
import { makeRandomApp, makeRandomPlugins } from "../../harness/random_plugins.ts";
import { tally } from "../../harness/tally.ts";

/** A round takes about half a second; some thousand were tried, see docs/agreement.md. */
const ROUNDS = Number(Deno.env.get("HSM_AGREEMENT_ROUNDS") ?? 16);
const SEED = Number(Deno.env.get("HSM_FUZZ_SEED") ?? 1);
/** How many apps are made of the same plugins. */
const APPS = 8;

Deno.test("hsm check agrees with uv lock on random plugins and apps", async () => {
  await using app = await testApp();
  // uv reads its settings in pyproject.toml only without this.
  const { UV_NO_CONFIG: _, ...env } = { ...Deno.env.toObject(), ...app.env };
  const seen = new Set<Outcome>();
  for (let done = 0; done < ROUNDS; done += APPS) {
    const seed = SEED * 1_000_003 + done;
    const folder = join(app.folder, `plugins-${done}`);
    await Deno.mkdir(folder);
    const plugins = await makeRandomPlugins(new Chance(seed), folder, env);
    for (let index = 0; index < APPS; index++) {
      const root = join(folder, `app-${index}`);
      await makeRandomApp(new Chance(seed + index + 1), plugins, root, env);
      const agreement = await judge(root, env, { args: ["--offline"], limit: 60_000 });
      seen.add(agreement.outcome);
      if (!DISAGREEMENTS.has(agreement.outcome)) continue;
      throw new Error(
        `round ${done + index} of HSM_FUZZ_SEED=${SEED}\n${await describeCase(root, agreement)}`,
      );
    }
    await Deno.remove(folder, { recursive: true });
  }
  tally({ cases: ROUNDS });
  assert(seen.has("both: it fits"));
  assert(seen.has("both: it does not fit"));
});
