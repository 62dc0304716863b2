// Web servers: the port is open, the homepage answers, no private file is readable, TLS is in order; for each site.
import type { Facts, Listener, VirtualHost } from '#core/facts.ts';
import { urlHost } from '#core/probeTarget.ts';
import { isDatabase } from './database.ts';
import { hostName, isPublicName } from './hostName.ts';
import { aboutListener, listens, openPort, pinned, preferred, reachableListeners } from './listening.ts';
import type { MonitorProposal, Recipe, RecipeContext } from './recipe.ts';

/** These speak HTTP on whatever port they listen; the name of the process, as the kernel cuts it to 15 characters. */
const webProcesses =
  /^(nginx|openresty|angie|apache2|httpd|caddy|lighttpd|node$|node-MainThread|MainThread|litespeed|lshttpd)/;
/** These forward to what is behind them: HTTP only where the web has its ports. */
const forwarders = /^(haproxy|varnishd|envoy|hitch|traefik|docker-proxy|rootlessport)/;
const webPorts = new Set([80, 443, 8080, 8443]);
const tlsPorts = new Set([443, 8443, 9443]);
/** Names per listener; the rest of a shared host is seen through them. */
const mostNames = 500;

interface Site {
  listener: Listener;
  /** A name, or the address itself when the server knows no name. */
  host: string;
  /** Where this server answers for it. */
  address: string;
  tls: boolean;
  reason: string;
  certificate?: string;
}

export const webServer: Recipe = {
  id: 'web-server',
  propose(facts, context) {
    const proposals: MonitorProposal[] = [];
    const listeners = reachableListeners(facts, context).filter(({ listener }) => isWeb(listener, facts));
    for (const { listener, addresses } of listeners) {
      for (const address of addresses) proposals.push(openPort(listener, address, facts));
      for (const site of sitesOf(listener, addresses, facts, context)) {
        proposals.push(homepage(site, facts, context), privateFiles(site, facts));
        if (site.tls && site.host !== site.address) proposals.push(certificateOf(site, facts));
      }
    }
    return proposals;
  },
};

function isWeb(listener: Listener, facts: Facts): boolean {
  const { process, port } = listener;
  if (isDatabase(listener)) return false;
  if (webPorts.has(port)) return true;
  if (process !== undefined && !webProcesses.test(process)) return false;
  const hosts = (facts.virtualHosts ?? []).filter(
    ({ server }) => process === undefined || runs(server, process),
  );
  // A server whose sites are known listens elsewhere for something else: nginx can forward plain TCP.
  if (hosts.length > 0) return hosts.some((host) => listenOf(host, listener) !== undefined);
  return process !== undefined;
}

function runs(server: VirtualHost['server'], process: string): boolean {
  if (server === 'apache') return /^(apache2|httpd)/.test(process);
  if (server === 'nginx') return /^(nginx|openresty|angie)/.test(process);
  return process.startsWith(server);
}

function listenOf(host: VirtualHost, listener: Listener): VirtualHost['listen'][number] | undefined {
  const wild = ['0.0.0.0', '::', '*', ''];
  return host.listen.find(
    ({ address, port }) =>
      port === listener.port &&
      (address === listener.address || wild.includes(address) || wild.includes(listener.address)),
  );
}

/** The sites behind a listener: by name where names are known, else by address. */
function sitesOf(listener: Listener, addresses: string[], facts: Facts, context: RecipeContext): Site[] {
  const all = facts.virtualHosts ?? [];
  const process = listener.process ?? '';
  let hosts = all.flatMap((host) => {
    const listen = process && !runs(host.server, process) ? undefined : listenOf(host, listener);
    return listen ? [{ host, tls: listen.tls }] : [];
  });
  if (hosts.length === 0 && forwarders.test(process)) {
    // What nobody reaches directly is behind the forwarder.
    const open = reachableListeners(facts, context).map((one) => one.listener);
    const behind = all.filter(
      (host) => !open.some((one) => listenOf(host, one) && runs(host.server, one.process ?? '')),
    );
    hosts = behind.map((host) => ({ host, tls: tlsPorts.has(listener.port) }));
  }

  const address = preferred(addresses);
  const sites = new Map<string, Site>();
  for (const { host, tls } of hosts) {
    const where = host.source ? ` (${host.source})` : '';
    for (const name of named(host.names)) {
      const reason = `${listens(listener)} and serves ${name}${where}`;
      add(sites, {
        listener,
        host: name,
        address,
        tls,
        reason,
        certificate: tls ? host.certificate : undefined,
      });
    }
    const certificate = tls ? facts.certificates?.find(({ path }) => path === host.certificate) : undefined;
    for (const name of named(certificate?.names ?? [])) {
      const reason = `${listens(listener)}, and its certificate ${certificate?.path} names ${name}`;
      add(sites, { listener, host: name, address, tls, reason, certificate: certificate?.path });
    }
  }
  if (sites.size > 0) return [...sites.values()].slice(0, mostNames);
  const tls = hosts[0]?.tls ?? tlsPorts.has(listener.port);
  return addresses.map((one) => ({ listener, host: one, address: one, tls, reason: listens(listener) }));
}

function add(sites: Map<string, Site>, site: Site): void {
  if (!sites.has(site.host)) sites.set(site.host, site);
}

function named(names: string[]): string[] {
  return names.flatMap((name) => hostName(name) ?? []);
}

function urlOf({ host, tls, listener }: Site): string {
  const port = listener.port === (tls ? 443 : 80) ? '' : `:${listener.port}`;
  return `${tls ? 'https' : 'http'}://${urlHost(host)}${port}/`;
}

/** As a visitor sees it: by DNS, with whatever stands between. Over loopback, and for a name outside the DNS, at the address. */
function homepage(site: Site, facts: Facts, context: RecipeContext): MonitorProposal {
  const { host, address, tls, listener } = site;
  const url = urlOf(site);
  const direct = context.loopback || !isPublicName(host);
  return {
    key: `http ${url}`,
    kind: 'http',
    settings: {
      url,
      ...(direct ? pinned(host, address) : {}),
      // No certificate is expected to name a bare address.
      ...(tls && host === address ? { verify: false } : {}),
    },
    name: `Homepage ${url}`,
    reason: site.reason,
    about: about(site, facts, listener),
  };
}

/** Always at the server's own address: only what is ours is searched for leaks. */
function privateFiles(site: Site, facts: Facts): MonitorProposal {
  const url = urlOf(site);
  return {
    key: `exposed ${url}`,
    kind: 'exposed',
    settings: { url, ...pinned(site.host, site.address) },
    name: `No private file is readable at ${url}`,
    reason: site.reason,
    about: about(site, facts, site.listener),
  };
}

function certificateOf(site: Site, facts: Facts): MonitorProposal {
  const { host, address, listener } = site;
  return {
    key: `tls ${host}:${listener.port}`,
    kind: 'tls',
    settings: { host, port: listener.port, servername: host, ...pinned(host, address) },
    name: `Certificate of ${host}${listener.port === 443 ? '' : `:${listener.port}`}`,
    reason: site.reason,
    interval: 3600,
    about: about(site, facts, listener),
  };
}

function about(site: Site, facts: Facts, listener: Listener): MonitorProposal['about'] {
  const { certificate } = site;
  return { ...aboutListener(listener, facts, site.host), ...(certificate ? { certificate } : {}) };
}
