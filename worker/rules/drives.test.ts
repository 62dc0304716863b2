import { describe } from 'vitest';
import type { Facts, MdArray, Smart } from '#core/facts.ts';
import type { Handmade } from '#worker/picture/handmade.ts';
import { later, testCases } from './sickAndHealthy.fixture.ts';

const drive = (raw: Record<number, number>, more: Partial<Smart> = {}): Smart => ({
  device: 'sda',
  attributes: Object.fromEntries(
    Object.entries(raw).map(([id, value]) => [id, { name: `a${id}`, raw: value, value: 100, threshold: 10 }]),
  ),
  ...more,
});

const nvme = (more: Partial<NonNullable<Smart['nvme']>>): Handmade => ({
  facts: {
    smart: [
      drive(
        {},
        {
          device: 'nvme0',
          nvme: { criticalWarning: 0, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0, ...more },
        },
      ),
    ],
  },
});

const array = (more: Partial<MdArray>): Handmade => ({
  facts: {
    md: [
      { name: 'md0', level: 'raid1', state: 'active', slots: 2, active: 2, failed: [], members: [], ...more },
    ],
  },
});

const controllers = (...all: Partial<NonNullable<Facts['hardwareRaid']>[number]>[]): Handmade => ({
  facts: {
    hardwareRaid: all.map((more) => ({
      controller: 'c0',
      state: 'Optimal',
      failedDrives: 0,
      predictive: 0,
      ...more,
    })),
  },
});

describe('rules of drives and arrays', () => {
  testCases([
    [
      'smart.failed',
      'sda',
      { facts: { smart: [drive({}, { passed: false })] } },
      { facts: { smart: [drive({}, { passed: true })] } },
    ],
    [
      'smart.reallocated',
      'sda',
      { facts: { smart: [drive({ 5: 12 })] } },
      { facts: { smart: [drive({ 5: 0 })] } },
    ],
    [
      'smart.pending',
      'sda',
      { facts: { smart: [drive({ 197: 24 })] } },
      { facts: { smart: [drive({ 197: 0, 198: 0 })] } },
    ],
    [
      'smart.uncorrectable',
      'sda',
      { facts: { smart: [drive({ 187: 1 })] } },
      { facts: { smart: [drive({ 187: 0 })] } },
    ],
    [
      'smart.timeout',
      'sda',
      { series: { 'smart.command_timeouts{sda}': later(2, 9) }, facts: { smart: [drive({ 188: 9 })] } },
      { series: { 'smart.command_timeouts{sda}': 9 }, facts: { smart: [drive({ 188: 9 })] } },
    ],
    [
      'smart.crc',
      'sda',
      { series: { 'smart.crc_errors{sda}': later(2, 9) }, facts: { smart: [drive({ 199: 9 })] } },
      { series: { 'smart.crc_errors{sda}': 9 }, facts: { smart: [drive({ 199: 9 })] } },
    ],
    [
      'smart.combo',
      'sda',
      { facts: { smart: [drive({ 5: 3, 187: 1 })] } },
      { facts: { smart: [drive({ 197: 3, 198: 3 })] } },
    ],
    ['smart.nvme_spare', 'nvme0', nvme({ spare: 5 }), nvme({})],
    ['smart.nvme_critical', 'nvme0', nvme({ criticalWarning: 4 }), nvme({})],
    [
      'smart.selftest_old',
      'sda',
      { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 7000 })] } },
      { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 8900 })] } },
    ],
    ['raid.degraded', 'md0', array({ active: 1, members: ['sda1'] }), array({ members: ['sda1', 'sdb1'] })],
    ['raid.resync', 'md0', array({ action: 'check', actionPercent: 4 }), array({ action: 'resync pending' })],
    [
      'raid.mismatch',
      'md0',
      array({ level: 'raid6', slots: 4, active: 4, mismatches: 5000 }),
      array({ mismatches: 5000 }),
    ],
    [
      'raid.bbu',
      'c0',
      controllers({ battery: 'Failed' }),
      controllers({ battery: 'Optimal' }, { controller: 'c1', battery: 'Ready' }),
    ],
    ['raid.hw_predictive', 'c0', controllers({ predictive: 1 }), controllers({})],
  ]);
});
