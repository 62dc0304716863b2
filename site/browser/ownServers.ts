// In the portal the search finds servers, too: by name, asked from the server.

export interface OwnServer {
  id: string;
  hostname: string;
}

/** None when it cannot be asked, or nobody is signed in (any more): the articles are found all the same. */
export async function findServers(words: string): Promise<OwnServer[]> {
  const input = encodeURIComponent(JSON.stringify({ words: words.slice(0, 100) }));
  try {
    const answer = await fetch(`/api/trpc/servers.find?input=${input}`);
    if (!answer.ok) return [];
    const { result } = (await answer.json()) as { result: { data: OwnServer[] } };
    return result.data;
  } catch {
    return [];
  }
}
