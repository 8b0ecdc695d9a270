import { assertEquals } from "@std/assert";
import { homeOrTop, remoteAddress, repositoryUrl, sameRepository } from "../../../lib/git/url.ts";

Deno.test("repositoryUrl makes a URL of whatever git takes", () => {
  for (
    const [address, url] of [
      ["https://example.com/a", "https://example.com/a"],
      ["git@example.com:team/a.git", "ssh://git@example.com/team/a.git"],
      ["git@example.com:/srv/a.git", "ssh://git@example.com/srv/a.git"],
      ["git@example.com:~/a.git", "ssh://git@example.com/~/a.git"],
      ["git@example.com:~joe/a.git", "ssh://git@example.com/~joe/a.git"],
      ["example.com:a", "ssh://example.com/a"],
      ["../a", "file:///srv/a"],
      ["/srv/a b", "file:///srv/a%20b"],
      ["./host:a", "file:///srv/app/host:a"],
    ] as const
  ) assertEquals(repositoryUrl(address, "/srv/app"), url);
});

Deno.test("remoteAddress leaves what git is to be told as it is given, but for paths", () => {
  for (const address of ["ssh://h/~/a", "git@h:a", "h:~/a", "https://h/a"]) {
    assertEquals(remoteAddress(address, "/srv/app"), address);
  }
  assertEquals(remoteAddress("../a", "/srv/app"), "file:///srv/a");
});

Deno.test("homeOrTop tells where the short form of ssh leaves two URLs open", () => {
  assertEquals(homeOrTop("git@srv:repos/a"), {
    server: "git@srv",
    home: "ssh://git@srv/~/repos/a",
    top: "ssh://git@srv/repos/a",
  });
  for (
    const address of [
      "git@srv:/repos/a",
      "git@srv:~/repos/a",
      "ssh://git@srv/repos/a",
      "https://srv/a",
      "../a",
      "git@github.com:Org/a.git",
      "git@gitlab.com:org/sub/a.git",
    ]
  ) assertEquals(homeOrTop(address), undefined, address);
});

Deno.test("sameRepository knows one repository by all its addresses, and two apart", () => {
  const same = [
    ["https://github.com/Org/Plug.git", "git@github.com:org/plug"],
    ["https://gitlab.com/Org/Plug", "ssh://git@gitlab.com/org/plug.git/"],
    ["git@srv:repos/a", "ssh://git@srv/~/repos/a.git"],
    ["https://EXAMPLE.com:443/a", "https://joe@example.com/a.git"],
    ["../a", "/srv/a"],
  ] as const;
  const different = [
    ["https://example.com/Org/plug", "https://example.com/org/plug"],
    ["https://github.com/org/plug", "https://gitlab.com/org/plug"],
    ["https://github.com/org/plug", "https://github.com/org/plug2"],
    ["git@srv:~joe/a", "git@srv:a"],
    ["/srv/A", "/srv/a"],
  ] as const;
  for (const [a, b] of same) assertEquals(sameRepository(a, b, "/srv/app"), true, `${a} ${b}`);
  for (const [a, b] of different) {
    assertEquals(sameRepository(a, b, "/srv/app"), false, `${a} ${b}`);
  }
});
