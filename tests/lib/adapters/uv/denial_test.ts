import { assertEquals } from "@std/assert";
import { readIndexDenial } from "../../../../lib/adapters/uv/denial.ts";

const GUIDE = "see docs/guides/authentication.md";
const LOGIN =
  `example.com:8443 wants to know who asks: run \`uv auth login example.com:8443\`, ${GUIDE}`;

Deno.test("readIndexDenial() knows an index that lets nobody in, by what uv says", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
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
  for (const [text, hint] of cases) assertEquals(readIndexDenial(text)?.hint, hint, text);
});
