// Sites and limits of nginx and apache, from the chosen lines of their configuration.
import type { Facts, VirtualHost } from '#core/facts.ts';
import { configFiles, configSection, configWords } from './configLines.ts';
import { type Collector } from './collector.ts';
import { columns } from './lines.ts';
import { socketAddress } from './socketAddress.ts';

type WebConfig = NonNullable<Facts['webConfig']>[number];

export const webServers: Collector = {
  section: configSection,
  parse(_section, report) {
    const virtualHosts: VirtualHost[] = [];
    const webConfig: WebConfig[] = [];
    const nginx = configFiles(report, /^\/(usr\/local\/)?etc\/nginx\//);
    const apache = configFiles(report, /^\/(usr\/local\/)?etc\/(apache2|httpd)\//);
    if (nginx.length > 0) {
      const config: WebConfig = { server: 'nginx' };
      for (const [path, lines] of nginx) virtualHosts.push(...nginxHosts(path, lines, config));
      webConfig.push(config);
    }
    if (apache.length > 0) {
      const config: WebConfig = { server: 'apache' };
      virtualHosts.push(...apacheHosts(apache, config));
      webConfig.push(config);
    }
    return webConfig.length > 0 ? { facts: { virtualHosts: virtualHosts.slice(0, 2000), webConfig } } : {};
  },
};

/** A line `server {` begins a site; what follows up to the next one is its own. Servers of an upstream have an address behind. */
function nginxHosts(source: string, lines: string[], config: WebConfig): VirtualHost[] {
  const hosts: VirtualHost[] = [];
  let host: VirtualHost | undefined;
  for (const line of lines) {
    if (/^server(\s*\{|$)/.test(line)) {
      host = { server: 'nginx', names: [], listen: [], source };
      hosts.push(host);
      if (!/\{\s*\S/.test(line)) continue;
    }
    // A whole block may stand on one line.
    for (const part of line.split(';'))
      directive(
        part
          .slice(part.lastIndexOf('{') + 1)
          .replaceAll('}', ' ')
          .trim(),
        host,
        config,
      );
  }
  for (const one of hosts) {
    if (one.listen.length === 0) one.listen.push({ address: '0.0.0.0', port: 80, tls: false });
  }
  return hosts;
}

function directive(text: string, host: VirtualHost | undefined, config: WebConfig): void {
  const [name, ...values] = configWords(text);
  const [first] = values;
  if (!name || first === undefined) return;
  if (name === 'worker_connections' && /^\d{1,9}$/.test(first)) config.workerConnections = Number(first);
  if (name === 'worker_processes' && /^\d{1,5}$/.test(first)) config.workerProcesses = Number(first);
  if (!host) return;
  if (name === 'server_name') {
    // "_" and "" are names that no request has: the site for all others.
    host.names.push(
      ...values.filter((value) => value !== '_' && value !== '' && !host.names.includes(value)),
    );
  } else if (name === 'listen') {
    const listen = listenOn(first, values.includes('ssl') || values.includes('quic'));
    if (listen) host.listen.push(listen);
  } else if (name === 'root') host.root ??= first;
  else if (name === 'proxy_pass' || name === 'fastcgi_pass') host.proxy ??= first;
  else if (name === 'ssl_certificate') host.certificate ??= first;
}

/** `80`, `443`, `[::]:443`, `127.0.0.1:8080`, `*:80`, `example.org:80`; a socket in the file system is not on the network. */
function listenOn(text: string, tls: boolean): VirtualHost['listen'][number] | undefined {
  if (text.startsWith('unix:')) return undefined;
  if (/^\d{1,5}$/.test(text)) return { address: '0.0.0.0', port: Number(text), tls };
  const found = socketAddress(text.replace(/^_default_(?=:)/, '*'));
  if (found) return { address: found.address === '*' ? '0.0.0.0' : found.address, port: found.port, tls };
  return /^[\w.:[\]-]{1,255}$/.test(text)
    ? { address: text.replace(/^\[|\]$/g, ''), port: 80, tls }
    : undefined;
}

/** `<VirtualHost *:443>` to `</VirtualHost>`; without any, the main server answers on each Listen. */
function apacheHosts(files: [path: string, lines: string[]][], config: WebConfig): VirtualHost[] {
  const hosts: VirtualHost[] = [];
  const ports: VirtualHost['listen'] = [];
  const main: VirtualHost = { server: 'apache', names: [], listen: ports };
  for (const [source, lines] of files) {
    let host: VirtualHost | undefined;
    for (const line of lines) {
      const opened = /^<VirtualHost\s{1,20}([^>]{1,300})>/i.exec(line);
      if (opened) {
        const listen = columns(opened[1]!).flatMap((text) => listenOn(text, false) ?? []);
        host = { server: 'apache', names: [], listen, source };
        hosts.push(host);
      } else if (/^<\/VirtualHost/i.test(line)) host = undefined;
      else apacheDirective(line, host ?? main, host === undefined, ports, config);
    }
  }
  for (const host of hosts) {
    for (const listen of host.listen) listen.tls ||= host.certificate !== undefined || listen.port === 443;
  }
  if (hosts.length > 0) return hosts;
  return ports.length > 0 ? [main] : [];
}

function apacheDirective(
  line: string,
  host: VirtualHost,
  isMain: boolean,
  ports: VirtualHost['listen'],
  config: WebConfig,
): void {
  const [name = '', value, ...rest] = configWords(line);
  if (value === undefined) return;
  const add = (names: string[]) => host.names.push(...names.filter((one) => !host.names.includes(one)));
  switch (name.toLowerCase()) {
    case 'servername':
      add([value.replace(/^https?:\/\//, '').replace(/:\d{1,5}$/, '')]);
      break;
    case 'serveralias':
      add([value, ...rest]);
      break;
    case 'documentroot':
      host.root ??= value;
      break;
    case 'proxypass':
      host.proxy ??= rest[0] ?? value;
      break;
    case 'sslcertificatefile':
      host.certificate ??= value;
      break;
    case 'maxclients': // the name until 2.3
    case 'maxrequestworkers':
      if (/^\d{1,7}$/.test(value)) config.maxRequestWorkers = Number(value);
      break;
    case 'listen': {
      const listen = listenOn(value, rest[0] === 'https' || /:443$|^443$/.test(value));
      if (isMain && listen) ports.push(listen);
    }
  }
}
