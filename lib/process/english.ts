/**
 * The language of programs whose words HSM reads.
 *
 * @module
 */

/**
 * The environment in which git and uv speak English, whatever the user's language is: HSM reads what they say.
 *
 * LANGUAGE counts beside LC_ALL, since glibc heeds it in the locale C.UTF-8, too. A system without that locale falls
 * back to C.
 */
export function english(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, LC_ALL: "C.UTF-8", LANGUAGE: "en" };
}
