// A caution in a text is a note, not a landmark to jump to: two of them on a page would be two places of the same name.

interface Node {
  type: string;
  tagName?: string;
}

/** A plug-in for Sätteri: the boxes that Starlight makes of `:::caution` and its like. */
export const asides = {
  name: 'asides',
  element: {
    filter: ['aside'],
    visit(
      node: Readonly<Node>,
      context: { setProperty(node: Readonly<Node>, key: string, value: string): void },
    ): void {
      context.setProperty(node, 'role', 'note');
    },
  },
};
