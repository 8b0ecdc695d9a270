import { assertEquals } from "@std/assert";
import { readDenial } from "../../../lib/git/denial.ts";

const GUIDE = "see docs/guides/authentication.md";
const UNKNOWN =
  `example.com wants to know who asks: answer git on a terminal, or give it a credential helper that knows it, ${GUIDE}`;
Deno.test("readDenial() knows a server that lets nobody in, by what git says", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    [
      "fatal: could not read Username for 'https://example.com': terminal prompts disabled",
      UNKNOWN,
    ],
    [
      "remote: no\nfatal: Authentication failed for 'https://me:s3cret@example.com/x.git/'",
      UNKNOWN,
    ],
    [
      "fatal: unable to access 'https://example.com/x/': The requested URL returned error: 403",
      `example.com refuses the user or token that git has, or wants one: ${GUIDE}`,
    ],
    [
      "fatal: unable to access 'https://example.com/x/': Could not resolve host: example.com",
      undefined,
    ],
    [
      "fatal: unable to access 'https://example.com/x/': The requested URL returned error: 500",
      undefined,
    ],
    ["fatal: repository 'https://example.com/x/' not found", undefined],
  ];
  for (const [text, hint] of cases) assertEquals(readDenial(text)?.hint, hint, text);
});
