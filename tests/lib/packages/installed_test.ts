import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import type { System } from "../../../lib/platform/system.ts";
import { parseDirectUrl, readInstalled } from "../../../lib/packages/installed.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function write(path: string, text: string): Promise<void> {
  await ensureDir(dirname(path));
  await Deno.writeTextFile(path, text);
}

Deno.test("parseDirectUrl() reads every form of PEP 610", () => {
  const read = (value: unknown) => parseDirectUrl(JSON.stringify(value));
  assertEquals(read({ url: "file:///a%20b/", dir_info: { editable: true } }), {
    kind: "folder",
    path: "/a b",
    editable: true,
  });
  assertEquals(read({ url: "file:///a", dir_info: {} }), {
    kind: "folder",
    path: "/a",
    editable: false,
  });
  assertEquals(
    read({
      url: "https://me:s3cret@example.com/x",
      subdirectory: "python",
      vcs_info: { vcs: "git", commit_id: "12", requested_revision: "v1" },
    }),
    {
      kind: "git",
      url: "https://***@example.com/x",
      commit: "12",
      requested: "v1",
      subdirectory: "python",
    },
  );
  assertEquals(read({ url: "https://example.com/x.whl", archive_info: {} }), {
    kind: "archive",
    url: "https://example.com/x.whl",
  });
  for (const text of ["", "{", "[]", "null", '{"url": 1}', '{"dir_info": {}}']) {
    assertEquals(parseDirectUrl(text), { kind: "index" }, text);
  }
});

Deno.test("readInstalled() reads only what it is asked for, and survives broken metadata", async () => {
  await inFolder(async (folder) => {
    const site = join(folder, "lib/python3.12/site-packages");
    const metadata = (version: string) =>
      `Metadata-Version: 2.3\r\nName: x\r\nVersion: ${version}\r\n\r\nVersion: 9 is in the text\r\n`;
    await write(join(site, "my_plugin-1.0.dist-info/METADATA"), metadata("1.0+local"));
    await write(
      join(site, "my_plugin-1.0.dist-info/direct_url.json"),
      '{"url": "file:///p", "dir_info": {"editable": true}}',
    );
    await write(join(site, "Other.Plugin-2.0.dist-info/METADATA"), metadata("2.0"));
    await write(join(site, "unasked-3.0.dist-info/METADATA"), metadata("3.0"));
    await write(join(site, "broken-4.0.dist-info/RECORD"), "");
    await write(join(site, "my_plugin.pth"), "");

    const keys = new Set(["my-plugin", "other-plugin", "broken", "absent"]);

    assertEquals(Object.fromEntries(await readInstalled({ folder }, keys, "linux")), {
      "my-plugin": {
        version: "1.0+local",
        origin: { kind: "folder", path: "/p", editable: true },
      },
      "other-plugin": { version: "2.0", origin: { kind: "index" } },
    });
    assertEquals([...await readInstalled({ folder: join(folder, "nowhere") }, keys)], []);
  });
});

Deno.test("readInstalled() looks where each system's environments have their distributions", async () => {
  await inFolder(async (folder) => {
    const place = (path: string, version: string) =>
      write(join(folder, path, "a-1.dist-info/METADATA"), `Version: ${version}\n`);
    await place("Lib/site-packages", "1");
    await place("lib/python3.12/site-packages", "2");
    const keys = new Set(["a"]);
    const versions = async (system: System) =>
      (await readInstalled({ folder }, keys, system)).get("a")?.version;
    assertEquals(await versions("windows"), "1");
    assertEquals([await versions("linux"), await versions("darwin")], ["2", "2"]);
  });
});

Deno.test("readInstalled() takes the Python that pyvenv.cfg names when there are two", () =>
  inFolder(async (folder) => {
    for (const python of ["3.8", "3.12"]) {
      await write(
        join(folder, `lib/python${python}/site-packages/a-1.dist-info/METADATA`),
        `Version: ${python}\n`,
      );
    }
    await write(join(folder, "pyvenv.cfg"), "home = /usr/bin\nversion_info = 3.12.1\n");

    assertEquals(
      (await readInstalled({ folder }, new Set(["a"]), "darwin")).get("a")?.version,
      "3.12",
    );
  }));

Deno.test("readInstalled() looks where the package manager says that distributions are", async () => {
  await inFolder(async (folder) => {
    const metadata = "Metadata-Version: 2.1\nName: a\nVersion: 1\n\n";
    await write(join(folder, "elsewhere/a-1.dist-info/METADATA"), metadata);
    const keys = new Set(["a"]);
    assertEquals([...await readInstalled({ folder }, keys)], []);
    const found = await readInstalled({ folder, sitePackages: [join(folder, "elsewhere")] }, keys);
    assertEquals(found.get("a")?.version, "1");
  });
});
