/**
 * A web server of the files in a folder, on this machine alone.
 *
 * @module
 */

import { join } from "@std/path";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
};

/** A running server. */
export interface WebServer extends AsyncDisposable {
  /** Where it is, such as `http://localhost:4321`. */
  readonly url: string;
  /** The paths that it was asked for and has not got. */
  readonly missing: readonly string[];
}

/** Serves a folder until it is disposed of. */
export function serveFolder(folder: string): WebServer {
  const missing: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const path = join(folder, decodeURIComponent(pathname).replace(/\/$/, "/index.html"));
    try {
      const headers = { "content-type": TYPES[path.split(".").at(-1)!] ?? "text/plain" };
      return new Response(await Deno.readFile(path), { headers });
    } catch {
      missing.push(pathname);
      return new Response("not found", { status: 404 });
    }
  });
  return {
    url: `http://localhost:${server.addr.port}`,
    missing,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
