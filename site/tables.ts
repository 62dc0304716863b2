// Three corrections to tables: a corner without text is no heading, a table of four columns or more may scroll on a phone, and the
// first column, which has the names, is told how long its longest word is, so that a phone does not tear it apart.

interface Node {
  type: string;
  tagName?: string;
  children?: readonly Node[];
  properties?: Record<string, unknown>;
}
interface Context {
  textContent(node: Readonly<Node>): string;
  setProperty(node: Readonly<Node>, key: string, value: string): void;
  wrapNode(node: Readonly<Node>, wrapper: Node): void;
}

const elements = (node: Readonly<Node>): readonly Node[] =>
  node.children?.filter((child) => child.type === 'element') ?? [];

/** Characters of the longest word in the first column. */
function longestName(table: Readonly<Node>, context: Context): number {
  const rows = elements(table).flatMap((part) => (part.tagName === 'tr' ? [part] : elements(part)));
  const names = rows.flatMap((row) => elements(row).slice(0, 1)).map((cell) => context.textContent(cell));
  return Math.max(0, ...names.flatMap((name) => name.split(/\s+/)).map((word) => word.length));
}

/** A plug-in for Sätteri. */
export const tables = {
  name: 'tables',
  element: [
    {
      filter: ['th'],
      visit(node: Readonly<Node>, context: Context) {
        if (context.textContent(node).trim() !== '') return undefined;
        return { ...node, tagName: 'td', children: [...(node.children ?? [])] };
      },
    },
    {
      filter: ['table'],
      visit(node: Readonly<Node>, context: Context) {
        context.setProperty(node, 'style', `--name:${longestName(node, context)}`);
        if (elements(elements(elements(node)[0] ?? node)[0] ?? node).length < 4) return;
        context.wrapNode(node, {
          type: 'element',
          tagName: 'div',
          properties: { class: 'wide-table', tabindex: '0', role: 'group', 'aria-label': 'Table' },
          children: [],
        });
      },
    },
  ],
};
