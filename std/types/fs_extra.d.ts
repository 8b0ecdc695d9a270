/** Copies a file, a link, or a directory with all that is in it. */
export declare function copy(src: string, dest: string, options: {
  readonly overwrite: boolean;
  readonly preserveTimestamps: boolean;
  /** Whether a path is copied. */
  readonly filter: (src: string) => Promise<boolean>;
}): Promise<void>;

/** Moves a file or directory, from one file system to another too. */
export declare function move(
  src: string,
  dest: string,
  options: { readonly overwrite: boolean },
): Promise<void>;
