import { assertEquals } from "@std/assert";
import { findSourcesOff } from "../../../../lib/adapters/uv/settings.ts";
import type { System } from "../../../../lib/platform/system.ts";
import { testFolder } from "../../transaction/folder.ts";

Deno.test("findSourcesOff() looks for the user's and the system's settings where uv does on each system", async () => {
  using folder = testFolder();
  const at = (path: string) => folder.at(path);
  const place = (path: string, name: string) => {
    Deno.mkdirSync(at(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
    folder.write(path, `no-sources-package = ["${name}"]\n`);
  };
  place("Roaming/uv/uv.toml", "roaming");
  // The one name that it has where `\\` is part of one.
  place("drives/C:\\ProgramData\\uv\\uv.toml", "program-data");
  place("home/.config/uv/uv.toml", "home");
  place("config/uv/uv.toml", "config");
  place("xdg/uv/uv.toml", "xdg");
  const root = at("app");
  Deno.mkdirSync(root);
  const found = async (system: System, env: Readonly<Record<string, string>>) =>
    (await findSourcesOff({ root, env }, "", system)).flatMap((it) => it.packages ?? []);
  const all = {
    // Windows tells no upper from lower case in their names.
    AppData: at("Roaming"),
    SystemDrive: at("drives/C:"),
    HOME: at("home"),
    XDG_CONFIG_DIRS: at("xdg"),
  };

  assertEquals(await found("windows", all), ["roaming", "program-data"]);
  assertEquals(await found("windows", { HOME: at("home") }), []);
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(await found(system, all), ["home", "xdg"]);
    const config = { ...all, XDG_CONFIG_HOME: at("config") };
    assertEquals(await found(system, config), ["config", "xdg"]);
    assertEquals(await found(system, { ...config, UV_NO_SYSTEM_CONFIG: "1" }), ["config"]);
    assertEquals(await found(system, { ...config, UV_NO_CONFIG: "true" }), []);
  }
});
