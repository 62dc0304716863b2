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
  return new Promise((resolve) => new Scanner(address, ports, options, resolve).begin());
}

class Scanner {
  readonly #address: string;
  readonly #ports: number[];
  readonly #options: ScanOptions;
  readonly #resolve: (scan: Scan) => void;
  readonly #scan: Scan = { open: [], refused: 0, filtered: 0, unreachable: 0, skipped: 0 };
  /** Index of the port that is asked next; after the last one come those of `#again`. */
  #next = 0;
  readonly #again: number[] = [];
  /** All flights have the same time limit, so the oldest is always first: one sweep instead of a timer for each. */
  readonly #flights: Flight[] = [];
  #head = 0;
  #inFlight = 0;
  #limit = mostInFlight;
  /** Connects that the rate allows now. */
  #credit = 0;
  #last = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(address: string, ports: number[], options: ScanOptions, resolve: (scan: Scan) => void) {
    this.#address = address;
    this.#ports = ports;
    this.#options = options;
    this.#resolve = resolve;
  }

  begin(): void {
    this.#timer = setInterval(this.#tick, tickMs);
    this.#options.signal.addEventListener('abort', this.#finish);
    if (this.#options.signal.aborted) this.#finish();
    else this.#tick();
  }

  readonly #tick = (): void => {
    const now = performance.now();
    const { rate } = this.#options;
    this.#credit = Math.min(this.#credit + ((now - this.#last) / 1000) * rate, rate / 10 + 1);
    this.#last = now;
    this.#sweep(now);
    const { open, refused, filtered, unreachable } = this.#scan;
    if (open.length + refused + filtered === 0 && unreachable >= hopeless) {
      this.#finish();
      return;
    }
    while (this.#credit >= 1 && this.#inFlight < this.#limit && this.#left > 0) {
      this.#credit -= 1;
      this.#launch(
        this.#next < this.#ports.length
          ? (this.#ports[this.#next++] as number)
          : (this.#again.pop() as number),
      );
    }
    if (this.#inFlight === 0 && this.#left === 0) this.#finish();
  };

  /** Ports that are still to be asked. */
  get #left(): number {
    return this.#ports.length - this.#next + this.#again.length;
  }

  /** What has been silent for too long is filtered. */
  #sweep(now: number): void {
    for (; this.#head < this.#flights.length; this.#head += 1) {
      const flight = this.#flights[this.#head] as Flight;
      if (flight.over) continue;
      if (now - flight.since < this.#options.timeoutMs) break;
      this.#scan.filtered += 1;
      this.#land(flight);
    }
  }

  #launch(port: number): void {
    const socket = net.connect({ host: this.#address, port, allowHalfOpen: true });
    const flight: Flight = { socket, since: this.#last, over: false };
    this.#flights.push(flight);
    this.#inFlight += 1;
    socket.on('connect', () => {
      if (flight.over) return;
      // On this machine itself a connect can meet itself: same port at both ends, and nobody listens.
      if (socket.localPort === port && socket.localAddress === socket.remoteAddress) this.#again.push(port);
      else this.#scan.open.push(port);
      this.#land(flight);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (flight.over) return;
      this.#count(port, code);
      this.#land(flight);
    });
  }

  #count(port: number, code: string | undefined): void {
    switch (code) {
      case 'ECONNREFUSED':
      case 'ECONNRESET':
        this.#scan.refused += 1;
        break;
      case 'EHOSTUNREACH':
      case 'ENETUNREACH':
      case 'EHOSTDOWN':
        this.#scan.unreachable += 1;
        break;
      case 'EMFILE':
      case 'ENFILE':
      case 'ENOBUFS':
      case 'EADDRNOTAVAIL':
        // This place is at its limits: fewer at a time, and this port once more.
        this.#limit = Math.max(10, Math.floor(this.#inFlight / 2));
        this.#again.push(port);
        break;
      default:
        this.#scan.filtered += 1;
    }
  }

  #land(flight: Flight): void {
    flight.over = true;
    this.#inFlight -= 1;
    if (flight.socket.connecting || flight.socket.destroyed) flight.socket.destroy();
    else flight.socket.resetAndDestroy();
  }

  readonly #finish = (): void => {
    clearInterval(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#finish);
    for (; this.#head < this.#flights.length; this.#head += 1) {
      const flight = this.#flights[this.#head] as Flight;
      if (flight.over) continue;
      this.#scan.skipped += 1;
      this.#land(flight);
    }
    this.#scan.skipped += this.#left;
    this.#scan.open.sort((one, other) => one - other);
    this.#resolve(this.#scan);
  };
}
