// Forms from schemas: each settings schema of core becomes a list of fields that a page can draw. Nobody edits a form for a new kind.
import { z } from 'zod';

export interface FormField {
  /** Of a setting, or of a part of one: `json.path`. */
  name: string;
  label: string;
  kind:
    'text' | 'secret' | 'longSecret' | 'long' | 'number' | 'flag' | 'choice' | 'list' | 'numbers' | 'pairs';
  required: boolean;
  /** As typed into the form; '' when there is none. */
  preset: string;
  options?: string[];
  least?: number;
  most?: number;
}

/** Values that are written once and never shown again, by the name of their setting. */
const secretNames = new Set(['authToken', 'secret', 'webhookUrl', 'bearer', 'password', 'key']);

interface Property {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Property[];
  const?: unknown;
  items?: Property;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, Property>;
}

/** Settings without a description are not for people and get no field; one that has parts gets a field for each of them. */
export function formFields(schema: z.ZodType): FormField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as { properties?: Record<string, Property>; required?: string[] };
  const flat = Object.entries(properties).flatMap(([name, property]): [string, Property][] =>
    property.properties && property.description
      ? Object.entries(property.properties).map(([part, of]) => [
          `${name}.${part}`,
          { ...of, description: `${property.description}: ${part}` },
        ])
      : [[name, property]],
  );
  return flat.flatMap(([name, property]) => {
    const kind = kindOf(name.replace(/^.*\./, ''), property);
    if (!property.description || !kind) return [];
    const options = property.enum ?? property.anyOf?.map((each) => each.const);
    return [
      {
        name,
        label: property.description,
        kind,
        required: required.includes(name),
        preset: typed(property.default),
        ...(kind === 'choice' && options && { options: options.map(String) }),
        ...(property.minimum !== undefined && { least: property.minimum }),
        ...(property.maximum !== undefined && property.maximum < 2 ** 53 - 1 && { most: property.maximum }),
      },
    ];
  });
}

function kindOf(name: string, property: Property): FormField['kind'] | undefined {
  if (property.enum || property.anyOf?.every((each) => each.const !== undefined)) return 'choice';
  switch (property.type) {
    case 'string':
      const long = (property.maxLength ?? 0) > 5000;
      if (secretNames.has(name)) return long ? 'longSecret' : 'secret';
      return long ? 'long' : 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'array':
      if (property.items?.type === 'string') return 'list';
      return property.items?.type === 'integer' ? 'numbers' : undefined;
    case 'object':
      return 'additionalProperties' in property ? pairsOf(property) : undefined;
    default:
      return undefined;
  }
}

function pairsOf(property: object): 'pairs' | undefined {
  const values = (property as { additionalProperties?: unknown }).additionalProperties;
  return typeof values === 'object' && (values as Property).type === 'string' ? 'pairs' : undefined;
}

/** A value of a setting as the form shows it: lists one a line, pairs as `name: value` lines. */
export function typed(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(String).join('\n');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${String(each)}`)
      .join('\n');
  }
  return String(value);
}

/** What was typed, back to settings; empty fields are left out. The schema still has to judge them. */
export function untyped(schema: z.ZodType, form: Record<string, string>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const { name, kind } of formFields(schema)) {
    const text = form[name]?.trim() ?? '';
    if (kind === 'flag') {
      // Who leaves a flag out means its default, not no.
      if (form[name] !== undefined) settings[name] = text === 'true';
    } else if (text) put(settings, name, valueOf(kind, text, schema, name));
  }
  return settings;
}

function put(settings: Record<string, unknown>, name: string, value: unknown): void {
  const [whole = '', part] = name.split('.');
  if (part === undefined) settings[whole] = value;
  else settings[whole] = { ...(settings[whole] as object | undefined), [part]: value };
}

function valueIn(settings: Record<string, unknown>, name: string): unknown {
  const [whole = '', part] = name.split('.');
  return part === undefined
    ? settings[whole]
    : (settings[whole] as Record<string, unknown> | undefined)?.[part];
}

function isSecret({ kind }: FormField): boolean {
  return kind === 'secret' || kind === 'longSecret';
}

function valueOf(kind: FormField['kind'], text: string, schema: z.ZodType, name: string): unknown {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
  switch (kind) {
    case 'number':
      return Number(text);
    case 'list':
      return lines;
    case 'numbers':
      return lines.map(Number);
    case 'pairs':
      return Object.fromEntries(text.split('\n').flatMap((line) => splitPair(line)));
    case 'choice':
      return isNumericChoice(schema, name) ? Number(text) : text;
    default:
      return text;
  }
}

function splitPair(line: string): [string, string][] {
  const colon = line.indexOf(':');
  return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
}

function isNumericChoice(schema: z.ZodType, name: string): boolean {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>;
  };
  const property = properties[name];
  return [...(property?.enum ?? []), ...(property?.anyOf?.map((each) => each.const) ?? [])].some(
    (option) => typeof option === 'number',
  );
}

/** Settings as the form shows them: secrets are left out. */
export function shownSettings(schema: z.ZodType, settings: Record<string, unknown>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const field of formFields(schema)) {
    shown[field.name] = isSecret(field) ? '' : typed(valueIn(settings, field.name));
  }
  return shown;
}

/**
 * New settings over old ones: a secret that was left empty, and whatever has no field, stays as it was. Of a setting with parts the secret
 * ones stay while another part is there; one whose parts the form does not hold at all stays, too.
 */
export function mergedSettings(
  schema: z.ZodType,
  old: Record<string, unknown>,
  form: Record<string, string>,
): Record<string, unknown> {
  const fields = formFields(schema);
  const merged = untyped(schema, form);
  for (const [name, value] of Object.entries(old)) {
    const own = fields.filter((field) => field.name === name || field.name.startsWith(`${name}.`));
    if (!own.length || own.every((field) => form[field.name] === undefined && field.name !== name))
      merged[name] = value;
  }
  for (const field of fields.filter(isSecret)) {
    const kept = valueIn(old, field.name);
    const [whole = '', part] = field.name.split('.');
    const belongs = part === undefined || merged[whole] !== undefined;
    if (kept !== undefined && belongs && valueIn(merged, field.name) === undefined)
      put(merged, field.name, kept);
  }
  return merged;
}
