import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const ICON = /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/;

type Node = [tag: string, attributes: Record<string, string>];

/**
 * Lucide's icons as plain markup. The package puts each together from data when it is drawn, attribute by attribute, for uses
 * that we have none of; a list of chats has dozens, and they were a fifth of what the first screen took. Here an icon is
 * its size, and a name where it alone says something.
 */
export const icons: Plugin = {
  name: "icons",
  enforce: "pre",
  load(id) {
    const [file = ""] = id.split("?");
    if (!ICON.test(file) || id.includes("?")) return null;
    return component(nodesOf(readFileSync(file, "utf8"), file));
  },
};

function nodesOf(source: string, file: string): Node[] {
  const [, data] = /const iconData = (\{.*\});/.exec(source) ?? [];
  if (data === undefined) throw new Error(`${file} is not written as Lucide's icons are`);
  return (JSON.parse(data) as { node: Node[] }).node;
}

function component(nodes: Node[]): string {
  const drawn = nodes.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${written.join("")} />`;
  });
  return `<script>
let { size = 24, "aria-label": name } = $props();
</script>

<svg
  xmlns="http://www.w3.org/2000/svg"
  width={size}
  height={size}
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
  role={name === undefined ? undefined : "img"}
  aria-label={name}
  aria-hidden={name === undefined ? "true" : undefined}
>${drawn.join("")}</svg>
`;
}
