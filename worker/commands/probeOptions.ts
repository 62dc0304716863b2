// The command line of a probe, drawn from its settings: one option a setting, in kebab-case.
import { z } from 'zod';
import { probeSettings, type ProbeKind } from '#core/probes.ts';
import { splitHostPort } from '#worker/probes/hostPort.ts';
import { InputError } from './inputError.ts';
import { bytesOf } from './readBytes.ts';

type Shape = 'text' | 'number' | 'flag' | 'list' | 'numbers' | 'pairs';

interface Option {
  /** `basic-user` */
  name: string;
  /** `['basic', 'user']` */
  path: string[];
  shape: Shape;
  choices: string[];
  fallback: unknown;
  description: string;
}

/** The little of JSON Schema that settings use. */
interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  anyOf?: { const?: unknown }[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** Settings that come from TARGET, and how TARGET is written. */
export const targets: Record<ProbeKind, { written: string; settings: string[] }> = {
  ping: { written: 'HOST', settings: ['host'] },
  port: { written: 'HOST:PORT', settings: ['host', 'port'] },
  ports: { written: 'HOST', settings: ['host'] },
  http: { written: 'URL', settings: ['url'] },
  exposed: { written: 'URL', settings: ['url'] },
  tls: { written: 'HOST[:PORT]', settings: ['host', 'port'] },
  dns: { written: 'NAME', settings: ['name'] },
  domain: { written: 'NAME', settings: ['name'] },
  heartbeat: { written: '', settings: [] },
};

const unlabelled: Record<string, string> = {
  connectTo: 'Connect to this address, whatever the name resolves to',
  timeoutMs: 'Time limit, in ms',
  totalTimeoutMs: 'Time limit for the whole scan, in ms',
  verify: 'Verify the certificate',
};

function optionsOf(kind: ProbeKind): Option[] {
  const schema = z.toJSONSchema(probeSettings[kind], { io: 'input' }) as Schema;
  return collect(schema, []).filter(({ path }) => !targets[kind].settings.includes(path[0] ?? ''));
}

function collect(schema: Schema, path: string[]): Option[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const here = [...path, key];
    if (property.properties) return collect(property, here).map((option) => inherit(option, property));
    const choices = property.enum ?? property.anyOf?.map((choice) => String(choice.const)) ?? [];
    return [
      {
        name: here.map(kebab).join('-'),
        path: here,
        shape: shapeOf(property),
        choices,
        fallback: property.default,
        description: property.description ?? unlabelled[key] ?? '',
      },
    ];
  });
}

function inherit(option: Option, parent: Schema): Option {
  const part = option.path.at(-1) ?? '';
  return { ...option, description: option.description || `${parent.description ?? ''}: ${part}` };
}

function shapeOf(schema: Schema): Shape {
  if (schema.type === 'object') return 'pairs';
  if (schema.type === 'array')
    return schema.items?.type === 'integer' || schema.items?.type === 'number' ? 'numbers' : 'list';
  if (schema.type === 'boolean') return 'flag';
  if (schema.type === 'integer' || schema.type === 'number' || schema.anyOf) return 'number';
  return 'text';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const written: Record<Shape, string> = {
  text: ' TEXT',
  number: ' NUMBER',
  flag: '',
  list: ' A,B,…',
  numbers: ' 1,2,…',
  pairs: " 'NAME: VALUE'",
};

const column = 36;

/** The options of a kind, one a line; two where the choices are many. */
export function optionLines(kind: ProbeKind): string[] {
  return optionsOf(kind).map(({ name, shape, choices, fallback, description }) => {
    const value = choices.length > 0 ? ` ${choices.join('|')}` : written[shape];
    const negative = shape === 'flag' && fallback === true;
    const flag = `--${negative ? 'no-' : ''}${singular(name, shape)}${value}`;
    const silent = fallback === undefined || typeof fallback === 'object' || typeof fallback === 'boolean';
    const sentence = negative
      ? `Do not ${description.charAt(0).toLowerCase()}${description.slice(1)}`
      : description;
    const gap = flag.length < column ? ' '.repeat(column - flag.length) : `\n${' '.repeat(column + 4)}`;
    return `    ${flag}${gap}${sentence}${silent ? '' : ` [${String(fallback)}]`}`;
  });
}

/** What is given piece by piece is named for one piece: --header, not --headers. */
function singular(name: string, shape: Shape): string {
  return shape === 'pairs' ? name.replace(/s$/, '') : name;
}

export interface CommandLine {
  settings: Record<string, unknown>;
  json: boolean;
  /** For `heartbeat`. */
  last?: number;
}

/** Reads TARGET and options. A value that starts with @ is the name of a file to read. Throws InputError. */
export function parseCommandLine(kind: ProbeKind, args: string[]): CommandLine {
  const options = optionsOf(kind);
  const settings: Record<string, unknown> = {};
  const line: CommandLine = { settings, json: false };
  const positional: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] as string;
    if (!arg.startsWith('--')) {
      positional.push(arg);
      continue;
    }
    const [flag = '', inline] = splitOnce(arg.slice(2), '=');
    if (flag === 'json' && inline === undefined) {
      line.json = true;
      continue;
    }
    const next = (): string => {
      const value = inline ?? args[(index += 1)];
      if (value === undefined) throw new InputError(`--${flag} needs a value`);
      return value;
    };
    if (kind === 'heartbeat' && flag === 'last') {
      line.last = numberOf(flag, next());
      continue;
    }
    const negative = flag.startsWith('no-') ? flag.slice(3) : undefined;
    const option = options.find(
      ({ name, shape }) => name === flag || singular(name, shape) === flag || `${flag}s` === name,
    );
    const switched = options.find(({ name, shape }) => shape === 'flag' && name === negative);
    if (switched) assign(settings, switched.path, false);
    else if (option?.shape === 'flag') assign(settings, option.path, true);
    else if (option) assign(settings, option.path, valueOf(option, next(), pick(settings, option.path)));
    else throw new InputError(`--${flag} is not an option of '${kind}'`);
  }
  Object.assign(settings, targetSettings(kind, positional));
  return line;
}

function targetSettings(kind: ProbeKind, positional: string[]): Record<string, unknown> {
  const { written: form } = targets[kind];
  const [target, surplus] = positional;
  if (surplus !== undefined)
    throw new InputError(`'${surplus}' is one word too many: '${kind}' takes one target`);
  if (form === '') {
    if (target !== undefined) throw new InputError("'heartbeat' has no target: a job reports in by itself");
    return {};
  }
  if (target === undefined) throw new InputError(`'${kind}' needs a target: ${form}`);
  if (kind === 'http' || kind === 'exposed')
    return { url: /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `http://${target}` };
  if (kind === 'dns' || kind === 'domain') return { name: target };
  const bare = kind === 'tls' && /^https:\/\//i.test(target) ? new URL(target).host : target;
  const place = splitHostPort(bare);
  if (place === undefined) throw new InputError(`'${target}' is not a target: write ${form}`);
  if (kind === 'port' && place.port === undefined)
    throw new InputError("'port' needs a port: web1:22 or [2001:db8::1]:22");
  if (kind === 'ping' || kind === 'ports') {
    if (place.port !== undefined) throw new InputError(`'${kind}' takes a host without a port`);
    return { host: place.host };
  }
  return { host: place.host, ...(place.port === undefined ? {} : { port: place.port }) };
}

function valueOf(option: Option, text: string, before: unknown): unknown {
  switch (option.shape) {
    case 'number':
      return numberOf(option.name, text);
    case 'numbers':
      return [
        ...((before as number[] | undefined) ?? []),
        ...items(text).map((item) => numberOf(option.name, item)),
      ];
    case 'list':
      return [...((before as string[] | undefined) ?? []), ...items(text)];
    case 'pairs': {
      const [name = '', value] = splitOnce(text, ':');
      if (value === undefined || name.trim() === '')
        throw new InputError(`--${option.name} needs 'Name: value', not '${text}'`);
      return { ...((before as Record<string, string> | undefined) ?? {}), [name.trim()]: value.trim() };
    }
    default:
      if (!text.startsWith('@')) return text;
      // A token in a file ends with a line break that is not part of it; a body is sent as it is.
      return option.name === 'body' ? fileText(text.slice(1)) : fileText(text.slice(1)).replace(/\r?\n$/, '');
  }
}

function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw new InputError(`--${name} needs a number, not '${text}'`);
  return value;
}

/** Certificates and the like: far larger ones belong to nobody. */
const fileBytes = 2 ** 20;

const fileText = (name: string) => bytesOf(name, fileBytes).toString('utf8');

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function assign(settings: Record<string, unknown>, path: string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    settings[first] = value;
    return;
  }
  const inner = (settings[first] ?? {}) as Record<string, unknown>;
  settings[first] = inner;
  assign(inner, rest, value);
}

function pick(settings: Record<string, unknown>, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    settings,
  );
}
