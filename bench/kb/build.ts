// How long the site takes to build, beside a plain Starlight site of the same Markdown: both from nothing, one after the other.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { articleFiles } from '../../site/articleFiles.ts';
import { plainBody } from '../../site/readerMarkdown.ts';
import { projectRoot } from '../../test/rootnote.ts';

export interface BuildTime {
  what: string;
  pages: number;
  /** Seconds by the clock, and of processor time of the build with all that it started. */
  wall: number;
  cpu: number;
}

const astro = join(projectRoot, 'node_modules/astro/bin/astro.mjs');

export function timeBuilds(): BuildTime[] {
  const plain = plainStarlight();
  try {
    return [
      build('Rootnote', projectRoot, join(projectRoot, 'dist/client')),
      build('plain Starlight', plain, join(plain, 'dist')),
    ];
  } finally {
    rmSync(plain, { recursive: true });
  }
}

function build(what: string, folder: string, out: string): BuildTime {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const timed = spawnSync(
    'bash',
    ['-c', `TIMEFORMAT='%R %U %S'; time "$0" "$1" build --force >/dev/null 2>&1`, process.execPath, astro],
    {
      cwd: folder,
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NO_COLOR: '1' },
      encoding: 'utf8',
    },
  );
  if (timed.status !== 0) throw new Error(`The build of ${what} failed; run it by hand in ${folder}.`);
  const [wall = 0, user = 0, system = 0] = timed.stderr.trim().split(/\s+/).map(Number);
  const pages = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );
  return { what, pages: pages.length, wall, cpu: user + system };
}

/** Beside the project, so that it finds its packages. The same articles with nothing but a title, in a project as `npm create astro -- --template starlight` makes it. */
function plainStarlight(): string {
  const folder = mkdtempSync(join(projectRoot, 'dist.plain-'));

  writeFileSync(
    join(folder, 'package.json'),
    '{"type":"module","dependencies":{"astro":"*","@astrojs/starlight":"*"}}',
  );
  writeFileSync(
    join(folder, 'astro.config.mjs'),
    `import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';
export default defineConfig({ site: 'https://example.org', cacheDir: './.cache', integrations: [starlight({ title: 'Plain' })] });
`,
  );
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(
    join(folder, 'src/content.config.ts'),
    `import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };
`,
  );
  for (const { slug, body } of articleFiles()) {
    const file = join(folder, 'src/content/docs', `${slug}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `---\ntitle: ${JSON.stringify(slug)}\n---\n\n${plainBody(body)}\n`);
  }
  cpSync(join(projectRoot, 'site/public'), join(folder, 'public'), { recursive: true });
  return folder;
}
