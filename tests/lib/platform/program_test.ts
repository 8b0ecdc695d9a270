import { assertEquals } from "@std/assert";
import {
  programEndings,
  programFolders,
  programToStart,
  variable,
} from "../../../lib/platform/program.ts";
import { testFolder } from "../transaction/folder.ts";

Deno.test("programToStart() names a .cmd or .bat on Windows as a whole, as no other program", () => {
  using folder = testFolder({
    "npm.cmd": "",
    "npm": "",
    "uv.exe": "",
    "uv.cmd": "",
    "both.bat": "",
  });
  Deno.mkdirSync(folder.at("later"));
  for (const name of ["pyenv.bat", "both.exe", "ruff.CMD"]) folder.write(`later/${name}`, "");
  const [first, later] = [folder.root, folder.at("later")];
  // Windows' file systems know this one by any case; the ending is asked for in lower case.
  folder.write("later/ruff.cmd", "");
  const env = { Path: `"${first}";;${later}`, PathExt: ".EXE;.BAT;.CMD" };
  const start = (program: string, cwd = "/nowhere") =>
    programToStart(program, { cwd, env, system: "windows" });

  assertEquals(start("npm"), `${first}/npm.cmd`);
  assertEquals(start("npm.cmd"), `${first}/npm.cmd`);
  assertEquals(start("ruff"), `${later}/ruff.cmd`);
  assertEquals(start("pyenv"), `${later}/pyenv.bat`);
  assertEquals(start("both"), `${first}/both.bat`);
  // Deno finds it by itself, and may be allowed no other name.
  assertEquals(start("uv"), "uv");
  assertEquals(start("git"), "git");
  assertEquals(start(""), "");
  // By a path, which is taken from the folder that it runs in.
  assertEquals(start("./pyenv", later), "./pyenv.bat");
  assertEquals(start("./pyenv", first), "./pyenv");
  assertEquals(start(`${first}/npm`), `${first}/npm.cmd`);
  assertEquals(start(`${first}/uv`), `${first}/uv`);
  // The folder one happens to be in is not looked in.
  assertEquals(programToStart("pyenv", { cwd: later, env: {}, system: "windows" }), "pyenv");
  // Without PATHEXT the order is Windows' own.
  assertEquals(programToStart("uv", { cwd: ".", env: { PATH: first }, system: "windows" }), "uv");
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(programToStart("npm", { cwd: first, env: { PATH: first }, system }), "npm");
  }
});

Deno.test("on Windows variables have names in any case, and PATH other separators", () => {
  const env = { Path: 'C:\\a;"C:\\b;c"', pathext: ".PY;.Exe" };
  assertEquals(variable(env, "PATH", "windows"), env.Path);
  assertEquals(variable(env, "PATH", "darwin"), undefined);
  assertEquals(programEndings(env, "windows"), [".py", ".exe"]);
  assertEquals(programEndings({}, "windows"), [".com", ".exe", ".bat", ".cmd"]);
  assertEquals(programEndings(env, "linux"), []);
  assertEquals(programFolders(env, "windows"), ["C:\\a", "C:\\b;c"]);
  assertEquals(programFolders({ PATH: "/a:/b;c" }, "linux"), ["/a", "/b;c"]);
});
