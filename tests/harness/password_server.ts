/**
 * A server of git repositories that asks for a name and a password, by git's own `http-backend`.
 *
 * @module
 */

import type { TestApp } from "./app.ts";

/** The name and the password that it wants. */
export const LOGIN = { name: "me", password: "sesame" } as const;

/** A running server. */
export interface PasswordServer extends AsyncDisposable {
  /** Where it is, such as `http://127.0.0.1:4321`; the plugins' names follow. */
  readonly url: string;
}

/**
 * Serves an app's plugins, until it is disposed of.
 *
 * @param passwords Another password for plugins of these names.
 */
export function passwordServer(
  app: TestApp,
  passwords: Readonly<Record<string, string>> = {},
): PasswordServer {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const plugin = new URL(request.url).pathname.split("/")[1] ?? "";
    const wanted = `Basic ${btoa(`${LOGIN.name}:${passwords[plugin] ?? LOGIN.password}`)}`;
    if (request.headers.get("authorization") !== wanted) {
      await request.body?.cancel();
      const headers = { "www-authenticate": 'Basic realm="plugins"' };
      return new Response("who are you?", { status: 401, headers });
    }
    return await answer(app, request);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The answer of `git http-backend`, which is a CGI program: headers, an empty line, the body. */
async function answer(app: TestApp, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const child = new Deno.Command("git", {
    args: ["http-backend"],
    env: {
      ...app.env,
      GIT_PROJECT_ROOT: `${app.folder}/remotes`,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname.replace(/^\/[^/]+/, "$&/.git"),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers.get("content-type") ?? "",
      HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
      GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new Uint8Array(await request.arrayBuffer()));
  await writer.close();
  const { stdout } = await child.output();
  const end = new TextDecoder("latin1").decode(stdout).indexOf("\r\n\r\n");
  const lines = new TextDecoder().decode(stdout.subarray(0, end)).split("\r\n");
  const headers = lines.map((line) => line.split(/: (.*)/, 2) as [string, string]);
  const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
  const kept = headers.filter(([name]) => name !== "Status");
  return new Response(stdout.subarray(end + 4), { status, headers: kept });
}
