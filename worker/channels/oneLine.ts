import { withoutSteering } from '#core/steering.ts';

/**
 * A text from a server (its name, a unit, a path) as one harmless line of at most `max` characters: what would steer where it is shown,
 * line breaks among it, becomes spaces.
 */
export function oneLine(text: string, max = 300): string {
  const clean = withoutSteering(text, () => ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}

/** An address that may become a link: http or https, nothing else. */
export function webLink(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined;
}
