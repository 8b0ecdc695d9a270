/** The last part of the path. */
export declare function basename(path: string | URL, suffix?: string): string;
/** All of the path but its last part. */
export declare function dirname(path: string | URL): string;
/** The path of a `file:` URL. */
export declare function fromFileUrl(url: string | URL): string;
/** Whether the path is absolute. */
export declare function isAbsolute(path: string): boolean;
/** The paths joined and normalized. */
export declare function join(path: string | URL, ...paths: string[]): string;
/** The path with `.` and `..` resolved as text. */
export declare function normalize(path: string | URL): string;
/** The way from one path to the other. */
export declare function relative(from: string, to: string): string;
/** The absolute path. */
export declare function resolve(...pathSegments: string[]): string;
/** What separates the parts of a path on this system. */
export declare const SEPARATOR: "/" | "\\";
/** The `file:` URL of an absolute path. */
export declare function toFileUrl(path: string): URL;

/** The regular expression of a glob; what it makes of a range the wrong way round is a SyntaxError. */
export declare function globToRegExp(
  glob: string,
  options?: { readonly extended?: boolean; readonly globstar?: boolean },
): RegExp;
