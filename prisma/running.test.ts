import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announceRunning, besideRunning, forgetRunning } from './running.ts';

const running = {
  DATABASE_URL: 'postgresql://rootnote:secret@127.0.0.1:5999/rootnote',
  AUTH_SECRET: 'x'.repeat(43),
  PUBLIC_URL: 'http://127.0.0.1:8080',
};
let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'rootnote-running-'));
});
afterEach(() => rmSync(data, { recursive: true }));

test('a command line beside `npm start` gets what is missing; what it was given itself stays', () => {
  announceRunning(data, running);
  expect(statSync(join(data, 'running.json')).mode & 0o777).toBe(0o600);
  expect(besideRunning({ ROOTNOTE_DATA: data, PUBLIC_URL: '' })).toEqual({ ROOTNOTE_DATA: data, ...running });
  expect(besideRunning({ ROOTNOTE_DATA: data, PUBLIC_URL: 'https://own.example' }).PUBLIC_URL).toBe(
    'https://own.example',
  );
});

test('another database means another installation, and nothing runs after the end', () => {
  announceRunning(data, running);
  const other = { ROOTNOTE_DATA: data, DATABASE_URL: 'postgresql://db.example/rootnote' };
  expect(besideRunning(other)).toEqual(other);
  forgetRunning(data);
  expect(besideRunning({ ROOTNOTE_DATA: data })).toEqual({ ROOTNOTE_DATA: data });
});

test('a damaged file is a sentence for the person at the command line', () => {
  for (const text of ['{"DATABASE_URL":', '{}', '[]']) {
    writeFileSync(join(data, 'running.json'), text);
    expect(() => besideRunning({ ROOTNOTE_DATA: data })).toThrow(
      /running\.json, which tells how .* cannot be read\./,
    );
    expect(besideRunning({ ROOTNOTE_DATA: data, DATABASE_URL: 'postgresql://x' })).toHaveProperty(
      'DATABASE_URL',
    );
  }
});
