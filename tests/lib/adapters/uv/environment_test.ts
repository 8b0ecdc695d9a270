import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { environmentFolder } from "../../../../lib/adapters/uv/environment.ts";

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

Deno.test("environmentFolder() heeds UV_PROJECT_ENVIRONMENT and the workspace around the app", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
  try {
    await write(join(folder, "pyproject.toml"), '[tool.uv.workspace]\nmembers = ["app"]\n');
    await write(join(folder, "app/pyproject.toml"), '[project]\nname = "app"\n');
    await write(join(folder, "own/pyproject.toml"), '[project]\nname = "own"\n');
    const app = join(folder, "app");
    assertEquals(await environmentFolder(app, {}), join(folder, ".venv"));
    assertEquals(await environmentFolder(join(folder, "own"), {}), join(folder, "own/.venv"));
    assertEquals(
      await environmentFolder(app, { UV_PROJECT_ENVIRONMENT: "venv" }),
      join(folder, "venv"),
    );
    assertEquals(
      await environmentFolder(app, { UV_PROJECT_ENVIRONMENT: join(folder, "else") }),
      join(folder, "else"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
