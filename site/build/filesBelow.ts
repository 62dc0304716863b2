import { readdir } from 'node:fs/promises';
import { relative } from 'node:path';

/** Paths of all files below a folder, relative to it, with slashes. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`).replaceAll('\\', '/'));
}
