// Explains a term where an article first says it: a button in the text that opens a popover, without a script and without moving a line.
import { readGlossary, termId, type Term } from './glossary.ts';

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  children?: readonly Node[];
  properties?: Record<string, unknown>;
}
interface Context {
  fileURL: URL | undefined;
  parent(node: Readonly<Node>): Readonly<Node> | undefined;
  replaceNode(node: Readonly<Node>, replacement: Node[]): void;
}

/** More would make a text restless. */
const mostTerms = 6;

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Every form, the longest first, with its term; words that are written in capitals are only found so. */
function makePattern(terms: Term[]): { pattern: RegExp; termOf: (form: string) => Term | undefined } {
  const forms = new Map(
    terms.flatMap((term) => [term.term, ...term.forms].map((form) => [form, term] as const)),
  );
  const lower = new Map([...forms].map(([form, term]) => [form.toLowerCase(), { form, term }]));
  const all = [...forms.keys()].sort((a, b) => b.length - a.length).map(escape);
  return {
    pattern: new RegExp(`(?<![\\w./-])(?:${all.join('|')})(?![\\w/-]|\\.\\w)`, 'i'),
    termOf(text) {
      const found = lower.get(text.toLowerCase());
      if (!found) return undefined;
      return /[A-Z]{2}/.test(found.form) && text !== found.form ? undefined : found.term;
    },
  };
}

/** A plug-in for Sätteri; a new one for each document, since it remembers what was explained. */
export function explainTerms(terms = readGlossary()) {
  const { pattern, termOf } = makePattern(terms);
  return () => {
    const explained = new Set<Term>();
    return {
      name: 'explain-terms',
      text(node: Readonly<Node>, context: Context): void {
        if (explained.size >= mostTerms || context.parent(node)?.tagName !== 'p') return;
        const value = node.value ?? '';
        const match = pattern.exec(value);
        const term = match && termOf(match[0]);
        if (!match || !term || explained.has(term)) return;
        // Not on the page that the popover would send the reader to.
        if (context.fileURL && new RegExp(`/${term.article}\\.mdx?$`).test(context.fileURL.pathname)) return;
        explained.add(term);
        const id = `term-${termId(term.term)}`;
        context.replaceNode(node, [
          { type: 'text', value: value.slice(0, match.index) },
          {
            type: 'element',
            tagName: 'button',
            properties: { type: 'button', className: ['term'], popovertarget: id },
            children: [{ type: 'text', value: match[0] }],
          },
          {
            type: 'element',
            tagName: 'span',
            properties: { popover: 'auto', id, className: ['term-text'], 'data-pagefind-ignore': '' },
            children: [
              {
                type: 'element',
                tagName: 'b',
                properties: {},
                children: [{ type: 'text', value: term.term }],
              },
              { type: 'text', value: ` ${term.text} ` },
              {
                type: 'element',
                tagName: 'a',
                properties: { href: `/glossary/#${termId(term.term)}` },
                children: [{ type: 'text', value: 'In the glossary' }],
              },
            ],
          },
          { type: 'text', value: value.slice(match.index + match[0].length) },
        ]);
      },
    };
  };
}
