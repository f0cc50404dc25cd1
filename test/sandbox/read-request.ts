import type { IncomingMessage } from 'node:http';
import type { WireRequest } from './protocol';

/** A request as it is signed: with its whole body. */
export async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://sandbox'),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}
