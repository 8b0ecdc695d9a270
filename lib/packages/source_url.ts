/**
 * The URL that a package manager is told, where the address in the manifest leaves two open.
 *
 * @module
 */

import { Cache, cacheFolder } from "../files/cache.ts";
import { REMOTE } from "../git/fetch_checkout.ts";
import { homeOrTop, repositoryUrl } from "../git/url.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { tableOf } from "../table.ts";
import type { Workspace } from "../workspace/workspace.ts";

type Form = "home" | "top";

/** What the servers that are being asked say, by their names: packages of one server share the answer. */
const asked = new WeakMap<Workspace, Map<string, Promise<Form | undefined>>>();

/**
 * The URL of a package's repository. Where the short form of ssh leaves two open, what is known of the server counts, then
 * what pyproject.toml says already, so that it stays the same everywhere; else the server is asked, and its answer kept in
 * HSM's cache.
 *
 * @param isOnline Whether the server may be asked; undefined where nobody knows is the URL at the top.
 */
export async function sourceUrl(
  workspace: Workspace,
  { key, git = "" }: ManifestPackage,
  isOnline: boolean,
): Promise<string> {
  const forms = homeOrTop(git);
  if (forms === undefined) return repositoryUrl(git, workspace.root);
  const known = new Cache(cacheFolder(workspace.env), "servers/v1", isForm);
  const form = known.read([forms.server])?.form;
  if (form !== undefined) return forms[form];
  const use = (await workspace.adapter.uses(workspace.filesFor())).get(key);
  const written = use?.kind === "git" && [forms.home, forms.top].find((it) => it === use.git);
  if (written) return written;
  if (!isOnline) return forms.top;
  const answers = asked.get(workspace) ?? new Map<string, Promise<Form | undefined>>();
  asked.set(workspace, answers);
  const answer = answers.get(forms.server) ?? askServer(workspace, forms);
  answers.set(forms.server, answer);
  const told = await answer;
  if (told !== undefined) await known.write([forms.server], { form: told });
  return forms[told ?? "top"];
}

/** The form in which the server has the repository; git's own meaning of the address comes first. */
async function askServer(
  workspace: Workspace,
  forms: Readonly<Record<Form, string>>,
): Promise<Form | undefined> {
  for (const form of ["home", "top"] as const) {
    const question = workspace.$`git ${REMOTE} ls-remote --quiet -- ${forms[form]} HEAD`;
    if (await question.succeeds()) return form;
  }
  return undefined;
}

function isForm(value: unknown): value is { readonly form: Form } {
  const { form } = tableOf(value);
  return form === "home" || form === "top";
}
