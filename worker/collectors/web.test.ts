// Web servers: sites, limits, certificates, complaints.
import { describe, expect, it } from 'vitest';
import { now, read, type Sections } from './sections.fixture.ts';

const config = (lines: string, more: Sections = {}) => read({ 'grep -r . /etc': lines, ...more }).facts;

describe('nginx', () => {
  it('sites with names, addresses, roots, proxies and certificates', () => {
    const { virtualHosts, webConfig } = config(`/etc/nginx/nginx.conf:worker_processes 4;
/etc/nginx/nginx.conf:\tworker_connections 1024; # a comment
/etc/nginx/conf.d/up.conf:    server 127.0.0.1:8080;
/etc/nginx/sites-enabled/example:server {
/etc/nginx/sites-enabled/example:    listen 80;
/etc/nginx/sites-enabled/example:    listen [::]:80;
/etc/nginx/sites-enabled/example:    server_name example.org www.example.org;
/etc/nginx/sites-enabled/example:server {
/etc/nginx/sites-enabled/example:    listen 443 ssl http2;
/etc/nginx/sites-enabled/example:    listen unix:/run/x.sock;
/etc/nginx/sites-enabled/example:    server_name "example.org" *.example.org;
/etc/nginx/sites-enabled/example:    root /srv/www/example.org;
/etc/nginx/sites-enabled/example:    ssl_certificate /etc/letsencrypt/live/example.org/fullchain.pem;
/etc/nginx/sites-enabled/example:    proxy_pass http://127.0.0.1:3000;
/etc/nginx/sites-enabled/one:server { listen 127.0.0.1:8081; server_name status.example.org; root /srv/status; }
/etc/nginx/sites-enabled/bare:server {
/etc/nginx/sites-enabled/bare:  server_name _;`);
    expect(virtualHosts).toEqual([
      {
        server: 'nginx',
        names: ['example.org', 'www.example.org'],
        listen: [
          { address: '0.0.0.0', port: 80, tls: false },
          { address: '::', port: 80, tls: false },
        ],
        source: '/etc/nginx/sites-enabled/example',
      },
      {
        server: 'nginx',
        names: ['example.org', '*.example.org'],
        listen: [{ address: '0.0.0.0', port: 443, tls: true }],
        source: '/etc/nginx/sites-enabled/example',
        root: '/srv/www/example.org',
        certificate: '/etc/letsencrypt/live/example.org/fullchain.pem',
        proxy: 'http://127.0.0.1:3000',
      },
      {
        server: 'nginx',
        names: ['status.example.org'],
        listen: [{ address: '127.0.0.1', port: 8081, tls: false }],
        source: '/etc/nginx/sites-enabled/one',
        root: '/srv/status',
      },
      {
        server: 'nginx',
        names: [],
        listen: [{ address: '0.0.0.0', port: 80, tls: false }],
        source: '/etc/nginx/sites-enabled/bare',
      },
    ]);
    expect(webConfig).toEqual([{ server: 'nginx', workerProcesses: 4, workerConnections: 1024 }]);
  });
});

describe('apache', () => {
  it('sites', () => {
    const { virtualHosts, webConfig } = config(`/etc/apache2/ports.conf:Listen 80
/etc/apache2/mods-enabled/mpm_event.conf:    MaxRequestWorkers       150
/etc/apache2/sites-enabled/a.conf:<VirtualHost *:80 [::]:80>
/etc/apache2/sites-enabled/a.conf:    ServerName http://example.org:80
/etc/apache2/sites-enabled/a.conf:    ServerAlias www.example.org
/etc/apache2/sites-enabled/a.conf:    DocumentRoot "/srv/www/a b"
/etc/apache2/sites-enabled/a.conf:</VirtualHost>
/etc/httpd/conf.d/ssl.conf:<VirtualHost _default_:8443>
/etc/httpd/conf.d/ssl.conf:  SSLCertificateFile /etc/pki/tls/certs/x.crt
/etc/httpd/conf.d/ssl.conf:  ProxyPass / http://127.0.0.1:9000/`);
    expect(virtualHosts).toEqual([
      {
        server: 'apache',
        names: ['example.org', 'www.example.org'],
        listen: [
          { address: '0.0.0.0', port: 80, tls: false },
          { address: '::', port: 80, tls: false },
        ],
        source: '/etc/apache2/sites-enabled/a.conf',
        root: '/srv/www/a b',
      },
      {
        server: 'apache',
        names: [],
        listen: [{ address: '0.0.0.0', port: 8443, tls: true }],
        source: '/etc/httpd/conf.d/ssl.conf',
        certificate: '/etc/pki/tls/certs/x.crt',
        proxy: 'http://127.0.0.1:9000/',
      },
    ]);
    expect(webConfig).toEqual([{ server: 'apache', maxRequestWorkers: 150 }]);
  });

  it('the main server, when there is no virtual host', () => {
    expect(
      config(
        '/etc/httpd/conf/httpd.conf:Listen 8080\n/etc/httpd/conf/httpd.conf:ServerName www.example.org\n/etc/httpd/conf/httpd.conf:DocumentRoot "/var/www/html"',
      ).virtualHosts,
    ).toEqual([
      {
        server: 'apache',
        names: ['www.example.org'],
        listen: [{ address: '0.0.0.0', port: 8080, tls: false }],
        root: '/var/www/html',
      },
    ]);
  });
});

describe('certificates', () => {
  it('of OpenSSL 1.0, 1.1 and 3.2, and which file names them', () => {
    const snapshot = read({
      'grep -r . /etc':
        '/etc/nginx/sites-enabled/x:    ssl_certificate /etc/letsencrypt/live/example.org/fullchain.pem;',
      'openssl x509': `file /etc/letsencrypt/live/example.org/cert.pem
subject=CN = example.org
issuer=C = US, O = Let's Encrypt, CN = R10
notBefore=Nov  1 08:11:16 2023 GMT
notAfter=Jan 30 08:11:15 2024 GMT
serial=04A1B2C3
sha256 Fingerprint=AB:CD:${'00:'.repeat(29)}EF
        Signature Algorithm: sha256WithRSAEncryption
                Public-Key: (2048 bit)
                DNS:example.org, DNS:www.Example.org, IP Address:192.0.2.10
file /etc/ssl/private/key.pem
file /etc/ssl/old.crt
subject= /C=DE/O=Example GmbH/CN=old.example.org
issuer= /C=DE/O=Example GmbH/CN=Example CA
notBefore=Jan 21 00:00:00 2013 GMT
notAfter=Jan 19 00:00:00 2023 GMT
    Signature Algorithm: sha1WithRSAEncryption
=!= exit 1`,
    });
    expect(snapshot.facts.certificates).toEqual([
      {
        path: '/etc/letsencrypt/live/example.org/cert.pem',
        subject: 'example.org',
        issuer: "Let's Encrypt R10",
        names: ['example.org', 'www.example.org', '192.0.2.10'],
        notBefore: 1_698_826_276,
        notAfter: 1_706_602_275,
        serial: '04A1B2C3',
        fingerprint: `abcd${'00'.repeat(29)}ef`,
        keyBits: 2048,
        signature: 'sha256WithRSAEncryption',
        usedBy: ['/etc/nginx/sites-enabled/x'],
      },
      {
        path: '/etc/ssl/old.crt',
        subject: 'old.example.org',
        issuer: 'Example GmbH Example CA',
        names: [],
        notBefore: 1_358_726_400,
        notAfter: 1_674_086_400,
        signature: 'sha1WithRSAEncryption',
        usedBy: [],
      },
    ]);
    expect(snapshot.partial).toEqual([]);
  });

  it('are used by HAProxy when they lie in the folder that it is given', () => {
    const config = '/etc/haproxy/haproxy.cfg';
    const { facts } = read({
      'grep -r . /etc':
        '/etc/haproxy/haproxy.cfg:    bind :443 ssl crt /etc/haproxy/certs/ alpn h2 crt /etc/haproxy/certs.d',
      'openssl x509': ['certs/a', 'certs.d/a', 'old/b']
        .map(
          (name) =>
            `file /etc/haproxy/${name}.pem\nsubject=CN = a.example.org\nissuer=CN = X\nnotBefore=Nov  1 00:00:00 2023 GMT\nnotAfter=Dec  1 00:00:00 2023 GMT`,
        )
        .join('\n'),
    });
    expect(facts.certificates?.map((c) => c.usedBy)).toEqual([[config], [config], []]);
  });
});

it('complaints of the last minutes, one event a minute and kind', () => {
  const snapshot = read({
    'tail -n 300 /var/log/*/error.log': `2023/11/14 22:12:01 [error] 2012#201 upstream timed out
2023/11/14 22:12:20 [error] 2012#201 upstream timed out
[Tue Nov 14 22:13:01.123456 2023]  MaxRequestWorkers
[14-Nov-2023 22:13:05] WARNING: [p max_children
2023/11/14 22:13:06 [error] 2012#201: 1: Connection refused
[Tue Nov 14 22:13:07.123456 2023] [pro 1)Connection refused
[14-Nov-2023 22:13:08 UTC] PHP Fatal
nonsense`,
  });
  expect(snapshot.events.map(({ kind, at, data }) => [kind, at - now, data?.['count']])).toEqual([
    ['web.upstream_timeout', -80, 2],
    ['web.workers_full', -20, 1],
    ['php.children_full', -20, 1],
    ['web.backend_refused', -20, 1],
    ['web.backend_refused', -20, 1],
    ['php.fatal', -20, 1],
  ]);
  expect(snapshot.events.filter((e) => e.kind === 'web.backend_refused').map((e) => e.subject)).toEqual([
    'nginx',
    'apache2',
  ]);
});

it('settings of docker, on several lines or on one', () => {
  const daemon = (...lines: string[]) =>
    read({ 'grep -r . /etc': lines.map((line) => `/etc/docker/daemon.json:${line}`).join('\n') }).facts
      .docker;
  expect(daemon('  "log-driver": "json-file",', '    "max-size": "10m",', '  "live-restore": true')).toEqual({
    log_driver: 'json-file',
    max_size: '10m',
    live_restore: 'true',
  });
  expect(daemon('{"hosts":["unix:///run/docker.sock","tcp://0.0.0.0:2375"],"log-level":"warn"}')).toEqual({
    hosts: '[unix:///run/docker.sock,tcp://0.0.0.0:2375]',
    log_level: 'warn',
  });
});
