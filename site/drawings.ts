// A drawing is readable on a phone too: there it keeps its size and scrolls sideways, in a box of its own.

interface HtmlNode {
  value: string;
}

/** A plug-in for Sätteri. A drawing is a block of HTML that is one `<svg>`. */
export const drawings = {
  name: 'drawings',
  html(
    node: Readonly<HtmlNode>,
    context: { setProperty(node: Readonly<HtmlNode>, key: 'value', value: string): void },
  ): void {
    const svg = node.value.trim();
    if (/^<svg\b[^]*<\/svg>$/.test(svg))
      context.setProperty(
        node,
        'value',
        `<div class="drawing" tabindex="0" role="group" aria-label="Drawing">${svg}</div>`,
      );
  },
};
