// The site: a prerendered knowledge base on Starlight, and on-demand pages for the portal and its API.
import mdx from '@astrojs/mdx';
import { satteri } from '@astrojs/markdown-satteri';
import node from '@astrojs/node';
import react from '@astrojs/react';
import sitemap from '@astrojs/sitemap';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { asides } from './site/asides.ts';
import { checkLinks } from './site/build/checkLinks.ts';
import { contentSecurity } from './site/build/contentSecurity.ts';
import { codeThemes } from './site/code/codeThemes.ts';
import { fencePlugin } from './site/code/fencePlugin.ts';
import { drawings } from './site/drawings.ts';
import { explainTerms } from './site/glossary/explainTerms.ts';
import { hideSetup } from './site/hideSetup.ts';
import { longCode } from './site/longCode.ts';
import { isPlanned, unlinkPlanned } from './site/unlinkPlanned.ts';
import { tables } from './site/tables.ts';

export default defineConfig({
  site: process.env.PUBLIC_URL || 'http://127.0.0.1:4321',
  srcDir: './site',
  publicDir: './site/public',
  outDir: './dist',
  output: 'static',
  // Agents post to /api/report without a slash; pages are linked with one.
  trailingSlash: 'ignore',
  // Bodies that tell no length; site/serve.ts refuses those that do.
  adapter: node({ mode: 'standalone', bodySizeLimit: 16 * 1024 * 1024 }),
  // Astro's own check refuses every cross-site POST of text/plain, which is what an agent's report is. site/middleware.ts
  // checks the origin where it protects something: requests that carry a cookie.
  security: { checkOrigin: false },
  prefetch: false,
  build: { inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  markdown: {
    processor: satteri({
      features: { headingAttributes: true },
      mdastPlugins: [hideSetup, unlinkPlanned, drawings],
      hastPlugins: [tables, longCode, asides, explainTerms()],
    }),
  },
  integrations: [
    react(),
    starlight({
      title: 'Rootnote',
      description: 'Understand and repair a Linux server. Every command on these pages was executed.',
      favicon: '/favicon.svg',
      titleDelimiter: '·',
      customCss: ['./site/styles/tokens.css', './site/styles/theme.css'],
      disable404Route: true,
      pagination: false,
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      markdown: { processedDirs: ['./content'] },
      routeMiddleware: './site/routeMiddleware.ts',
      components: {
        Header: './site/components/Header.astro',
        Search: './site/components/Search.astro',
        PageTitle: './site/components/PageTitle.astro',
        Footer: './site/components/Footer.astro',
      },
      expressiveCode: {
        themes: codeThemes,
        useStarlightUiThemeColors: false,
        frames: false,
        textMarkers: false,
        plugins: [fencePlugin()],
        // Languages that the highlighter does not know are shown in one colour.
        shiki: { langAlias: { nft: 'txt', haproxy: 'txt', conf: 'ini' } },
        styleOverrides: {
          borderRadius: 'var(--rn-radius)',
          borderColor: 'var(--rn-line)',
          codeBackground: 'var(--rn-surface)',
          codeForeground: 'var(--rn-ink)',
          codeFontFamily: 'var(--rn-font-mono)',
          codeFontSize: 'var(--rn-text-sm)',
          codeLineHeight: '1.6',
          codePaddingBlock: '0.6rem',
          codePaddingInline: '0.85rem',
          focusBorder: 'var(--rn-accent)',
        },
      },
    }),
    // Pages for people who search: not the portal, not the short cuts of alerts, not what is still to be written.
    sitemap({
      filter: (page) => !/\/(portal|signin|alerts\/.+)\//.test(page) && !isPlanned(new URL(page).pathname),
    }),
    mdx(),
    contentSecurity(),
    checkLinks(),
  ],
});
