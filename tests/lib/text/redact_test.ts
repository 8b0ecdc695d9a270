import { assert, assertEquals } from "@std/assert";
import { redact } from "../../../lib/text/redact.ts";

Deno.test("redact() hides what logs in, and nothing else", () => {
  const cases: [string, string][] = [
    ["fatal: https://me:s3cret@host/a.git gone", "fatal: https://***@host/a.git gone"],
    ["https://t0ken@host/a", "https://***@host/a"],
    ["https://me:p@s3cret@host/a", "https://***@host/a"],
    ["https://me:p/s3cret@host/a", "https://***@host/a"],
    ["ssh://git:s3cret@host/a", "ssh://***@host/a"],
    ["me:s3cret@host:a.git", "***@host:a.git"],
    ["https://host/a?private_token=s3cret&x=1", "https://host/a?private_token=***&x=1"],
    ["ssh://git@host/a", "ssh://git@host/a"],
    ["git@host:team/a.git", "git@host:team/a.git"],
    ["plug-a @ git+file:///r/plug-a@0123abc", "plug-a @ git+file:///r/plug-a@0123abc"],
    ["git+https://host:8443/org/a@0123abc", "git+https://host:8443/org/a@0123abc"],
    ["git+https://host/org/a?tag=v1#0123abc", "git+https://host/org/a?tag=v1#0123abc"],
    ["{ from: a@b, key: 1 }", "{ from: a@b, key: 1 }"],
  ];
  for (const [text, shown] of cases) assertEquals(redact(text), shown);
});

Deno.test("redact() hides what a colour stands before", () => {
  assertEquals(
    redact("\x1b[36mhttps://me:s3cret@host/a\x1b[39m"),
    "\x1b[36mhttps://***@host/a\x1b[39m",
  );
});

Deno.test("redact() takes no time for much of anything", () => {
  const pieces = [
    "a-",
    "://",
    "://a:",
    "://a@",
    "://a:1/",
    "?token",
    "&key-",
    "a:b@",
    "://git@",
    "'",
  ];
  for (const piece of pieces) {
    for (const end of ["", "@", "=", "=x@", ":"]) {
      const started = performance.now();
      redact(piece.repeat(200_000 / piece.length) + end);
      const took = performance.now() - started;
      assert(took < 1_000, `${piece}…${end}: ${took} ms`);
    }
  }
});
