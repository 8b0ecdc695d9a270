import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { editManifest, type ManifestEdit } from "../../../lib/manifest/edit.ts";

const dev: ManifestEdit = {
  kind: "set-package-key",
  package: "my-plugin",
  key: "mode",
  value: "dev",
};
const prod: ManifestEdit = { kind: "unset-package-key", package: "my-plugin", key: "mode" };
const pin = (tag: string): ManifestEdit => ({
  kind: "set-pin",
  package: "my-plugin",
  pin: { tag },
});
const branch: ManifestEdit = { kind: "set-pin", package: "my-plugin", pin: { branch: "main" } };
const add: ManifestEdit = { kind: "add-package", package: "new", value: "1.10" };
const addLong: ManifestEdit = {
  kind: "add-package",
  package: "new",
  value: { tag: "v1", extras: ["a"], require: false },
};
const remove: ManifestEdit = { kind: "remove-package", package: "my-plugin" };

function edit(text: string, ...edits: ManifestEdit[]): string {
  return editManifest({ path: "hsm.yaml", text }, edits);
}

function editLocal(text: string, ...edits: ManifestEdit[]): string {
  return editManifest({ path: "hsm.local.yaml", text }, edits);
}

Deno.test("editManifest() begins a file where there is none", () => {
  assertEquals(edit("", dev), "packages:\n  my-plugin:\n    mode: dev\n");
  assertEquals(edit("", pin("v1")), "packages:\n  my-plugin: v1\n");
  assertEquals(edit("# c", dev), "# c\npackages:\n  my-plugin:\n    mode: dev");
  assertEquals(
    edit("git: x\r\n\r\n# end\r\n", add),
    'git: x\r\npackages:\r\n  new: "1.10"\r\n\r\n# end\r\n',
  );
  assertEquals(editLocal("", dev, prod), "");
  assertEquals(editLocal("# c\n", dev, prod), "# c\n");
});

Deno.test("editManifest() makes the short form long, and short again", () => {
  const long = edit("packages:\n  my-plugin: 'v1.2.0'  # why\n", dev);
  assertEquals(long, "packages:\n  my-plugin: { tag: 'v1.2.0', mode: dev }  # why\n");
  assertEquals(edit(long, prod), "packages:\n  my-plugin: 'v1.2.0'  # why\n");
  assertEquals(
    edit("packages:\n  my-plugin: a,b # c\n", dev),
    'packages:\n  my-plugin: { tag: "a,b", mode: dev } # c\n',
  );
  assertEquals(
    edit("packages:\n  My_Plugin: 1.10\n", branch),
    "packages:\n  My_Plugin: { branch: main }\n",
  );
});

Deno.test("editManifest() keeps comments, quotes and indents", () => {
  const text =
    'packages:   # all\n    # mine\n    "my-plugin":   # c\n      tag:   "v1"   # pin\n      # more\n\n# end\n';
  assertEquals(edit(text, dev), text.replace("# pin\n", "# pin\n      mode: dev\n"));
  assertEquals(edit(text, pin("v2")), text.replace("v1", "v2"));
  assertEquals(edit(text, branch), text.replace('tag:   "v1"', 'branch:   "main"'));
  assertEquals(edit(text, pin("v1")), text);
  assertEquals(edit(text, dev, prod), text);
  assertEquals(
    edit(text, addLong),
    text.replace(
      "# pin\n",
      "# pin\n    new:\n      tag: v1\n      extras: [a]\n      require: false\n",
    ),
  );
});

Deno.test("editManifest() edits between braces", () => {
  assertEquals(
    edit("packages: { my-plugin: v1 } # c\n", dev),
    "packages: { my-plugin: { tag: v1, mode: dev } } # c\n",
  );
  assertEquals(
    edit("packages: { my-plugin: v1, }\n", add),
    'packages: { my-plugin: v1, new: "1.10", }\n',
  );
  assertEquals(edit("packages: {a: v0, my-plugin: v1}\n", remove), "packages: {a: v0}\n");
  assertEquals(
    edit("packages: {}\n", addLong),
    "packages: {new: { tag: v1, extras: [a], require: false }}\n",
  );
  assertEquals(edit("packages: ~ # c\n", pin("v1")), "packages: # c\n  my-plugin: v1\n");
  assertEquals(
    edit('{"packages": {"my-plugin": "v1"}}', pin("v2")),
    '{"packages": {"my-plugin": "v2"}}',
  );
});

Deno.test("editManifest() removes what became empty from hsm.local.yaml only", () => {
  const text = "packages:\n  my-plugin:\n    mode: dev\n";
  assertEquals(editLocal(text, prod), "");
  assertEquals(edit(text, prod), "packages:\n  my-plugin:\n");
  assertEquals(edit(text, remove), "packages:\n");
  assertEquals(editLocal(`mode: dev\n${text}`, prod), "mode: dev\n");
  assertEquals(editLocal(`${text}  b:\n    mode: dev\n`, prod), "packages:\n  b:\n    mode: dev\n");
  assertEquals(
    editLocal("packages:\n  # keep\n  my-plugin: v1\n", remove),
    "packages:\n  # keep\n",
  );
  assertEquals(editManifest({ path: "hsm.local.yaml", text }, [prod]), "");
});

Deno.test("editManifest() leaves a text alone that says it already", () => {
  for (const text of ["", "mode: dev # c", "packages:\n  a: v1\n"]) {
    assertEquals(edit(text, remove, prod), text);
  }
  assertEquals(
    edit("packages: {my-plugin: {mode: dev}}", dev),
    "packages: {my-plugin: {mode: dev}}",
  );
});

Deno.test("editManifest() refuses what it cannot do without touching something else", () => {
  const cases: [string, ManifestEdit, string][] = [
    ["packages:\n  my-plugin: &x v1\n  b: *x\n", pin("v2"), "an anchor stands there"],
    ["packages:\n  b: &x v1\n  my-plugin: *x\n", pin("v2"), "an alias stands there"],
    ["packages:\n  my-plugin:\n    tag: |-\n      v1\n", pin("v2"), "a block scalar stands there"],
    ["packages:\n  my-plugin: !!str v1\n", pin("v2"), "a tag stands there"],
    ["packages:\n  ? my-plugin\n  : v1\n", remove, "its key does not begin the line"],
    ["packages: {\n  a: v1, # c\n  my-plugin: v1\n}\n", remove, "a comment stands there"],
    ["packages:\n  a: &x {mode: dev}\n  my-plugin: {<<: *x}\n", prod, "an alias stands there"],
    [
      "packages:\n  my-plugin: v1\n",
      { ...add, package: "My_Plugin" },
      "My_Plugin is already there",
    ],
    [
      "packages:\n  <<: {my-plugin: v1}\n",
      remove,
      "the change would touch something else in the file",
    ],
    ["", pin("-x"), "expected the name of a tag, got `-x`: it must not begin with `-`"],
    [
      "",
      { ...dev, package: "../x" },
      "expected a package name, got `../x`: it may hold letters, digits, `-`, `_` and `.`, with a letter or digit first and last",
    ],
  ];
  for (const [text, change, why] of cases) {
    const error = assertThrows(() => edit(text, change), HsmError);
    assertEquals([error.code, error.message], ["manifest-invalid", `Cannot edit hsm.yaml: ${why}`]);
    // What would be wrong by hand as well is not to be made by hand.
    const byHand = !/already there|^expected/.test(why);
    assertEquals(error.hint?.startsWith("make this edit by hand: ") ?? false, byHand, why);
  }
  const error = assertThrows(() => edit("packages:\n  my-plugin: &x v1\n", pin("v2")), HsmError);
  assertEquals(error.hint, "make this edit by hand: set `tag` of `my-plugin` to `v2`");
});

Deno.test("editManifest() tells what is wrong with a file that is no manifest", () => {
  const error = assertThrows(() => edit("mode: x\n", dev), HsmError);
  assertEquals(error.message, "Cannot edit hsm.yaml: 1 problem");
  assertEquals(error.causes, [
    "hsm.yaml:1:7: expected `prod` or `dev`, got `x`\n  1 | mode: x\n    |       ^",
  ]);
});

Deno.test("editManifest() takes a `#` inside quotes for no comment", () => {
  const text = 'packages: { my-plugin: { path: "a #b" }, other: v1 }\n';
  const edit = { kind: "unset-package-key", package: "my-plugin", key: "path" } as const;
  assertEquals(
    editManifest({ path: "hsm.yaml", text }, [edit]),
    "packages: { my-plugin:, other: v1 }\n",
  );
});
