/** The title for a list: whole where it is short, else what stands before the colon. `PostgreSQL` alone would name no problem. */
export function shortTitle(title: string): string {
  return title.length <= 45 ? title : (title.split(/: | — /)[0] ?? title);
}
