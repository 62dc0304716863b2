// The address under which people and agents reach Rootnote.

/** Whether only the machine that Rootnote runs on can reach this address. An agent elsewhere would report to itself. */
export function isLocalUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}
