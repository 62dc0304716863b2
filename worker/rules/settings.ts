// Settings of databases as numbers: '8G', '8GB' and '8589934592' are the same thing in different words.

type Settings = Record<string, string | number> | undefined;

/** The first of several names of a setting that is there, upper and lower case alike. */
export function settingOf(settings: Settings, ...names: string[]): string | number | undefined {
  if (!settings) return undefined;
  for (const name of names) {
    const direct = settings[name];
    if (direct !== undefined) return direct;
    const key = Object.keys(settings).find((k) => k.toLowerCase() === name.toLowerCase());
    if (key !== undefined) return settings[key];
  }
  return undefined;
}

/** A setting as a number; bytes when it carries a unit. Undefined when it is none. */
export function numberOf(settings: Settings, ...names: string[]): number | undefined {
  return parse(settingOf(settings, ...names));
}

/** Whether a setting says yes, in any of the usual words. */
export function isOn(value: string | number | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  return /^(1|on|yes|true|ok|running)$/i.test(String(value));
}

function parse(value: string | number | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number') return value;
  const match = /^\s*(-?[\d.]+)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(value);
  if (!match) return undefined;
  return Number(match[1]) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(match[2]!.toLowerCase());
}
