import { darkPalette, lightPalette, type Palette } from '#core/palette.ts';
import type { MailView } from './mailView.ts';
import { Markup, markup } from './markup.ts';

/**
 * The HTML part of a mail. Tables and inline styles, because mail programs drop much else; no image, no font and no address is
 * loaded. The dark colours stand in a media query: programs without it show the light ones.
 */
export function emailHtml(view: MailView): string {
  const tone = tones[view.badge];
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${view.subject}</title>
<style>${sheet}</style>
</head>
<body class="paper" style="${css('margin:0;padding:0', 'paper')}">
<div style="display:none;max-height:0;overflow:hidden">${view.chain[0]?.text ?? view.when}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" style="${css('', 'paper')}">
<tr><td class="edge" align="center" style="padding:28px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left">
<tr><td class="muted" style="${css(`${font};font-size:13px;font-weight:600;letter-spacing:.02em;padding:0 4px 10px`, 'muted')}">Rootnote</td></tr>
<tr><td class="card top-${view.badge}" style="${css(`border-radius:10px;border-top:4px solid ${lightPalette[tone.ink]}`, 'card')}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="pad" style="padding:22px 28px 26px">
${head(view)}
${view.button ? button(view.button) : undefined}
${view.chain.length ? section(view.why, chain(view)) : undefined}
${view.evidence.length ? section('Evidence', evidence(view)) : undefined}
${view.ruledOut.length ? section('Ruled out', list(view.ruledOut)) : undefined}
${view.symptoms.length ? section('Follows from it, without further messages', list(view.symptoms)) : undefined}
${view.links.map((link) => markup`<p style="${`${font};font-size:15px;line-height:1.5;margin:22px 0 0`}">${anchor(link)}</p>`)}
</td></tr></table>
</td></tr>
<tr><td class="muted" style="${css(`${font};font-size:13px;line-height:1.6;padding:14px 4px 0`, 'muted')}">
${view.footer.url ? markup`${view.footer.text} ${anchor({ label: 'notification settings', url: view.footer.url })}<br>` : undefined}
${view.incidentId ? `Incident ${view.incidentId}` : 'Rootnote'}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
  return document.html;
}

const font =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/** Colour and tint of each badge. */
const tones: Record<MailView['badge'], { ink: keyof Palette; soft: keyof Palette }> = {
  critical: { ink: 'critical', soft: 'criticalSoft' },
  warning: { ink: 'warning', soft: 'warningSoft' },
  info: { ink: 'info', soft: 'infoSoft' },
  resolved: { ink: 'ok', soft: 'okSoft' },
  test: { ink: 'info', soft: 'infoSoft' },
};

/** Every class that has colours, as declarations: inline for the light theme, in the media query for the dark one. */
const colours: Record<string, (palette: Palette) => string[]> = {
  paper: (p) => [`background-color:${p.paper}`],
  card: (p) => [
    `background-color:${p.surface}`,
    `border-left:1px solid ${p.line}`,
    `border-right:1px solid ${p.line}`,
    `border-bottom:1px solid ${p.line}`,
  ],
  ink: (p) => [`color:${p.ink}`],
  muted: (p) => [`color:${p.inkMuted}`],
  link: (p) => [`color:${p.accent}`],
  button: (p) => [`background-color:${p.accent}`],
  label: (p) => [`color:${p.accentInk}`],
  row: (p) => [`border-bottom:1px solid ${p.line}`],
  stem: (p) => [`border-left:2px solid ${p.line}`],
  note: (p) => [`background-color:${p.band}`, `color:${p.ink}`],
  dot: (p) => [`background-color:${p.line}`, `color:${p.inkMuted}`],
  ...Object.fromEntries(
    Object.entries(tones).map(([badge, { ink, soft }]) => [
      badge,
      (p: Palette) => [`background-color:${p[soft]}`, `color:${p[ink]}`],
    ]),
  ),
};

function css(rest: string, name: string): string {
  return [rest, ...(colours[name]?.(lightPalette) ?? [])].filter(Boolean).join(';');
}

const sheet = new Markup(
  [
    ':root{color-scheme:light dark;supported-color-schemes:light dark}',
    'a{text-underline-offset:2px}',
    // On a phone each row of evidence becomes three lines.
    '@media (max-width:480px){',
    '.edge{padding:12px 8px!important}.pad{padding:18px 16px 22px!important}',
    '.columns{display:none!important}.c1,.c2,.c3{display:block!important;width:auto!important;padding:0!important}',
    '.c1{border:0!important;padding-top:9px!important}.c2{border:0!important}.c3{padding-bottom:9px!important}',
    '.c3.given:before{content:"normal: "}.c3.none{font-size:0!important}',
    '}',
    '@media (prefers-color-scheme:dark){',
    ...Object.entries(colours).map(
      ([name, of]) =>
        `.${name}{${of(darkPalette)
          .map((line) => `${line}!important`)
          .join(';')}}`,
    ),
    ...Object.entries(tones).map(
      ([badge, { ink }]) => `.top-${badge}{border-top-color:${darkPalette[ink]}!important}`,
    ),
    '}',
  ].join('\n'),
);

function head(view: MailView): Markup {
  const badge = css(
    `${font};display:inline-block;font-size:12px;font-weight:700;letter-spacing:.06em;padding:3px 9px;border-radius:5px`,
    view.badge,
  );
  return markup`<p style="margin:0 0 12px"><span class="${view.badge}" style="${badge}">${view.badge.toUpperCase()}</span>
<span class="ink" style="${css(`${mono};font-size:15px;font-weight:600;padding-left:8px;word-break:break-word`, 'ink')}">${view.server}</span></p>
<h1 class="ink" style="${css(`${font};font-size:22px;line-height:1.3;font-weight:700;margin:0 0 8px;word-break:break-word`, 'ink')}">${view.title}</h1>
<p class="muted" style="${css(`${font};font-size:15px;line-height:1.5;margin:0`, 'muted')}">${view.when}</p>
${
  view.note
    ? markup`<p class="note" style="${css(`${font};font-size:15px;line-height:1.5;margin:14px 0 0;padding:9px 12px;border-radius:6px`, 'note')}">${view.note}</p>`
    : undefined
}`;
}

function button({ label, url }: { label: string; url: string }): Markup {
  return markup`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 0"><tr>
<td class="button" style="${css('border-radius:7px', 'button')}"><a href="${url}" class="label" style="${css(
    `${font};display:inline-block;font-size:16px;line-height:1.35;font-weight:600;text-decoration:none;padding:12px 20px`,
    'label',
  )}">${label}</a></td></tr></table>`;
}

function section(title: string, body: Markup): Markup {
  return markup`<h2 class="ink" style="${css(`${font};font-size:15px;line-height:1.4;font-weight:700;margin:28px 0 10px`, 'ink')}">${title}</h2>
${body}`;
}

/** One row a hop, with its number in a dot and a stem down to the next. */
function chain(view: MailView): Markup {
  const rows = view.chain.map(({ label, text }, index) => {
    const last = index === view.chain.length - 1;
    const name = index === 0 ? view.badge : 'dot';
    const dot = `${font};font-size:12px;line-height:24px;font-weight:700;width:24px;height:24px;border-radius:12px;text-align:center`;
    const stem = last
      ? undefined
      : markup`<div class="stem" style="${css('height:14px;margin:4px 0 4px 11px', 'stem')}"></div>`;
    return markup`<tr><td width="36" valign="top"><div class="${name}" style="${css(dot, name)}">${index + 1}</div>${stem}</td>
<td valign="top" style="padding:0 0 ${last ? 0 : 12}px"><div class="muted" style="${css(`${font};font-size:13px;line-height:1.4`, 'muted')}">${label}</div>
<div class="ink" style="${css(`${font};font-size:15px;line-height:1.5;word-break:break-word`, 'ink')}">${text}</div></td></tr>`;
  });
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows}</table>`;
}

function evidence(view: MailView): Markup {
  const cell = `${font};font-size:14px;line-height:1.45;text-align:left;vertical-align:top;padding:7px 12px 7px 0;word-break:break-word`;
  const style = (name: string, rest = '') =>
    [cell, rest, ...(colours[name]?.(lightPalette) ?? []), ...(colours.row?.(lightPalette) ?? [])]
      .filter(Boolean)
      .join(';');
  const heading = (text: string) =>
    markup`<th class="muted row" scope="col" style="${style('muted', 'font-weight:400;font-size:13px')}">${text}</th>`;
  const rows = view.evidence.map(
    ({ what, value, normal }) => markup`<tr><td class="ink row c1" style="${style('ink')}">${what}</td>
<td class="ink row c2" style="${style('ink', 'font-weight:600')}">${value}</td>
<td class="muted row c3 ${normal ? 'given' : 'none'}" style="${style('muted', 'padding-right:0')}">${normal || '–'}</td></tr>`,
  );
  return markup`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">
<tr class="columns">${[heading('What'), heading('Seen'), heading('Normal')]}</tr>${rows}</table>`;
}

function list(lines: string[]): Markup {
  const item = css(`${font};font-size:15px;line-height:1.5;margin:0 0 4px;word-break:break-word`, 'ink');
  return markup`<ul style="margin:0;padding:0 0 0 20px">${lines.map((line) => markup`<li class="ink" style="${item}">${line}</li>`)}</ul>`;
}

function anchor({ label, url }: { label: string; url: string }): Markup {
  return markup`<a href="${url}" class="link" style="${css('text-decoration:underline', 'link')}">${label}</a>`;
}
