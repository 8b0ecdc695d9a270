import { assertEquals } from "@std/assert";
import { shadowLock, shadowPyproject } from "../../../../lib/adapters/poetry/shadow.ts";
import { parseData } from "../../../../lib/toml/parse.ts";

Deno.test("poetry: a shadow has packages from the app's own folders, in both files", () => {
  const group = (path: string) =>
    `[tool.poetry.group.hsm.dependencies]\nplug-a = { path = "${path}", develop = true }\n`;
  assertEquals(
    parseData(shadowPyproject(group("../x/plug-a"), "/srv/app")),
    parseData(`${group("/srv/x/plug-a")}[tool.poetry]\npackage-mode = false\n`),
  );
  const lock = (path: string) =>
    `[[package]]\nname = "plug-a"\ndevelop = true\n\n[package.source]\ntype = "directory"\nurl = "${path}"\n\n` +
    '[[package]]\nname = "plug-b"\n\n[package.source]\ntype = "git"\nurl = "file://None/x"\n';
  assertEquals(shadowLock(lock("../x/plug-a"), "/srv/app"), lock("/srv/x/plug-a"));
  assertEquals(shadowLock(lock('packages/a\\"b'), "/srv/app"), lock('/srv/app/packages/a\\"b'));
});
