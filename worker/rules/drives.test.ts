import { describe } from 'vitest';
import type { Smart } from '#core/facts.ts';
import { later, testCases } from './sickAndHealthy.fixture.ts';

const drive = (raw: Record<number, number>, more: Partial<Smart> = {}): Smart => ({
  device: 'sda',
  attributes: Object.fromEntries(
    Object.entries(raw).map(([id, value]) => [id, { name: `a${id}`, raw: value, value: 100, threshold: 10 }]),
  ),
  ...more,
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
    [
      'smart.nvme_spare',
      'nvme0',
      {
        facts: {
          smart: [
            drive(
              {},
              {
                device: 'nvme0',
                nvme: { criticalWarning: 0, spare: 5, spareThreshold: 10, used: 3, mediaErrors: 0 },
              },
            ),
          ],
        },
      },
      {
        facts: {
          smart: [
            drive(
              {},
              {
                device: 'nvme0',
                nvme: { criticalWarning: 0, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
              },
            ),
          ],
        },
      },
    ],
    [
      'smart.nvme_critical',
      'nvme0',
      {
        facts: {
          smart: [
            drive(
              {},
              {
                device: 'nvme0',
                nvme: { criticalWarning: 4, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
              },
            ),
          ],
        },
      },
      {
        facts: {
          smart: [
            drive(
              {},
              {
                device: 'nvme0',
                nvme: { criticalWarning: 0, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
              },
            ),
          ],
        },
      },
    ],
    [
      'smart.selftest_old',
      'sda',
      { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 7000 })] } },
      { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 8900 })] } },
    ],
    [
      'raid.degraded',
      'md0',
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              slots: 2,
              active: 1,
              failed: [],
              members: ['sda1'],
            },
          ],
        },
      },
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              slots: 2,
              active: 2,
              failed: [],
              members: ['sda1', 'sdb1'],
            },
          ],
        },
      },
    ],
    [
      'raid.resync',
      'md0',
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              slots: 2,
              active: 2,
              failed: [],
              members: [],
              action: 'check',
              actionPercent: 4,
            },
          ],
        },
      },
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              slots: 2,
              active: 2,
              failed: [],
              members: [],
              action: 'resync pending',
            },
          ],
        },
      },
    ],
    [
      'raid.mismatch',
      'md0',
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid6',
              state: 'active',
              slots: 4,
              active: 4,
              failed: [],
              members: [],
              mismatches: 5000,
            },
          ],
        },
      },
      {
        facts: {
          md: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              slots: 2,
              active: 2,
              failed: [],
              members: [],
              mismatches: 5000,
            },
          ],
        },
      },
    ],
    [
      'raid.bbu',
      'c0',
      {
        facts: {
          hardwareRaid: [
            { controller: 'c0', state: 'Optimal', battery: 'Failed', failedDrives: 0, predictive: 0 },
          ],
        },
      },
      {
        facts: {
          hardwareRaid: [
            { controller: 'c0', state: 'Optimal', battery: 'Optimal', failedDrives: 0, predictive: 0 },
            { controller: 'c1', state: 'Optimal', battery: 'Ready', failedDrives: 0, predictive: 0 },
          ],
        },
      },
    ],
    [
      'raid.hw_predictive',
      'c0',
      { facts: { hardwareRaid: [{ controller: 'c0', state: 'Optimal', failedDrives: 0, predictive: 1 }] } },
      { facts: { hardwareRaid: [{ controller: 'c0', state: 'Optimal', failedDrives: 0, predictive: 0 }] } },
    ],
  ]);
});
