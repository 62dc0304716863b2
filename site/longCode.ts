// A command in a sentence flows with it; a short name stays whole. Which is which, the style sheet cannot see.

interface Node {
  type: string;
  tagName?: string;
  children?: readonly Node[];
}
interface Context {
  textContent(node: Readonly<Node>): string;
  setProperty(node: Readonly<Node>, key: string, value: string): void;
}

/** A plug-in for Sätteri: code in a sentence that has blanks and more than twenty characters gets the class `long`. */
export const longCode = {
  name: 'long-code',
  element: {
    filter: ['code'],
    visit(node: Readonly<Node>, context: Context): void {
      const text = context.textContent(node);
      if (text.length > 20 && /\S\s\S/.test(text) && !text.includes('\n'))
        context.setProperty(node, 'class', 'long');
    },
  },
};
