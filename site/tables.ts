// Two corrections to tables: a corner without text is no heading, and a table of four columns or more may scroll on a phone.

interface Node {
  type: string;
  tagName?: string;
  children?: readonly Node[];
  properties?: Record<string, unknown>;
}
interface Context {
  textContent(node: Readonly<Node>): string;
  wrapNode(node: Readonly<Node>, wrapper: Node): void;
}

const cellsOfFirstRow = (table: Readonly<Node>): readonly Node[] => {
  let node: Readonly<Node> | undefined = table;
  while (node && node.tagName !== 'tr') node = node.children?.find((child) => child.type === 'element');
  return node?.children?.filter((child) => child.type === 'element') ?? [];
};

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
        if (cellsOfFirstRow(node).length < 4) return;
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
