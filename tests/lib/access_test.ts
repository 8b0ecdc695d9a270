import { assertEquals } from "@std/assert";
import { readDenial } from "../../lib/access.ts";

const GUIDE = "see docs/guides/authentication.md";
const UNKNOWN =
  `example.com wants to know who asks: answer git on a terminal, or give it a credential helper that knows it, ${GUIDE}`;
const LOGIN =
  `example.com:8443 wants to know who asks: run \`uv auth login example.com:8443\`, ${GUIDE}`;

Deno.test("readDenial() knows a server that lets nobody in, by what git and uv say", () => {
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
    [
      "hint: An index URL (https://example.com:8443/simple/) could not be queried due to a lack of\n" +
      "      valid authentication credentials (401 Unauthorized).",
      LOGIN,
    ],
    ["hint: An index (https://example.com:8443/simple/) returned a 401 Unauthorized error.", LOGIN],
    [
      "cause: HTTP status client error (401 Unauthorized) for url (https://example.com:8443/x.whl)",
      LOGIN,
    ],
    [
      "hint: An index (https://example.com/simple/) returned a 403 Forbidden error. Check that the",
      `example.com refuses the user or token that uv has, or wants one: ${GUIDE}`,
    ],
    ["HTTP status client error (404 Not Found) for url (https://example.com/x.whl)", undefined],
  ];
  for (const [text, hint] of cases) assertEquals(readDenial(text)?.hint, hint, text);
});
