/**
 * Tries what the executable must not be able to do, and says how each attempt ended.
 *
 * @module
 */

// Not one of the ports that fetch itself blocks, whatever the permissions are.
const PORT = 49_151;

const attempts: Readonly<Record<string, () => unknown>> = {
  "connect": () => Deno.connect({ hostname: "127.0.0.1", port: PORT }),
  "fetch": () => fetch(`http://127.0.0.1:${PORT}/`),
  "listen": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  "resolve": () => Deno.resolveDns("localhost", "A"),
  "foreign code": () => Deno.dlopen("libc.so.6", {}),
  "remote import": () => import(["http", `://127.0.0.1:${PORT}/x.js`].join("")),
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
