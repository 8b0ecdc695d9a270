import { assertEquals } from "@std/assert";
import { readAppPackages, readPipPackages } from "../../../../lib/adapters/pip/foreign_lines.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

Deno.test("pip: readPipPackages() reads repositories and folders in each form", () => {
  const { packages, skipped } = readPipPackages(
    `-i https://example.com/simple
idna==3.7 --hash=sha256:00
nonsense ==
file @ https://example.com/file-1.0-py3-none-any.whl
-e .
.[dev]
plug-a @ git+https://example.com/plug-a@v1
Plug_B[fast, slow] @ git+ssh://git@example.com/mono.git@feature/x#subdirectory=py/b
-e git+https://example.com/plug-c@${COMMIT}#egg=plug-c
-e git+https://example.com/plug-d.git@main#egg=plug_d[fast]&subdirectory=py
git+https://example.com/team/plug-e.git
-e git+git@example.com:team/plug-f.git@v1#egg=plug-f
plug-g @ git+https://me:s3cret@example.com/plug-g@v1
-e ../plug-h
-e ../plug-i[fast]
./libs/plug-j#egg=plug-j
-e file:///srv/plug-k
plug-l @ file:../plug-l
-e hg+https://example.com/plug-m#egg=plug-m
plug-n @ git+https://example.com/plug-n@v1 ; sys_platform == "win32"
-e ../plug-o ; python_version < "3"
`,
    "requirements.txt",
  );
  const url = (name: string) => `https://example.com/${name}`;
  assertEquals(packages, [
    { name: "plug-a", git: url("plug-a"), version: { ref: "v1" }, mode: "prod" },
    {
      name: "Plug_B",
      git: "ssh://git@example.com/mono.git",
      version: { ref: "feature/x" },
      mode: "prod",
      extras: ["fast", "slow"],
      subdirectory: "py/b",
    },
    { name: "plug-c", git: url("plug-c"), version: { rev: COMMIT } },
    {
      name: "plug_d",
      git: url("plug-d.git"),
      version: { ref: "main" },
      extras: ["fast"],
      subdirectory: "py",
    },
    { name: "plug-e", git: url("team/plug-e.git"), version: "default-branch", mode: "prod" },
    { name: "plug-f", git: "git@example.com:team/plug-f.git", version: { ref: "v1" } },
    {
      name: "plug-g",
      git: url("plug-g"),
      version: { ref: "v1" },
      mode: "prod",
      doubt: "the login is left out of its address: git asks for it",
    },
    { name: undefined, folder: "../plug-h" },
    { name: undefined, folder: "../plug-i", extras: ["fast"] },
    { name: "plug-j", folder: "./libs/plug-j" },
    { name: undefined, folder: "/srv/plug-k" },
    { name: "plug-l", folder: "../plug-l" },
  ]);
  assertEquals(skipped, [
    { name: "plug-m", reason: "it is kept in hg, not in git" },
    { name: "plug-n", reason: "it has a marker, which hsm.yaml cannot express" },
    { name: "../plug-o", reason: "it has a marker, which hsm.yaml cannot express" },
  ]);
});

Deno.test("pip: readAppPackages() follows -r and -c, and tells what is only constrained", async () => {
  const texts: Readonly<Record<string, string>> = {
    "pyproject.toml":
      '[project]\nname = "app"\ndependencies = ["plug-a", "plug-b @ git+https://example.com/b@v1"]\n',
    "requirements.txt": "-r requirements/base.txt\n-c constraints.txt\n",
    "requirements/base.txt":
      `plug-c @ git+https://example.com/c@${COMMIT}\nplug_b @ git+https://example.com/b@v1\n-e file:///srv/plug-e\n`,
    "requirements/base.in": "plug-c @ git+https://example.com/c@v1\n-e ../plug-e\n",
    "constraints.txt":
      "plug-a @ git+https://example.com/a@v1\nplug-t @ git+https://example.com/t@v1\n",
  };
  const read = await readAppPackages({
    environment: undefined,
    pyproject: () => Promise.resolve(texts["pyproject.toml"]!),
    read: (file) => Promise.resolve(texts[file]),
    has: (path) => Object.hasOwn(texts, path),
  });
  assertEquals(
    read.map(({ file, packages }) => [file, ...packages.map((it) => [it.name, it.require])]),
    [
      ["pyproject.toml"],
      ["requirements.txt"],
      ["requirements/base.txt", ["plug-c", undefined], [undefined, undefined]],
      ["constraints.txt", ["plug-a", undefined], ["plug-t", false]],
    ],
  );
  // What was compiled from another file has the version that stands there.
  assertEquals(read[2]?.packages, [
    { name: "plug-c", git: "https://example.com/c", version: { ref: "v1" }, mode: "prod" },
    { name: undefined, folder: "/srv/plug-e" },
  ]);
  assertEquals(read[0]?.skipped, [{
    name: "plug-b",
    reason:
      "project.dependencies has it from a URL, which pip cannot overrule: require it by its name alone, and `hsm add` it",
  }]);
});
