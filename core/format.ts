// Numbers for people: bytes, durations, rates, percents, moments. Pure; used by command line, portal and emails alike.

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 10066329600 → '9.4 GiB'. Powers of 1024; negative values keep their sign. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  let value = Math.abs(bytes);
  let step = 0;
  while (value >= 1023.95 && step < binary.length - 1) {
    value /= 1024;
    step++;
  }
  const text = step === 0 ? String(Math.round(value)) : trimmed(value);
  return `${bytes < 0 ? '-' : ''}${text} ${binary[step]}`;
}

/** Seconds → '45 s', '12 min', '3 h 20 min', '5 d 4 h': at most two parts, never longer than a glance. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  const sign = seconds < 0 ? '-' : '';
  const s = Math.abs(seconds);
  if (s < 1) return `${sign}${Math.round(s * 1000)} ms`;
  if (s < 90) return `${sign}${trimmed(s)} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 90) return `${sign}${minutes} min`;
  if (minutes < 48 * 60) return sign + twoParts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(s / 3600);
  if (hours < 60 * 24) return sign + twoParts(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${sign}${formatCount(Math.round(s / 86_400))} d`;
}

/** 91.26 → '91 %', 0.84 → '0.8 %': a decimal where it says something. */
export function formatPercent(percent: number): string {
  return Number.isFinite(percent) ? `${trimmed(percent)} %` : 'unknown';
}

/** 20000 → '20,000'; 3.14159 → '3.1'. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text = trimmed(value);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Bits per second from bytes per second: '940 Mbit/s'. Powers of 1000, as links are sold. */
export function formatBitRate(bytesPerSecond: number): string {
  let value = bytesPerSecond * 8;
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  return `${trimmed(value)} ${units[step]}`;
}

/** Epoch seconds → '2025-03-01 04:12:05 UTC'. */
export function formatTime(epoch: number): string {
  const date = new Date(epoch * 1000);
  return Number.isNaN(date.getTime())
    ? 'unknown'
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A value with its unit, by the units of the metric catalogue; an unknown unit is written behind the number. */
export function formatValue(value: number | string | boolean, unit: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return unit ? `${value} ${unit}` : value;
  switch (unit) {
    case 'percent':
    case '%':
      return formatPercent(value);
    case 'bytes':
      return formatBytes(value);
    case 'bytes/s':
      return `${formatBytes(value)}/s`;
    case 'seconds':
    case 's':
      return formatDuration(value);
    case 'ms':
      return value >= 10_000 ? formatDuration(value / 1000) : `${formatCount(value)} ms`;
    case 'celsius':
      return `${trimmed(value)} °C`;
    case 'epoch':
      return formatTime(value);
    case '/s':
      return `${formatCount(value)}/s`;
    case 'count':
    case 'ratio':
    case '':
      return formatCount(value);
    default:
      return `${formatCount(value)} ${unit}`;
  }
}

/** Three significant digits at most, no trailing zero. */
function trimmed(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 9.95 || size === 0 ? 0 : size >= 0.095 ? 1 : size >= 0.0095 ? 2 : 3;
  const text = value.toFixed(digits);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

function twoParts(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second ? `${first} ${firstUnit} ${second} ${secondUnit}` : `${first} ${firstUnit}`;
}
