// The part of Pagefind's browser API that the search uses. Pagefind itself is written into dist by the build.

export interface PagefindData {
  url: string;
  excerpt: string;
  meta: { title?: string; kind?: string };
  sub_results: { title: string; url: string; excerpt: string }[];
}
export interface PagefindResult {
  id: string;
  score: number;
  data(): Promise<PagefindData>;
}
export interface Pagefind {
  options(options: Record<string, unknown>): Promise<void>;
  init(): Promise<void>;
  search(query: string, options: { filters: Record<string, string> }): Promise<{ results: PagefindResult[] }>;
}

let loading: Promise<Pagefind> | undefined;
let loaded = false;

/** Whether the full text can be searched without waiting for it to be loaded. */
export const isPagefindLoaded = (): boolean => loaded;

/** Loads the index on first use. Rejects where there is none (the development server). */
export function loadPagefind(): Promise<Pagefind> {
  loading ??= (async () => {
    const path = '/pagefind/pagefind.js';
    const pagefind = (await import(/* @vite-ignore */ path)) as Pagefind;
    await pagefind.options({
      excerptLength: 18,
      ranking: { pageLength: 0.3, termFrequency: 0.4, metaWeights: { title: 8 } },
    });
    await pagefind.init();
    loaded = true;
    return pagefind;
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}
