import { describe, expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { handmade } from '#worker/picture/handmade.ts';
import { nic, testCases } from './sickAndHealthy.fixture.ts';

describe('rules of the network', () => {
  testCases([
    [
      'net.link_slow',
      'eth0',
      { facts: (i) => ({ interfaces: [{ ...nic, speed: i < 4 ? 1000 : 100 }] }) },
      { facts: (i) => ({ interfaces: [{ ...nic, speed: i === 4 ? 100 : 1000 }] }) },
    ],
    [
      'net.dns_fail',
      '/etc/resolv.conf',
      {
        facts: {
          resolver: { nameservers: ['192.0.2.77'], search: [] },
          neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'INCOMPLETE' }],
        },
      },
      {
        facts: {
          resolver: { nameservers: ['192.0.2.77', '192.0.2.1'], search: [] },
          neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'INCOMPLETE' }],
        },
      },
    ],
    // Behind a router nobody knows whether it is there; that it does not answer is seen.
    [
      'net.dns_fail',
      '/etc/resolv.conf',
      {
        facts: {
          resolver: { nameservers: ['198.51.100.53'], search: [] },
          lookups: {
            waiting: [{ address: '198.51.100.53', count: 2 }],
            unanswered: { since: 60, reports: 4 },
          },
        },
      },
      {
        facts: {
          resolver: { nameservers: ['198.51.100.53'], search: [] },
          lookups: {
            waiting: [{ address: '198.51.100.53', count: 2 }],
            unanswered: { since: 60, reports: 3 },
          },
        },
      },
    ],
    // The first of two is asked first; the second one's silence costs nothing.
    [
      'net.dns_fail',
      '/etc/resolv.conf',
      {
        facts: {
          resolver: { nameservers: ['192.0.2.77', '192.0.2.1'], search: [] },
          neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'FAILED', failingSince: 60 }],
        },
      },
      {
        facts: {
          resolver: { nameservers: ['192.0.2.1', '192.0.2.77'], search: [] },
          neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'FAILED', failingSince: 60 }],
        },
      },
    ],
    [
      'net.dns_fail',
      '/etc/resolv.conf',
      {
        facts: {
          resolver: { nameservers: ['127.0.0.53'], search: [] },
          listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 22 }],
        },
      },
      {
        facts: {
          resolver: { nameservers: ['127.0.0.53'], search: [] },
          listeners: [{ protocol: 'udp', address: '127.0.0.53', port: 53 }],
        },
      },
    ],
    [
      'net.link_down',
      'eth0',
      {
        series: { 'net.rx_bytes{eth0}': (i) => (i < 6 ? 5000 : 0) },
        // Between two hourly runs only operstate is known, not the flags.
        facts: (i) => ({ interfaces: [{ ...nic, up: i < 6, operstate: i < 6 ? 'up' : 'down' }] }),
      },
      {
        series: { 'net.rx_bytes{eth0}': 0 },
        facts: { interfaces: [{ ...nic, up: false, operstate: 'down' }] },
      },
    ],
    [
      'net.errors',
      'eth0',
      { series: { 'net.errors{eth0}': 5, 'net.rx_packets{eth0}': 100 } },
      { series: { 'net.errors{eth0}': 0, 'net.rx_packets{eth0}': 100 } },
    ],
    [
      'net.drops',
      'eth0',
      { series: { 'net.drops{eth0}': 50, 'net.rx_packets{eth0}': 500 } },
      { series: { 'net.drops{eth0}': 1, 'net.rx_packets{eth0}': 5000 } },
    ],
    [
      'net.softnet',
      'web1',
      { series: { 'net.softnet_dropped': 40 } },
      { series: { 'net.softnet_dropped': 0, 'net.softnet_squeezed': 3 } },
    ],
    [
      'net.resets',
      'web1',
      { reports: 20, series: { 'net.tcp.resets': (i) => (i < 10 ? 1 : 200) } },
      { reports: 20, series: { 'net.tcp.resets': 60 } },
    ],
    [
      'net.link_down',
      'eth0',
      { facts: (i) => ({ interfaces: [{ ...nic, operstate: i < 5 ? 'up' : 'down' }] }) },
      { facts: { interfaces: [{ ...nic, operstate: 'down', addresses: [] }] } },
    ],
    [
      'net.link_slow',
      'eth0',
      { facts: { interfaces: [{ ...nic, duplex: 'half', speed: 100 }] } },
      { facts: { interfaces: [{ ...nic, speed: 100 }] } },
    ],
    [
      'net.bond_degraded',
      'bond0',
      {
        facts: {
          bonds: [
            {
              name: 'bond0',
              mode: 'x',
              slaves: [
                { name: 'a', up: true },
                { name: 'b', up: false },
              ],
            },
          ],
        },
      },
      {
        facts: {
          bonds: [
            {
              name: 'bond0',
              mode: 'x',
              slaves: [
                { name: 'a', up: true },
                { name: 'b', up: true },
              ],
            },
          ],
        },
      },
    ],
    [
      'net.gateway_down',
      '192.0.2.1',
      {
        facts: {
          routes: [{ destination: 'default', gateway: '192.0.2.1', device: 'eth0', family: 4 }],
          neighbours: [{ address: '192.0.2.1', device: 'eth0', state: 'FAILED' }],
        },
      },
      {
        facts: {
          routes: [
            { destination: 'default', gateway: '192.0.2.1', device: 'eth0', family: 4 },
            { destination: 'default', gateway: 'fd00::1', device: 'eth0', family: 6 },
          ],
          neighbours: [
            { address: '192.0.2.1', device: 'eth0', state: 'REACHABLE' },
            { address: 'fd00::1', device: 'eth0', state: 'FAILED' },
          ],
        },
      },
    ],
  ]);
});

it('damaged frames are critical from a tenth of the packets on', () => {
  const severity = (errors: number) =>
    replay(handmade({ series: { 'net.errors{eth0}': errors, 'net.rx_packets{eth0}': 100 } })).findings.find(
      ({ id }) => id === 'net.errors',
    )?.severity;
  expect([severity(5), severity(50)]).toEqual(['warning', 'critical']);
});
