/**
 * What checkouts cost that stand in for what is locked (`inject: environment`).
 *
 * @module
 */

import { join } from "@std/path";
import { sitePackagesOf } from "../lib/files/site_packages.ts";
import { type BenchApp, makeApp } from "./app.ts";
import { compare } from "./compare.ts";
import type { Lab } from "./lab.ts";
import { type Figure, type Measure, type MeasureOptions, ratioOf } from "./measures.ts";

/** What is measured of them, in the order of the table. */
export const STAND_IN_MEASURES: readonly Measure[] = [
  { name: "stand-in", sizes: [[100, 10]], take: standInSwitch },
  { name: "guard", sizes: [[20, 15]], take: guardedStart },
];

/** A switch of one package, while all others are installed from their pins. */
async function standInSwitch(
  lab: Lab,
  { count, runs }: MeasureOptions,
): Promise<readonly Figure[]> {
  const ours = await makePinnedApp(lab, `stand-in-${count}`, count);
  const floor = await makePinnedApp(lab, `stand-in-floor-${count}`, count);
  const hello = await lab.hello();
  const [name = ""] = ours.plugins;
  const checkout = join("packages", name);
  for (const app of [ours, floor]) {
    await app.run("git", "clone", "--quiet", lab.url(name), checkout);
    await app.run("git", "-C", checkout, "checkout", "--quiet", "v1.0.0");
  }
  const installing = [lab.uv, "pip", "install", "--quiet", "--no-deps", "--editable", checkout];
  const committed = await textsOf(ours);
  const found = await compare(
    {
      before: () => ours.hsm("prod", name),
      run: () => ours.measuredHsm("dev", name, "--inject", "environment"),
      async after() {
        await mustImport(ours, name, join(ours.root, checkout));
        // It is what uv takes for the pin.
        await ours.run(lab.uv, "sync", "--check", "--locked", "--quiet");
        if (await textsOf(ours) !== committed) throw new Error("the app's files have changed");
      },
    },
    {
      before: () => floor.run(...floor.syncing),
      run: () => floor.measured(installing, hello),
      after: () => mustImport(floor, name, join(floor.root, checkout)),
    },
    runs,
  );
  return [{
    title: `\`hsm dev --inject environment\`, one of ${count} packages, checkout present`,
    against: "`uv pip install --no-deps --editable` + a hello-world",
    ...ratioOf(found),
    aim: 2.5,
  }];
}

/** The start of Python in an environment where all packages are checkouts that stand in for something. */
async function guardedStart(
  lab: Lab,
  { count, runs }: MeasureOptions,
): Promise<readonly Figure[]> {
  const app = await makePinnedApp(lab, `guard-${count}`, count);
  await app.run("mkdir", "packages");
  await app.run(...app.cloning);
  await app.hsm("dev", "--all", "--inject", "environment", "--quiet");
  const [name = ""] = app.plugins;
  await mustImport(app, name, join(app.root, "packages", name));
  const [site = ""] = await sitePackagesOf(join(app.root, ".venv"));
  const [guard, aside] = [join(site, "_hsm.pth"), join(site, "_hsm.aside")];
  const starts = Array.from({ length: 20 }, () => [".venv/bin/python", "-c", "pass"]);
  const found = await compare(
    { run: () => app.measured(...starts) },
    {
      before: () => Deno.rename(guard, aside),
      run: () => app.measured(...starts),
      after: () => Deno.rename(aside, guard),
    },
    runs,
  );
  const milliseconds = found.difference / starts.length;
  return [{
    title: `the start of Python, ${count} checkouts standing in`,
    against: "the same without their guard",
    ...ratioOf(found),
    note: `${milliseconds.toFixed(2)} ms more, of ${(found.time / starts.length).toFixed(1)} ms`,
  }];
}

/** Makes an app with all packages installed from their pins. */
async function makePinnedApp(lab: Lab, name: string, count: number): Promise<BenchApp> {
  const app = await makeApp(lab, name, { count, mode: "prod" });
  await app.hsm("sync", "--quiet");
  await app.mustBeSynced("prod");
  return app;
}

/** Makes sure that Python imports a package from a folder. */
async function mustImport(app: BenchApp, name: string, folder: string): Promise<void> {
  const module = name.replaceAll("-", "_");
  const code = `import ${module}; print(${module}.__file__)`;
  const file = await app.run(".venv/bin/python", "-c", code);
  if (!file.startsWith(`${folder}/`)) throw new Error(`${name} is imported from ${file}`);
}

/** What the app's own files hold. */
async function textsOf(app: BenchApp): Promise<string> {
  const files = ["pyproject.toml", "uv.lock"].map((it) => Deno.readTextFile(join(app.root, it)));
  return (await Promise.all(files)).join("\0");
}
