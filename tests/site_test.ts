import { assertEquals, assertMatch } from "@std/assert";
import { walk } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { findLinks, mapLinks } from "../tools/links.ts";
import { checkSiteLinks } from "../tools/site_links.ts";
import { Browser, browserTest } from "./harness/browser.ts";
import { start } from "./harness/program.ts";
import { serveFolder } from "./harness/web_server.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

const DOCUMENT = `# One \`[no](link)\`

[one](a.md#b), [\`two\` "2"](../c/d.ts), ![a picture](e.svg), [three](https://example.com/?f=g)
and <img src="h.png">.

\`\`\`md
[no](link)
\`\`\`

  \`\`\`md
  [no](link)
  \`\`\`
`;

Deno.test("findLinks() finds links, pictures and those of tags, outside code", () => {
  assertEquals(findLinks(DOCUMENT), [
    { text: "one", target: "a.md#b" },
    { text: '`two` "2"', target: "../c/d.ts" },
    { text: "a picture", target: "e.svg" },
    { text: "three", target: "https://example.com/?f=g" },
    { text: "", target: "h.png" },
  ]);
});

Deno.test("mapLinks() has each of them lead elsewhere, and leaves everything else", () => {
  assertEquals(mapLinks(DOCUMENT, (it) => it), DOCUMENT);
  const mapped = mapLinks('[a](a) `[a](a)` <img src="a">\n', (it) => `to/${it}`);
  assertEquals(mapped, '[a](to/a) `[a](a)` <img src="to/a">\n');
});

Deno.test("checkSiteLinks() tells of each link that leads to no file or to no anchor", async () => {
  const folder = await Deno.makeTempDir({ prefix: "hsm-site-links-" });
  try {
    await Deno.mkdir(join(folder, "a b/deep"), { recursive: true });
    const page = (name: string, html: string) => Deno.writeTextFile(join(folder, name), html);
    await page("style.css", "");
    await page(
      "index.html",
      '<link href="style.css"><a href="a%20b/">a</a><a href=".#x">x</a><b id="x">' +
        '<a href="https://example.com/gone">b</a><a href="a%20b/#y">c</a><script src="gone.js"></script>' +
        '<script>"<a href=\\"no\\" href="no">"</script>',
    );
    await page(
      "a b/index.html",
      '<a id="z" class="t" href="../?q=1&amp;r=2#x">x</a><img src="deep/gone.svg">',
    );
    await page("a b/deep/index.html", '<a href="..#z">z</a><a href="../..#z">z</a>');
    assertEquals(await checkSiteLinks(folder), {
      pages: 3,
      links: 9,
      broken: [
        "a b/deep/index.html: ../..#z",
        "a b/index.html: deep/gone.svg",
        "index.html: a%20b/#y",
        "index.html: gone.js",
      ],
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task site makes a page of each document, and links to the repository for the rest", async () => {
  await using site = await makeSite();
  const documents = await Array.fromAsync(walk(`${PROJECT}docs`, { exts: ["md"] }));
  const pages = documents.map(({ path }) =>
    `${relative(PROJECT, path).replace(/\.md$/, "/")}`.replace("README/", "")
  );
  assertEquals(await site.pages(), ["", "CHANGELOG/", ...pages].sort());

  const foreign = async (page: string) => {
    const html = await Deno.readTextFile(join(site.folder, page, "index.html"));
    return [...html.matchAll(/ (?:href|src)="(https?:[^"]*)"/g)].map(([, url]) => url).sort();
  };
  const repository = "https://github.com/org/hsm";
  const foot = [repository, "https://zensical.org/"];
  assertEquals(await foreign("docs/tutorial"), foot);
  assertEquals(await foreign(""), [...foot, `${repository}/blob/main/examples`].sort());
});

browserTest(
  "the site: search finds commands, and no page asks another host for anything",
  async () => {
    await using site = await makeSite();
    await using server = serveFolder(site.folder);
    await using browser = await Browser.open();

    await browser.goTo(`${server.url}/`);
    assertEquals(await browser.evaluate("document.title"), "Overview - HSM");
    await browser.evaluate(`document.querySelector(".md-search__button").click()`);
    await browser.waitFor(`document.activeElement.shadowRoot?.activeElement?.tagName === "INPUT"`);
    await browser.type("undo");
    const first = `document.activeElement.shadowRoot?.querySelector("ol a")`;
    assertMatch(
      String(await browser.waitFor(`${first}?.innerText`)),
      /^hsm undo\nReference\nCommands\n/,
    );
    await browser.follow(first);
    assertEquals(await browser.evaluate("location.pathname"), "/docs/reference/commands/");
    const heading = "document.querySelector(location.hash)";
    assertEquals(await browser.evaluate(`${heading}.firstChild.textContent`), "hsm undo");
    await browser.waitFor(
      `(({ y }) => 0 < y && y < innerHeight)(${heading}.getBoundingClientRect())`,
    );

    for (const [value, scheme] of [["light", "default"], ["dark", "slate"]]) {
      const features = [{ name: "prefers-color-scheme", value }];
      await browser.call("Emulation.setEmulatedMedia", { features });
      await browser.waitFor(`document.body.dataset.mdColorScheme === "${scheme}"`);
    }

    const phone = { width: 390, height: 844, deviceScaleFactor: 1, mobile: true };
    await browser.call("Emulation.setDeviceMetricsOverride", phone);
    const blank = "[...document.images].filter((it) => it.naturalWidth === 0).map((it) => it.src)";
    for (const page of await site.pages()) {
      await browser.goTo(`${server.url}/${page}`);
      const width = await browser.evaluate("document.documentElement.scrollWidth");
      assertEquals([page, width, await browser.evaluate(blank)], [page, phone.width, []]);
    }
    const isOwn = (url: string) => url.startsWith(`${server.url}/`) || url.startsWith("data:");
    assertEquals(browser.requests.filter((it) => !isOwn(it)), []);
    assertEquals(server.missing, []);
  },
);

interface Site extends AsyncDisposable {
  readonly folder: string;
  /** The addresses of its pages, relative to where it begins, sorted. */
  pages(): Promise<readonly string[]>;
}

/** The site, in a folder of its own. */
async function makeSite(): Promise<Site> {
  const around = await Deno.makeTempDir({ prefix: "hsm-site-" });
  const folder = join(around, "site");
  const argv = [Deno.execPath(), "task", "--quiet", "site", folder];
  const { stdout } = (await start(argv, { cwd: PROJECT }).ended).expect({ code: 0, stderr: "" });
  assertMatch(stdout, /^made \S+\/site: \d+ pages, \d+ links that lead somewhere\n$/);
  assertEquals([...Deno.readDirSync(around)].map((it) => it.name), ["site"]);
  return {
    folder,
    async pages() {
      const files = await Array.fromAsync(walk(folder, { match: [/index\.html$/] }));
      return files.map((it) => relative(folder, it.path).replace(/index\.html$/, "")).sort();
    },
    [Symbol.asyncDispose]: () => Deno.remove(around, { recursive: true }),
  };
}
