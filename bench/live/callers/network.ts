// The network between the two ends of one cable.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveScenario } from '../liveScenario.ts';
import { nameServer, nginx } from '../programs.ts';

export const networkCallers: LiveScenario[] = [
  {
    slug: 'gateway-gone',
    name: 'The gateway no longer answers; the cable is fine',
    kind: 'fault',
    prepare(lab) {
      lab.perl(
        'mirror',
        `use IO::Socket::INET; while (1) { IO::Socket::INET->new(PeerAddr => '198.51.100.7:443', Timeout => 1); select undef, undef, undef, 0.5 }`,
      );
    },
    inject: (lab) => void lab.run(['ip', 'addr', 'del', '192.0.2.1/24', 'dev', 'eth0'], { inClient: true }),
    roots: [{ problem: 'net.gateway_down', subject: ['192.0.2.1', 'web1', 'eth0'] }],
  },
  {
    slug: 'cable-flaps',
    name: 'A loose plug: the link goes and comes back every few seconds',
    kind: 'fault',
    prepare(lab) {
      nginx(lab, 'events {} http { access_log off; server { listen 80; } }');
    },
    inject: (lab) =>
      void lab.start(
        ['sh', '-c', 'while :; do ip link set eth0 down; sleep 1; ip link set eth0 up; sleep 3; done'],
        { inClient: true },
      ),
    roots: [{ problem: ['net.flap', 'net.link_down'], subject: 'eth0' }],
  },
  {
    slug: 'first-resolver-dead',
    name: 'The first of two name servers is gone: each lookup waits five seconds',
    kind: 'fault',
    prepare(lab) {
      lab.start(nameServer, { inClient: true });
      for (let i = 0; i < 3; i++)
        lab.start(['sh', '-c', 'while :; do getent hosts api.example.org; sleep 1; done']);
    },
    inject: (lab) =>
      writeFileSync(join(lab.directory, 'resolv.conf'), 'nameserver 192.0.2.77\nnameserver 192.0.2.1\n'),
    roots: [{ problem: 'net.dns_fail', subject: ['192.0.2.77', '/etc/resolv.conf'] }],
  },
];
