/**
 * The files of HSM's own in an app of pip's.
 *
 * @module
 */

/** What is to be installed: `pip install -r` with it comes to what a sync comes to. */
export const REQUIREMENTS = "requirements-hsm.txt";

/** Where packages come from that the app does not require itself. */
export const CONSTRAINTS = "constraints-hsm.txt";

/** The lock file (PEP 751). */
export const LOCK = "pylock.hsm.toml";

/** The requirement file of an app's own. */
export const OWN_REQUIREMENTS = "requirements.txt";

/** What the manifest says under `environment:` where packages go into Hatch's default environment. */
export const HATCH = "hatch";
