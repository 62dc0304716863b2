// A connect scan: many TCP connects at a steady rate, each ended by a reset, so that neither side keeps a trace of it.
import net from 'node:net';

export interface ScanOptions {
  /** Connects per second. */
  rate: number;
  /** Silence for so long means filtered. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Scan {
  open: number[];
  refused: number;
  filtered: number;
  /** No route, or a router said so. */
  unreachable: number;
  /** Ports that were not asked because time ran out, or the host cannot be reached at all. */
  skipped: number;
}

const mostInFlight = 1000;
/** After so many "no route" answers and nothing else, the rest would be the same. */
const hopeless = 50;
const tickMs = 10;

interface Flight {
  socket: net.Socket;
  since: number;
  over: boolean;
}

/** Resolves with what was seen; never rejects. When the signal fires, the rest counts as skipped. */
export function scanPorts(address: string, ports: number[], options: ScanOptions): Promise<Scan> {
  return new Promise((resolve) => {
    const scan: Scan = { open: [], refused: 0, filtered: 0, unreachable: 0, skipped: 0 };
    const again: number[] = [];
    // All flights have the same time limit, so the oldest is always first: one sweep instead of a timer for each.
    const flights: Flight[] = [];
    let head = 0;
    let next = 0;
    let inFlight = 0;
    let limit = mostInFlight;
    let credit = 0;
    let last = performance.now();

    const launch = (port: number): void => {
      const socket = net.connect({ host: address, port, allowHalfOpen: true });
      const flight: Flight = { socket, since: last, over: false };
      flights.push(flight);
      inFlight += 1;
      socket.on('connect', () => {
        if (flight.over) return;
        // On this machine itself a connect can meet itself: same port at both ends, and nobody listens.
        if (socket.localPort === port && socket.localAddress === socket.remoteAddress) again.push(port);
        else scan.open.push(port);
        land(flight);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (flight.over) return;
        switch (error.code) {
          case 'ECONNREFUSED':
          case 'ECONNRESET':
            scan.refused += 1;
            break;
          case 'EHOSTUNREACH':
          case 'ENETUNREACH':
          case 'EHOSTDOWN':
            scan.unreachable += 1;
            break;
          case 'EMFILE':
          case 'ENFILE':
          case 'ENOBUFS':
          case 'EADDRNOTAVAIL':
            // This place is at its limits: fewer at a time, and this port once more.
            limit = Math.max(10, Math.floor(inFlight / 2));
            again.push(port);
            break;
          default:
            scan.filtered += 1;
        }
        land(flight);
      });
    };
    const land = (flight: Flight): void => {
      flight.over = true;
      inFlight -= 1;
      if (flight.socket.connecting || flight.socket.destroyed) flight.socket.destroy();
      else flight.socket.resetAndDestroy();
    };
    const finish = (): void => {
      clearInterval(timer);
      options.signal.removeEventListener('abort', finish);
      for (; head < flights.length; head += 1) {
        const flight = flights[head] as Flight;
        if (flight.over) continue;
        scan.skipped += 1;
        land(flight);
      }
      scan.skipped += ports.length - next + again.length;
      scan.open.sort((one, other) => one - other);
      resolve(scan);
    };
    const tick = (): void => {
      const now = performance.now();
      credit = Math.min(credit + ((now - last) / 1000) * options.rate, options.rate / 10 + 1);
      last = now;
      for (; head < flights.length; head += 1) {
        const flight = flights[head] as Flight;
        if (flight.over) continue;
        if (now - flight.since < options.timeoutMs) break;
        scan.filtered += 1;
        land(flight);
      }
      const seen = scan.open.length + scan.refused + scan.filtered;
      if (seen === 0 && scan.unreachable >= hopeless) {
        finish();
        return;
      }
      while (credit >= 1 && inFlight < limit && (next < ports.length || again.length > 0)) {
        credit -= 1;
        launch(next < ports.length ? (ports[next++] as number) : (again.pop() as number));
      }
      if (inFlight === 0 && next >= ports.length && again.length === 0) finish();
    };
    const timer = setInterval(tick, tickMs);
    options.signal.addEventListener('abort', finish);
    if (options.signal.aborted) finish();
    else tick();
  });
}
