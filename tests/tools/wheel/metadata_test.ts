import { assertEquals, assertThrows } from "@std/assert";
import { forIndex, metadataOf, pythonVersion, stemOf } from "../../../tools/wheel/metadata.ts";

Deno.test("pythonVersion says a version as Python does", () => {
  assertEquals(pythonVersion("0.1.0"), "0.1.0");
  assertEquals(pythonVersion("1.0.0-rc.1"), "1.0.0rc1");
  assertEquals(pythonVersion("1.0.0-alpha.2"), "1.0.0a2");
  assertEquals(stemOf("1.0.0-rc.1"), "hsm_hypervisor-1.0.0rc1");
  assertThrows(() => pythonVersion("1.0.0-nightly.3"), Error, "Cannot say 1.0.0-nightly.3");
});

Deno.test("metadataOf says of a wheel what it is, and whose licences it holds", () => {
  assertEquals(
    metadataOf({
      version: "0.1.0",
      summary: "Many repositories.",
      license: "MIT AND ISC",
      licenseFiles: ["LICENSE", "npm/a-1.0.0/LICENSE"],
      readme: "# HSM\n\nWords.\n",
    }),
    `Metadata-Version: 2.4
Name: hsm-hypervisor
Version: 0.1.0
Summary: Many repositories.
License-Expression: MIT AND ISC
License-File: LICENSE
License-File: npm/a-1.0.0/LICENSE
Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM

# HSM

Words.
`,
  );
});

Deno.test("forIndex leaves out of a text what only its repository holds", () => {
  assertEquals(
    forIndex(`# HSM

![A run](docs/run.svg)

[Both ways](docs/dev-mode.md#b), [uv](https://example.com/uv) and [below](#more).
`),
    `# HSM

Both ways, [uv](https://example.com/uv) and [below](#more).
`,
  );
});
