import { assertEquals } from "@std/assert";
import { readDirectUrl } from "../../../lib/git/direct_url.ts";

Deno.test("readDirectUrl() tells the address, what is checked out, and the folder", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["git+https://example.com/a", "https://example.com/a - -"],
    ["git+https://example.com/a.git@v1#egg=a", "https://example.com/a.git v1 -"],
    [
      "git+https://example.com/a@feature/x#egg=a&subdirectory=py/a",
      "https://example.com/a feature/x py/a",
    ],
    ["git+https://me:token@example.com/a@v1", "https://me:token@example.com/a v1 -"],
    ["git+https://${TOKEN}@example.com/a", "https://${TOKEN}@example.com/a - -"],
    ["git+ssh://git@example.com/team/a.git", "ssh://git@example.com/team/a.git - -"],
    ["git+ssh://git@example.com:22/a@v1", "ssh://git@example.com:22/a v1 -"],
    ["git+git@example.com:team/a.git@v1", "git@example.com:team/a.git v1 -"],
    ["git+file:///srv/a@v1", "file:///srv/a v1 -"],
    ["git+https://example.com/a@", "https://example.com/a - -"],
    ["https://example.com/a.whl", undefined],
    ["hg+https://example.com/a@v1", undefined],
  ];
  for (const [url, expected] of cases) {
    const read = readDirectUrl(url);
    const told = read && [read.git, read.ref ?? "-", read.subdirectory ?? "-"].join(" ");
    assertEquals(told, expected, url);
  }
});
