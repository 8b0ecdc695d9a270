import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hatchNeeds } from "../../../../lib/adapters/pip/hatch.ts";
import { findLeftOver } from "../../../../lib/adapters/pip/left_over.ts";
import { writeMark } from "../../../../lib/adapters/pip/mark.ts";

/** What is to go from an environment with these distributions and what they require. */
async function leftOver(
  present: Readonly<Record<string, readonly string[]>>,
  { installed, locked, isMade = false, needs = [] }: {
    readonly installed: readonly string[];
    readonly locked: readonly string[];
    readonly isMade?: boolean;
    readonly needs?: readonly string[];
  },
): Promise<readonly string[]> {
  const folder = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    for (const [name, requires] of Object.entries(present)) {
      const place = join(folder, "lib/python3.11/site-packages", `${name}-1.0.dist-info`);
      await Deno.mkdir(place, { recursive: true });
      const lines = requires.map((it) => `Requires-Dist: ${it}\n`).join("");
      const text = `Metadata-Version: 2.1\nName: ${name}\n${lines}\nRequires-Dist: of-the-text\n`;
      await Deno.writeTextFile(join(place, "METADATA"), text);
    }
    writeMark(folder, { isMade, installed });
    return await findLeftOver({ folder, needs: () => Promise.resolve(needs) }, locked);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("pip: what leaves the lock file goes, but not what others in the environment need", async () => {
  const present = {
    app: ["plug-a"],
    "plug-a": ["idna"],
    "plug-b": ["idna", "six"],
    idna: [],
    six: [],
    of_the_text: [],
    Tool_X: ["Six>=1 ; python_version > '3'", "plug-b ; extra == 'all'"],
  };
  const installed = ["app", "idna", "of-the-text", "plug-a", "plug-b", "six"];
  const locked = ["app", "plug-a", "idna"];
  assertEquals(await leftOver(present, { installed, locked }), ["of-the-text", "plug-b"]);
  // And what that needs in its turn.
  const needs = ["plug_b[x] @ {root:uri}/b"];
  const { Tool_X: _, ...others } = present;
  assertEquals(await leftOver(others, { installed, locked }), ["of-the-text", "plug-b", "six"]);
  assertEquals(await leftOver(others, { installed, locked, needs }), ["of-the-text"]);
  const chain = { ...present, Tool_X: ["plug-b"] };
  assertEquals(await leftOver(chain, { installed, locked }), ["of-the-text"]);
  // What only packages of the lock file have required is not needed.
  assertEquals(await leftOver(present, { installed, locked: ["app"] }), [
    "idna",
    "of-the-text",
    "plug-a",
    "plug-b",
  ]);
  // In one of its own HSM leaves nothing to others.
  assertEquals(await leftOver(present, { installed, locked, isMade: true }), []);
});

Deno.test("hatch: what its environment needs is what it depends on, and what it has of the app beside", async () => {
  const root = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    await Deno.writeTextFile(
      join(root, "pyproject.toml"),
      `[project]
optional-dependencies = { docs = ["mkdocs"], other = ["nothing"] }
[dependency-groups]
test = ["pytest>=8", { include-group = "other" }]
[tool.hatch.envs.base]
template = "base"
extra-dependencies = ["ruff"]
[tool.hatch.envs.default]
template = "base"
dependencies = ["coverage[toml]"]
features = ["docs"]
dependency-groups = ["test"]
`,
    );
    assertEquals(await hatchNeeds(root), ["coverage[toml]", "ruff", "mkdocs", "pytest>=8"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
