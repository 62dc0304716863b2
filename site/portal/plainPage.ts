// A page without anything: for when there is nothing to show, or nothing to show it with.
import { darkPalette as dark, lightPalette as light } from '#core/palette.ts';

/** `title` and `text` are our own words; they are escaped all the same. */
export function plainPage(status: number, title: string, text: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)} · Rootnote</title>
<style>
:root { color-scheme: light dark }
body { margin: 15vh auto; max-width: 34rem; padding: 0 1.5rem; font: 1rem/1.55 system-ui, sans-serif; color: ${light.ink}; background: ${light.paper} }
h1 { font-size: 1.5rem; line-height: 1.2 }
a { color: ${light.accent} }
@media (prefers-color-scheme: dark) { body { color: ${dark.ink}; background: ${dark.paper} } a { color: ${dark.accent} } }
</style>
</head>
<body><main>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>
<p><a href="/portal/">Your servers</a> · <a href="/">Knowledge base</a></p>
</main></body>
</html>`;
  return new Response(html, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
