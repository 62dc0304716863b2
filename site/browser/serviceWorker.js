// Served as /sw.js, with the list of pages filled in. Pages come from the network while there is one, hashed assets from the cache.
const pages = [/* pages */];
const cacheName = 'rootnote-pages-1';
const mostKept = 300;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => {
  event.waitUntil(clients.claim());
  // Not part of the activation: sixty pages must not hold up the first one.
  void keepForOffline();
});

async function keepForOffline() {
  if (navigator.connection?.saveData) return;
  const cache = await caches.open(cacheName);
  for (const page of pages) {
    if (await cache.match(page)) continue;
    const answer = await fetch(page).catch(() => undefined);
    if (!answer) return;
    if (!answer.ok) continue;
    const assets = [...(await answer.clone().text()).matchAll(/(?:href|src)="(\/_astro\/[^"]+)"/g)].map(
      (match) => match[1],
    );
    await cache.put(page, answer);
    for (const asset of assets)
      if (!(await cache.match(asset))) await cache.add(asset).catch(() => undefined);
  }
}

const isOurs = (url) =>
  url.origin === location.origin && !/^\/(portal|api|signin|sw\.js|pagefind)(\/|$)/.test(url.pathname);

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !isOurs(url)) return;
  if (url.pathname.startsWith('/_astro/')) event.respondWith(cacheFirst(request));
  else if (request.mode === 'navigate') event.respondWith(networkFirst(request, url));
});

async function cacheFirst(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function networkFirst(request, url) {
  const cache = await caches.open(cacheName);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      await cache.put(url.pathname, answer.clone());
      const keys = await cache.keys();
      if (keys.length > mostKept) await cache.delete(keys[0]);
    }
    return answer;
  } catch (error) {
    const kept = await cache.match(url.pathname);
    if (kept) return kept;
    throw error;
  }
}
