import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { cacheFolder } from "../../../lib/files/cache.ts";
import { homeOrTop } from "../../../lib/git/url.ts";
import { HERE, SYSTEM } from "../../../lib/platform/system.ts";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${folder}`)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

Deno.test("one file asks which system this is, so that tests can be on another one", async () => {
  const asking = [];
  for (const folder of ["lib", "tasks"]) {
    for await (const file of sources(folder)) {
      const text = await Deno.readTextFile(`${ROOT}${file}`);
      if (/Deno\.build\.os|process\.platform/.test(text)) asking.push(file);
    }
  }
  assertEquals(asking, ["lib/platform/system.ts"]);
});

Deno.test({
  name: "HERE.ask() gives what a program prints, in English and in UTC, and null where it fails",
  ignore: SYSTEM === "windows",
  fn: async () => {
    assertEquals(await HERE.ask(["sh", "-c", 'echo "$LC_ALL $TZ"; echo error >&2']), "C UTC\n");
    assertEquals(await HERE.ask(["sh", "-c", "echo half; exit 1"]), null);
    assertEquals(await HERE.ask(["no-such-program"]), null);
  },
});

Deno.test("HERE.ask() does without a program that HSM may not run", async () => {
  const module = new URL("../../../lib/platform/system.ts", import.meta.url).href;
  const script = `const { HERE } = await import(${JSON.stringify(module)});
    console.log(await HERE.ask(["cat", "/dev/null"]));`;
  for (const [allowed, answer] of [["--allow-run=git", "null\n"], ["--allow-run=cat", "\n"]]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-read", "--allow-env", allowed!, "-"],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(script));
    await writer.close();
    const { stdout, stderr } = await child.output();
    const [out, err] = [stdout, stderr].map((it) => new TextDecoder().decode(it));
    assertEquals([out, err], [answer, ""]);
  }
});

Deno.test("cacheFolder() is where each system keeps caches", () => {
  const home = "/home/me";
  const unix = { HOME: home };
  assertEquals(cacheFolder(unix, "linux"), `${home}/.cache/hsm`);
  assertEquals(cacheFolder(unix, "darwin"), `${home}/Library/Caches/hsm`);
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(cacheFolder({ ...unix, XDG_CACHE_HOME: "/x" }, system), "/x/hsm");
  }
  const slashes = (folder: string | undefined) => folder?.replaceAll("\\", "/");
  const local = { LocalAppData: "C:/Local", USERPROFILE: "C:/Users/me", HOME: home };
  assertEquals(slashes(cacheFolder(local, "windows")), "C:/Local/hsm/cache");
  const profile = { UserProfile: "C:/Users/me", XDG_CACHE_HOME: "/x" };
  assertEquals(slashes(cacheFolder(profile, "windows")), "C:/Users/me/AppData/Local/hsm/cache");
  assertEquals(cacheFolder({ HOME: home }, "windows"), undefined);
  for (const system of ["linux", "darwin", "windows"] as const) {
    assertEquals(cacheFolder({ ...unix, HSM_CACHE_DIR: "/own" }, system), "/own");
  }
});

Deno.test("homeOrTop() takes the letter of a drive for no server on Windows", () => {
  for (const address of ["C:\\repos\\x", "c:repos/x", "D:/repos/x"]) {
    assertEquals(homeOrTop(address, "windows"), undefined);
  }
  assertEquals(homeOrTop("c:repos/x", "linux")?.server, "c");
  assertEquals(homeOrTop("me@srv:repos/x", "windows")?.home, "ssh://me@srv/~/repos/x");
});
