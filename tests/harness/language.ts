/**
 * The languages that git speaks in tests.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import type { TestApp } from "./app.ts";

/** English, for all that tests run: a developer's own language must not decide what they see. */
export const ENGLISH: Readonly<Record<string, string>> = {
  LC_ALL: "C.UTF-8",
  LANGUAGE: "en",
};

/**
 * The variables with which git speaks another language, in a locale that is made in the app's folder.
 *
 * @param language Such as `de_DE`.
 * @returns undefined, with a word about it, where this machine has no localedef, or git does not know the language.
 */
export async function speaking(
  app: TestApp,
  language: string,
): Promise<Record<string, string> | undefined> {
  const locale = `${language}.UTF-8`;
  const locales = join(app.folder, "locales");
  await ensureDir(locales);
  const made = await outcomeOf(
    ["localedef", "-i", language, "-f", "UTF-8", join(locales, locale)],
    app.env,
  );
  const env = {
    LANG: locale,
    LC_ALL: locale,
    LANGUAGE: language.slice(0, 2),
    // Where there is one, glibc looks for locales nowhere else.
    LOCPATH: locales,
  };
  if (made === undefined) return skipped("there is no localedef");
  const unknown = ["git", "show", "no-such-thing"];
  const [english, foreign] = await Promise.all([
    outcomeOf(unknown, { ...app.env, ...ENGLISH }),
    outcomeOf(unknown, { ...app.env, ...env }),
  ]);
  return english === foreign ? skipped(`git does not speak ${language}`) : env;
}

function skipped(why: string): undefined {
  console.warn(`Skipped, for ${why} here`);
}

/** What a program says about its failure; undefined where there is no such program. */
async function outcomeOf(
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    const { stderr } = await new Deno.Command(program, { args, env: { ...env } }).output();
    return new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
