import type { MailView } from './mailView.ts';

const width = 72;

/** The plain part of a mail: readable in a terminal at 03:00. Lines have at most 72 characters; addresses are never broken. */
export function emailText(view: MailView): string {
  const blocks: string[] = [
    wrap(`${view.badge.toUpperCase()}  ${view.server}`, ''),
    [wrap(view.title, ''), wrap(view.when, '')].join('\n'),
  ];
  if (view.note) blocks.push(wrap(view.note, ''));
  if (view.button) blocks.push(`${wrap(view.button.label, '')}\n${view.button.url}`);
  if (view.chain.length) {
    const lines = view.chain.map(({ label, text }, index) => {
      const hop = wrap(`${label}: ${text}`, '     ', `  ${index + 1}. `);
      return index === 0 ? hop : `     |\n     v\n${hop}`;
    });
    blocks.push(`${view.why.toUpperCase()}\n${lines.join('\n')}`);
  }
  if (view.evidence.length) blocks.push(`EVIDENCE\n${evidence(view.evidence)}`);
  blocks.push(...list('RULED OUT', view.ruledOut));
  blocks.push(...list('FOLLOWS FROM IT (NO FURTHER MESSAGES)', view.symptoms));
  for (const link of view.links) blocks.push(`${wrap(link.label, '')}\n${link.url}`);
  const footer = view.footer.url ? `${view.footer.text}\n${view.footer.url}\n` : '';
  // "-- " starts a signature: mail programs leave it out of replies.
  blocks.push(`-- \nRootnote${view.incidentId && `, incident ${view.incidentId}`}\n${footer}`);
  return blocks.join('\n\n');
}

function list(title: string, lines: string[]): string[] {
  if (!lines.length) return [];
  return [`${title}\n${lines.map((line) => wrap(line, '    ', '  - ')).join('\n')}`];
}

function evidence(rows: MailView['evidence']): string {
  const pad = Math.min(28, Math.max(...rows.map(({ what }) => what.length)));
  return rows
    .map(({ what, value, normal }) => {
      const said = normal ? `${value}  (normal: ${normal})` : value;
      return wrap(said, ' '.repeat(pad + 4), `  ${what.padEnd(pad)}  `);
    })
    .join('\n');
}

function wrap(text: string, indent: string, first = indent): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}
