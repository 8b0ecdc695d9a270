/**
 * Releases whose version a build computes, without a tool from an index.
 *
 * @module
 */

import { basename } from "@std/path";
import type { Repository } from "./repository.ts";

/** A release whose version is known to nobody before it is built, which takes no package from an index. */
export async function releaseComputed(
  plugin: Repository,
  version: string,
  backend: string = computing(basename(plugin.path), version),
): Promise<void> {
  await plugin.commit("backend.py", backend);
  await plugin.commit(
    "pyproject.toml",
    `[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "${basename(plugin.path)}"
dynamic = ["version"]
# ${version}
`,
    `v${version}`,
  );
}

/** A build backend that makes a distribution without any module. */
function computing(name: string, version: string): string {
  const stem = `${name.replaceAll("-", "_")}-${version}`;
  return `import pathlib, zipfile

METADATA = "Metadata-Version: 2.1\\nName: ${name}\\nVersion: ${version}\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = pathlib.Path(folder, "${stem}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(METADATA)
    return info.name

def build_wheel(folder, settings=None, metadata=None):
    name = "${stem}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for file, text in (("METADATA", METADATA), ("WHEEL", WHEEL), ("RECORD", "")):
            wheel.writestr("${stem}.dist-info/" + file, text)
    return name
`;
}
