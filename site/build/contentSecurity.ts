// Writes into each built page what it may load: itself, from its own server, and the inline scripts that it was built with.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from './filesBelow.ts';

/** The policy of a page. Styles may be inline because code carries its colours in `style` attributes. */
export function policyOf(html: string): string {
  const inline = [
    ...html.matchAll(/<script(?![^>]*\ssrc=)(?![^>]*application\/ld\+json)[^>]*>([\s\S]*?)<\/script>/g),
  ];
  const hashes = new Set(
    inline.map(([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`),
  );
  return [
    "default-src 'none'",
    // Pagefind is WebAssembly.
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** The page with its policy as the first thing after the character set. */
export function withPolicy(html: string): string {
  const tag = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}"/>`;
  return html.replace(/<meta charset="utf-8"\s*\/?>/, (charset) => charset + tag);
}

export function contentSecurity(): AstroIntegration {
  return {
    name: 'rootnote-content-security',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const root = fileURLToPath(dir);
        const pages = (await filesBelow(root)).filter((file) => file.endsWith('.html'));
        await Promise.all(
          pages.map(async (page) => {
            const html = await readFile(`${root}/${page}`, 'utf8');
            const secured = withPolicy(html);
            if (secured === html)
              throw new Error(`${page} has no <meta charset="utf-8"> to put its policy behind`);
            await writeFile(`${root}/${page}`, secured);
          }),
        );
      },
    },
  };
}
