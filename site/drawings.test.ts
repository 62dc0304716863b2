import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { articleFiles } from './articleFiles.ts';
import { drawings } from './drawings.ts';

const render = (markdown: string) => markdownToHtml(markdown, { mdastPlugins: [drawings as never] }).html;

test('a drawing stands in a box that can scroll, and nothing else does', () => {
  const svg = '<svg viewBox="0 0 720 10">\n<title>t</title>\n<rect width="1"/>\n</svg>';
  expect(render(`a\n\n${svg}\n\nb`)).toContain(
    `<div class="drawing" tabindex="0" role="group" aria-label="Drawing">${svg}</div>`,
  );
  expect(render('a <br> b\n\n<p>x</p>')).not.toContain('drawing');
});

test('every drawing of the articles is one block, has a title that names it, and colours that follow the theme', () => {
  const drawn = articleFiles().filter(({ body }) => body.includes('<svg'));
  expect(drawn.length).toBeGreaterThan(20);
  for (const { slug, body } of drawn) {
    expect(render(body).match(/class="drawing"/g), slug).toHaveLength(body.match(/<svg/g)!.length);
    for (const [svg] of body.matchAll(/<svg\b[^]*?<\/svg>/g)) {
      const title = /<title id="([^"]+)">[^<]{20,}<\/title>/.exec(svg);
      expect(title, `${slug} needs a title that says what is drawn`).not.toBeNull();
      expect(svg, slug).toContain(`aria-labelledby="${title![1]}"`);
      const colours = [...svg.matchAll(/\b(?:fill|stroke)="([^"]+)"/g)].map((match) => match[1]!);
      expect(
        colours.filter((colour) => !/^(none|currentColor|var\(--rn-[a-z0-9-]+\))$/.test(colour)),
        slug,
      ).toEqual([]);
    }
  }
});
