/**
 * Whether a component has a managed package from the manifest's place, where the package manager cannot overrule it.
 *
 * @module
 */

import { type Edge, labelOf, type Node, sideOf, verdict } from "./graph.ts";
import {
  comparePlaces,
  describePlace,
  type Place,
  placeOf,
  placeOfStated,
  placeOfUrl,
} from "./places.ts";
import { nameOf, type Problem } from "./problem.ts";

/**
 * What is wrong with a requirement on a managed package that names a URL. The app's own names none any more once the
 * sources are written.
 *
 * @param manager The package manager.
 */
export function refusedSource(target: Node, edge: Edge, manager: string): readonly Problem[] {
  const { owner, requirement: { url = "" } } = edge;
  const wanted = target.component && placeOf(target.component);
  if (owner.component === undefined || wanted === undefined) return [];
  const place = placeIn(owner, url);
  const comparison = place === undefined ? "open" : comparePlaces(place, wanted);
  if (comparison === "same") return [];
  const from = place === undefined ? url : describePlace(place);
  const { name } = target;
  return [{
    code: "source-conflict",
    message: `${labelOf(owner)} has ${name} from ${from}, and ${manager} cannot overrule that: ` +
      `hsm.yaml has it from ${describePlace(wanted)}`,
    sides: [sideOf(edge), { component: name, file: target.file }],
    ...verdict(
      edge.isGuess || comparison === "open",
      `require ${name} by version instead in ${nameOf(sideOf(edge))}` +
        (owner.component.mode === "prod" ? `, and pin ${owner.name} to a version with that` : ""),
    ),
  }];
}

/** Where a URL leads; a relative path is seen from the component's own folder, or lies in its repository. */
function placeIn({ component }: Node, url: string): Place | undefined {
  const [, path] = /^file:(?!\/)([^#]*)/.exec(url) ?? [];
  if (path === undefined) return placeOfUrl(url);
  return placeOfStated({ kind: "path", path: decodeURI(path), isEditable: true }, component ?? {});
}
