// Sets of ports as people write them: `22,80,8000-8100`.

/** The ports in ascending order, each once; or a sentence that names the part that cannot be read. */
export function parsePorts(text: string): { ports: number[] } | { problem: string } {
  const wanted = new Uint8Array(65_536);
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) return { problem: 'The list of ports is empty' };
  for (const part of parts) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || from < 1 || to > 65_535 || to < from)
      return { problem: `'${part}' is not a port: write 22, 80 or 8000-8100` };
    wanted.fill(1, from, to + 1);
  }
  const ports: number[] = [];
  for (let port = 1; port < 65_536; port += 1) if (wanted[port] === 1) ports.push(port);
  return { ports };
}

/** `[22, 80, 81, 82]` → `22, 80-82` */
export function writePorts(ports: number[]): string {
  const parts: string[] = [];
  const sorted = [...ports].sort((one, other) => one - other);
  for (let index = 0; index < sorted.length;) {
    let end = index;
    while (sorted[end + 1] === (sorted[end] as number) + 1) end += 1;
    parts.push(end === index ? `${sorted[index]}` : `${sorted[index]}-${sorted[end]}`);
    index = end + 1;
  }
  return parts.join(', ');
}
