/**
 * Tries what the executable must not be able to do, and says how each attempt ended.
 *
 * @module
 */

const attempts: Readonly<Record<string, () => unknown>> = {
  "connect": () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
  "fetch": () => fetch("http://127.0.0.1:9/"),
  "listen": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  "resolve": () => Deno.resolveDns("localhost", "A"),
  "foreign code": () => Deno.dlopen("libc.so.6", {}),
  "remote import": () => import(["http", "://127.0.0.1:9/x.js"].join("")),
  "system information": () => Deno.hostname(),
};

const outcomes: Record<string, string> = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    outcomes[name] = "allowed";
  } catch (error) {
    const { message } = error as Error;
    // An executable knows no modules but its own.
    outcomes[name] = /Requires \S+ access|^Module not found: http/.test(message)
      ? "refused"
      : message;
  }
}
console.log(JSON.stringify(outcomes));
