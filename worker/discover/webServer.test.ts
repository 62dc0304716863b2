import { expect, test } from 'vitest';
import type { Facts, VirtualHost } from '#core/facts.ts';
import { checked, here, keys, listener, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';
import { webServer } from './webServer.ts';

const propose = (facts: Facts, context = outside) => checked(webServer.propose(facts, context));

function site(names: string[], port = 80, extra: Partial<VirtualHost> = {}): VirtualHost {
  return { server: 'nginx', names, listen: [{ address: '0.0.0.0', port, tls: port === 443 }], ...extra };
}

test('a server without names is asked by its address', () => {
  const facts: Facts = {
    listeners: [listener('0.0.0.0', 80, 'nginx')],
    units: [{ name: 'nginx.service', active: 'active', sub: 'running', mainPid: 700 }],
    virtualHosts: [site(['_'])],
  };
  const proposals = propose(facts);
  expect(keys(proposals)).toEqual([
    `port tcp ${publicV4}:80`,
    `http http://${publicV4}/`,
    `exposed http://${publicV4}/`,
  ]);
  expect(proposals[0]).toMatchObject({
    settings: { host: publicV4, port: 80 },
    reason: 'nginx listens on 0.0.0.0:80',
    about: { process: 'nginx', unit: 'nginx.service', port: 80 },
  });
});

test('each virtual host and each name of its certificate is a site of its own', () => {
  const facts: Facts = {
    listeners: [listener('0.0.0.0', 80, 'nginx'), listener('0.0.0.0', 443, 'nginx')],
    virtualHosts: [
      site(['shop.example.org']),
      site(['shop.example.org', '*.example.org', '~^www\\d+\\.example\\.org$'], 443, {
        certificate: '/etc/ssl/shop.pem',
        source: '/etc/nginx/sites-enabled/shop',
      }),
      site(['.Blog.Example.org.'], 80),
    ],
    certificates: [
      {
        path: '/etc/ssl/shop.pem',
        subject: 'CN=shop.example.org',
        issuer: 'CN=A',
        names: ['shop.example.org', 'www.example.org', '*.example.org'],
        notBefore: 0,
        notAfter: 1,
        usedBy: ['nginx'],
      },
    ],
  };
  const proposals = propose(facts);
  expect(keys(proposals)).toEqual([
    `port tcp ${publicV4}:80`,
    'http http://shop.example.org/',
    'exposed http://shop.example.org/',
    'http http://blog.example.org/',
    'exposed http://blog.example.org/',
    `port tcp ${publicV4}:443`,
    'http https://shop.example.org/',
    'exposed https://shop.example.org/',
    'tls shop.example.org:443',
    'http https://www.example.org/',
    'exposed https://www.example.org/',
    'tls www.example.org:443',
  ]);
  const byKey = new Map(proposals.map((one) => [one.key, one]));
  expect(byKey.get('http https://shop.example.org/')).toMatchObject({
    settings: { url: 'https://shop.example.org/' },
    reason: 'nginx listens on 0.0.0.0:443 and serves shop.example.org (/etc/nginx/sites-enabled/shop)',
    about: { host: 'shop.example.org', certificate: '/etc/ssl/shop.pem' },
  });
  expect(byKey.get('http https://shop.example.org/')?.settings).not.toHaveProperty('connectTo');
  expect(byKey.get('exposed https://shop.example.org/')?.settings).toHaveProperty('connectTo', publicV4);
  expect(byKey.get('tls www.example.org:443')).toMatchObject({
    settings: { host: 'www.example.org', port: 443, servername: 'www.example.org', connectTo: publicV4 },
    reason: 'nginx listens on 0.0.0.0:443, and its certificate /etc/ssl/shop.pem names www.example.org',
  });
});

test('over loopback names are kept and the connection goes to 127.0.0.1', () => {
  const facts: Facts = {
    listeners: [listener('0.0.0.0', 80, 'nginx'), listener('::', 80, 'nginx')],
    virtualHosts: [site(['example.org'])],
  };
  const proposals = propose(facts, here);
  expect(keys(proposals)).toEqual([
    'port tcp 127.0.0.1:80',
    'http http://example.org/',
    'exposed http://example.org/',
  ]);
  expect(proposals[1]?.settings).toEqual({ url: 'http://example.org/', connectTo: '127.0.0.1' });
});

test('a name outside the public DNS is asked at the address of the server', () => {
  const facts: Facts = {
    listeners: [listener('0.0.0.0', 80, 'nginx')],
    virtualHosts: [site(['intranet.local'])],
  };
  const homepage = propose(facts).find(({ kind }) => kind === 'http');
  expect(homepage?.settings).toEqual({ url: 'http://intranet.local/', connectTo: publicV4 });
});

test('a listener on loopback has no monitor, wherever the probes run', () => {
  const facts: Facts = {
    listeners: [
      listener('127.0.0.1', 8080, 'nginx'),
      listener('::1', 80, 'apache2'),
      listener('10.0.0.5', 80, 'nginx'),
    ],
  };
  expect(propose(facts)).toEqual([]);
  expect(propose(facts, here)).toEqual([]);
});

test('IPv6 listeners: Apache on :: serves both families, nginx on :: only IPv6', () => {
  const both = { loopback: false, addresses: [publicV4, publicV6] };
  const ports = (process: string) =>
    keys(propose({ listeners: [listener('::', 80, process)] }, both)).filter((key) => key.startsWith('port'));
  expect(ports('apache2')).toEqual([`port tcp ${publicV4}:80`, `port tcp [${publicV6}]:80`]);
  expect(ports('nginx')).toEqual([`port tcp [${publicV6}]:80`]);
  const homepages = keys(propose({ listeners: [listener('::', 8080, 'nginx')] }, both));
  expect(homepages).toContain(`http http://[${publicV6}]:8080/`);
});

test('names behind a forwarder are asked at the forwarder', () => {
  const facts: Facts = {
    listeners: [listener('0.0.0.0', 443, 'haproxy'), listener('127.0.0.1', 8080, 'nginx')],
    virtualHosts: [
      site(['example.org'], 8080, { listen: [{ address: '127.0.0.1', port: 8080, tls: false }] }),
    ],
  };
  expect(keys(propose(facts))).toEqual([
    `port tcp ${publicV4}:443`,
    'http https://example.org/',
    'exposed https://example.org/',
    'tls example.org:443',
  ]);
});

test('HTTPS at a bare address expects no certificate for it', () => {
  const proposals = propose({ listeners: [listener('0.0.0.0', 443, 'caddy')] });
  expect(keys(proposals)).toEqual([
    `port tcp ${publicV4}:443`,
    `http https://${publicV4}/`,
    `exposed https://${publicV4}/`,
  ]);
  expect(proposals[1]?.settings).toHaveProperty('verify', false);
});

test('node answers HTTP on any port, also by the name that its main thread has', () => {
  expect(keys(propose({ listeners: [listener('0.0.0.0', 3000, 'node')] }))).toContain(
    `http http://${publicV4}:3000/`,
  );
  const [port] = propose({ listeners: [listener('0.0.0.0', 3000, 'MainThread')] });
  expect(port).toMatchObject({ reason: 'node listens on 0.0.0.0:3000', about: { process: 'MainThread' } });
});

test('what is no web server is left alone', () => {
  const facts: Facts = {
    listeners: [
      listener('0.0.0.0', 22, 'sshd'),
      listener('0.0.0.0', 9200, 'docker-proxy'),
      listener('0.0.0.0', 3306, 'mariadbd'),
      listener('0.0.0.0', 9100, 'node_exporter'),
      listener('0.0.0.0', 5000),
      { protocol: 'udp', address: '0.0.0.0', port: 443, process: 'nginx' },
      // nginx forwards TCP here: none of its sites listens on this port.
      listener('0.0.0.0', 1935, 'nginx'),
    ],
    virtualHosts: [site(['example.org'])],
  };
  expect(propose(facts)).toEqual([]);
});

test('port 80 is the web, whoever holds it, also when the report names no process', () => {
  expect(keys(propose({ listeners: [listener('0.0.0.0', 80)] }))).toContain(`http http://${publicV4}/`);
  const [first] = propose({ listeners: [listener('0.0.0.0', 80)] });
  expect(first).toMatchObject({ reason: 'A service listens on 0.0.0.0:80', about: { port: 80 } });
});

test('behind address translation sites are seen by their public names, and nothing that is not surely ours is touched', () => {
  const facts: Facts = {
    listeners: [listener('10.0.0.5', 443, 'nginx'), listener('127.0.0.1', 80, 'nginx')],
    virtualHosts: [
      site(['shop.example.org', 'intranet.local'], 443, {
        listen: [{ address: '10.0.0.5', port: 443, tls: true }],
      }),
    ],
  };
  const proposals = propose(facts, { loopback: false, addresses: [] });
  expect(keys(proposals)).toEqual(['http https://shop.example.org/', 'tls shop.example.org:443']);
  for (const { settings } of proposals) expect(settings).not.toHaveProperty('connectTo');
  // Without a name there is no way to it.
  expect(
    propose({ listeners: [listener('0.0.0.0', 80, 'nginx')] }, { loopback: false, addresses: [] }),
  ).toEqual([]);
});
