import { assertEquals } from "@std/assert";
import { StandInApp } from "../harness/stand_ins.ts";

Deno.test("hsm undo takes back what let a checkout stand in, or ended it, and again brings it forward", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.release("my-plugin", "1.1.0");
  await it.release("my-plugin", "1.2.0");
  const states: { texts: Record<string, string | null>; tree: Record<string, string> }[] = [];
  const note = async () => void states.push({ texts: await app.texts(), tree: it.tree() });
  await note();
  const moves = [
    ["dev", "my-plugin", "--inject", "environment", "--yes"],
    ["update", "my-plugin", "--to", "v1.1.0"],
    ["pin", "my-plugin", "v1.2.0"],
    ["dev", "my-plugin", "--inject", "pyproject"],
    ["dev", "my-plugin", "--inject", "environment"],
    ["prod", "my-plugin"],
  ];
  for (const move of moves) {
    const before = states.at(-1)!;
    (await app.hsm(...move)).expect({ code: 0 });
    const where = `hsm ${move.join(" ")}`;
    const after = { texts: await app.texts(), tree: it.tree() };
    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals(await app.texts(), before.texts, where);
    assertEquals(plain(it.tree()), plain(before.tree), where);
    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals(await app.texts(), after.texts, where);
    assertEquals(plain(it.tree()), plain(after.tree), where);
    assertEquals(await it.agrees(), true, where);
    await note();
  }
  (await app.hsm("undo", "2")).expect({ code: 0 });
  assertEquals(await app.texts(), states[0]!.texts);
  assertEquals(it.tree(), states[0]!.tree);
});

/** What is the same each time that the same is installed: of a folder uv notes when it was changed. */
function plain(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => !/\/(?:uv_cache\.json|RECORD)$/.test(path)),
  );
}
