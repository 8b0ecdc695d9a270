import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { poetryAdapter } from "../../../../lib/adapters/poetry/adapter.ts";
import { createTell } from "../../../../lib/events/tell.ts";
import { readMetadata } from "../../../../lib/project/read_metadata.ts";
import { ALL } from "../../../harness/managers.ts";
import { poetryEnvironment, type PoetryVersion } from "../../../harness/poetry.ts";

const VERSIONS: readonly PoetryVersion[] = ALL ? ["2.5.1", "1.8.5"] : ["2.5.1"];

for (const version of VERSIONS) {
  Deno.test(`poetry ${version}: a new library has its modules in src, and is for the app's Pythons`, async () => {
    const root = await Deno.makeTempDir({ prefix: "hsm-test-" });
    try {
      const env = { ...await poetryEnvironment(version), HOME: root };
      const signal = new AbortController().signal;
      const context = { root, env, environment: undefined, signal, tell: createTell() };
      const directory = join(root, "new");
      const options = { directory, name: "plug-n", requiresPython: ">=3.9" };
      const { success, stderr } = await poetryAdapter(env).newLibrary!(context, options);
      assertEquals(success, true, stderr);
      const text = await Deno.readTextFile(join(directory, "pyproject.toml"));
      const file = { component: "plug-n", file: "pyproject.toml", text };
      const { metadata } = readMetadata(file, "none", () => []);
      assertEquals([metadata?.name, metadata?.requiresPython], ["plug-n", ">=3.9"]);
      await Deno.stat(join(directory, "src/plug_n/__init__.py"));
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}
