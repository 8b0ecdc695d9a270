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

Deno.test("redact() hides all that may be a secret in what is quoted out of a file", () => {
  const cases: [string, string][] = [
    ["git: https://me:p/s3cret@host/a.git # mine", "git: https://***@host/a.git # mine"],
    ["git: https://s3/cret@host/a", "git: https://***@host/a"],
    ["git: https://me:p\"'s3cret@host/a", "git: https://***@host/a"],
    ["git: https:\\/\\/me:s3cret@host/a", "git: https:\\/\\/***@host/a"],
    ["u=https%3a//me:s3cret@host", "u=https%3a//***@host"],
    ["git: https://host/a?s3cret # mine", "git: https://host/a?*** # mine"],
    ["me:s3cret@host/a", "***@host/a"],
    ["- 'me:s3cret@host/a'", "- '***@host/a'"],
    ["a?token=s3cret&b=1", "a?token=***&b=1"],
    ["ssh://git@host/a", "ssh://git@host/a"],
    ["git@host:team/a.git", "git@host:team/a.git"],
  ];
  for (const [text, shown] of cases) assertEquals(redact(text, { strict: true }), shown);
});

Deno.test("redact() takes no longer than a text is long, whatever it is made of", () => {
  const pieces = [
    "a-",
    "://",
    "://a:",
    "://a@",
    "://a:1/",
    "://a?",
    "%3a//",
    "?token",
    "&key-",
    "a:b@",
    "://git@",
    "'",
    "a ",
  ];
  for (const strict of [false, true]) {
    for (const piece of pieces) {
      for (const end of ["", "=x@h:"]) {
        const [some, many] = [80_000, 1_000_000].map((size) =>
          piece.repeat(size / piece.length) + end
        );
        const took = (text: string, times: number) => {
          const started = performance.now();
          for (let time = 0; time < times; time++) redact(text, { strict });
          return performance.now() - started;
        };
        const first = took(some!, 1);
        assert(first < 2_000, `${piece}…${end}: ${first} ms for 80 KB`);
        // As much text in one piece takes as long as in twelve, or twelve times as long were it quadratic. Whatever else
        // the machine does, one of some goes is undisturbed.
        let [pieces, whole] = [0, Infinity];
        for (let left = 6; left > 0 && whole > 5 * pieces + 10; left--) {
          pieces = Math.max(pieces, took(some!, 12));
          whole = Math.min(whole, took(many!, 1));
        }
        assert(
          whole <= 5 * pieces + 10,
          `${piece}…${end}: ${pieces} ms in pieces, ${whole} ms whole`,
        );
      }
    }
  }
});
