import { assertEquals } from "@std/assert";
import { isKept, newCodeWorkspace, withFolders } from "../../../lib/workspace/code_folders.ts";

const A = { path: "packages/a", name: "a (dev)" };
const B = { path: "packages/b", name: "b (dev)" };
const C = { path: "../c", name: "c (dev)" };

const NEW = `{
  // hsm keeps the folders named "… (dev)" current: the checkouts of packages in dev mode. All else is yours.
  "folders": [
    { "path": ".", "name": "app" },
    { "path": "packages/a", "name": "a (dev)" }
  ],
  "settings": {}
}
`;

Deno.test("newCodeWorkspace() has the app and the checkouts, and is kept", () => {
  const text = newCodeWorkspace("app", [A]);
  assertEquals(text, NEW);
  assertEquals(isKept(text), true);
  assertEquals(isKept(withFolders(text, [])!), true);
  assertEquals(isKept('{ "folders": [{ "path": "." }] }'), false);
  assertEquals(isKept('{ "folders": [{ "path": "packages/a", "name": "a (dev)" }] }'), true);
  assertEquals(isKept("hsm keeps nothing"), false);
});

Deno.test("withFolders() adds and takes out its own folders alone, and what was there stays as it was", () => {
  const cases: readonly (readonly [string, string])[] = [
    // In lines, with comments everywhere.
    [
      `// top
{
  "settings": { "a": 1, /* b */ }, // end
  "folders": [
    // the app
    { "path": "." }, // here
    /* mine */ { "path": "../x", "name": "x" } // last
    // below
  ],
  "launch": {}
}`,
      `// top
{
  "settings": { "a": 1, /* b */ }, // end
  "folders": [
    // the app
    { "path": "." }, // here
    /* mine */ { "path": "../x", "name": "x" }, // last
    // below
    { "path": "packages/a", "name": "a (dev)" },
    { "path": "packages/b", "name": "b (dev)" }
  ],
  "launch": {}
}`,
    ],
    // In one line.
    [
      '{"folders":[{"path":"."}]}',
      '{"folders":[{"path":"."}, { "path": "packages/a", "name": "a (dev)" }, { "path": "packages/b", "name": "b (dev)" }]}',
    ],
    // As VS Code writes it.
    [
      '{\r\n\t"folders": [\r\n\t\t{\r\n\t\t\t"path": "."\r\n\t\t}\r\n\t],\r\n\t"settings": {}\r\n}',
      '{\r\n\t"folders": [\r\n\t\t{\r\n\t\t\t"path": "."\r\n\t\t},\r\n\t\t{ "path": "packages/a", "name": "a (dev)" },\r\n\t\t{ "path": "packages/b", "name": "b (dev)" }\r\n\t],\r\n\t"settings": {}\r\n}',
    ],
    // With a byte order mark.
    [
      '\ufeff{ "folders": [{ "path": "." }] }',
      '\ufeff{ "folders": [{ "path": "." }, { "path": "packages/a", "name": "a (dev)" }, { "path": "packages/b", "name": "b (dev)" }] }',
    ],
    // With a comma after the last.
    [
      '{\n  "folders": [\n    { "path": "." }, // here\n  ],\n}\n',
      '{\n  "folders": [\n    { "path": "." }, // here\n    { "path": "packages/a", "name": "a (dev)" },\n    { "path": "packages/b", "name": "b (dev)" },\n  ],\n}\n',
    ],
  ];
  for (const [before, after] of cases) {
    assertEquals(withFolders(before, [A, B]), after);
    assertEquals(withFolders(after, [A, B]), after);
    assertEquals(withFolders(after, []), before);
  }
});

Deno.test("withFolders() keeps comments beside what goes, and takes what is in a place of its own", () => {
  const text = `{
  "folders": [
    { "path": "packages/a", "name": "a (dev)" }, // of a
    // of the app
    { "path": "." },
    // of b
    { "path": "packages/b", "name": "b (dev)" }, { "path": "../x" },
  ],
}
`;
  assertEquals(
    withFolders(text, [C]),
    `{
  "folders": [
    // of a
    // of the app
    { "path": "." },
    // of b
    { "path": "../x" },
    { "path": "../c", "name": "c (dev)" },
  ],
}
`,
  );
  // Before the comma, too.
  assertEquals(
    withFolders(
      '{ "folders": [\n  { "path": "packages/a", "name": "a (dev)" } // of a\n  , { "path": "." }\n] }',
      [],
    ),
    '{ "folders": [\n  // of a\n   { "path": "." }\n] }',
  );
  // Whoever has listed it himself, or given it another name, has it.
  const own =
    '{ "folders": [{ "path": "./packages/a/" }, { "path": "packages/b", "name": "bee" }] }';
  assertEquals(withFolders(own, [A, B]), own);
  assertEquals(withFolders(own, []), own);
});

Deno.test("withFolders() makes the list where there is none, and leaves alone what it does not understand", () => {
  assertEquals(
    withFolders('{ "settings": {} }', [A]),
    '{ "settings": {}, "folders": [{ "path": "packages/a", "name": "a (dev)" }] }',
  );
  assertEquals(
    withFolders('{\r\n\t"settings": { "a": [1, 2] } // ours\r\n}\r\n', [A, B]),
    '{\r\n\t"settings": { "a": [1, 2] }, // ours\r\n\t"folders": [{ "path": "packages/a", "name": "a (dev)" }, { "path": "packages/b", "name": "b (dev)" }]\r\n}\r\n',
  );
  assertEquals(
    withFolders("{}", [A]),
    '{ "folders": [{ "path": "packages/a", "name": "a (dev)" }] }',
  );
  assertEquals(
    withFolders("{\n}\n", [A]),
    '{\n  "folders": [{ "path": "packages/a", "name": "a (dev)" }]\n}\n',
  );
  assertEquals(
    withFolders('{ "folders": [ /* none */ ] }', [A]),
    '{ "folders": [ /* none */ { "path": "packages/a", "name": "a (dev)" } ] }',
  );
  assertEquals(
    withFolders('{\n  "folders": [\n  ]\n}', [A]),
    '{\n  "folders": [\n    { "path": "packages/a", "name": "a (dev)" }\n  ]\n}',
  );
  for (const text of ["", "[]", "{", '{ "folders": {} }', "not json"]) {
    assertEquals(withFolders(text, [A]), undefined, text);
  }
});
