// Talking to a service before TLS: write a line, wait until enough of the answer is there.
import type { Socket } from 'node:net';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import { socketFailure } from './connect.ts';
import type { ProbeContext } from './probe.ts';

const mostBytes = 65_536;

export class Conversation {
  private readonly socket: Socket;
  private readonly attempt: Attempt;
  private readonly signal: AbortSignal;
  private buffer = Buffer.alloc(0);

  constructor(socket: Socket, attempt: Attempt, context: ProbeContext) {
    this.socket = socket;
    this.attempt = attempt;
    this.signal = context.signal;
  }

  write(data: string | Buffer): void {
    if (typeof data === 'string') this.attempt.note(`> ${data.trimEnd()}`);
    this.socket.write(data);
  }

  /**
   * Reads until `size` finds a whole answer at the start of what came and tells its length; returns it.
   * Throws ProbeFailure: answer-timeout, connect-reset, answer-mismatch (too long).
   */
  read(size: (buffer: Buffer) => number | undefined): Promise<Buffer> {
    const silence = 'The service accepted the connection and stayed silent';
    return within<Buffer>(this.signal, 'answer-timeout', silence, (done, fail) => {
      const { socket } = this;
      const quit = (): void => {
        socket.removeListener('data', onData);
        socket.removeListener('close', onClose);
        socket.removeListener('error', onError);
      };
      const take = (): void => {
        const length = size(this.buffer);
        if (length === undefined) {
          if (this.buffer.length <= mostBytes) return;
          quit();
          fail(new ProbeFailure('answer-mismatch', 'The service sends without end'));
          return;
        }
        quit();
        const answer = this.buffer.subarray(0, length);
        this.buffer = this.buffer.subarray(length);
        done(answer);
      };
      const onData = (chunk: Buffer): void => {
        this.buffer = Buffer.concat([this.buffer, chunk]);
        take();
      };
      const onClose = (): void => {
        quit();
        fail(
          new ProbeFailure(
            'connect-reset',
            'The service closed the connection in the middle of the conversation',
          ),
        );
      };
      const onError = (error: NodeJS.ErrnoException): void => {
        quit();
        fail(socketFailure(error, 'The service'));
      };
      socket.on('data', onData);
      socket.once('close', onClose);
      socket.once('error', onError);
      take();
      return () => {
        quit();
        socket.destroy();
      };
    });
  }

  /** One line, without its end. */
  async line(): Promise<string> {
    const bytes = await this.read((buffer) => {
      const at = buffer.indexOf(10);
      return at < 0 ? undefined : at + 1;
    });
    const text = bytes.toString('latin1').trimEnd();
    this.attempt.note(`< ${text}`);
    return text;
  }
}
