/**
 * Circles of a directed graph, each as a path that ends where it began; one for every edge that closes a circle in a
 * depth-first walk.
 *
 * @param edges the targets of each node
 */
export function circles(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]) => {
    const start = path.indexOf(node);
    if (start !== -1) found.push([...path.slice(start), node]);
    if (start !== -1 || done.has(node)) return;
    for (const target of edges.get(node) ?? []) visit(target, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return found;
}
