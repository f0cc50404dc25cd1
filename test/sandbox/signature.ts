import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpRequest } from '@smithy/core/protocols';
import type { WireRequest } from './protocol';

export interface Scope {
  accessKeyId: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.hash.update(bytes(data));
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
  reset() {
    throw new Error('used once');
  }
}

const bytes = (data: string | ArrayBuffer | ArrayBufferView): Buffer =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);

/** The claims of an Authorization header; nothing is verified yet. */
export function readScope(authorization: unknown): Scope | undefined {
  const text = typeof authorization === 'string' ? authorization : '';
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(text) ?? [];
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(text)?.[1]?.split(';');
  const signature = /Signature=([0-9a-f]{64})\s*$/.exec(text)?.[1];
  if (!accessKeyId || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, region, service, signedHeaders, signature };
}

/** Signs the request again with the secret that we know and compares. */
export async function signatureMatches(request: WireRequest, scope: Scope, secretAccessKey: string): Promise<boolean> {
  const headers: Record<string, string> = {};
  for (const name of scope.signedHeaders) headers[name] = String(request.headers[name] ?? '');
  if (!scope.signedHeaders.includes('host') || !scope.signedHeaders.includes('x-amz-date')) return false;
  // A session token that is not signed could be exchanged.
  if (request.headers['x-amz-security-token'] && !scope.signedHeaders.includes('x-amz-security-token')) return false;
  const claimed = request.headers['x-amz-content-sha256'];
  const hash = createHash('sha256').update(request.body).digest('hex');
  if (claimed !== undefined && claimed !== hash) return false; // else the body could be exchanged
  const query: Record<string, string | string[]> = {};
  for (const key of new Set(request.url.searchParams.keys())) {
    const values = request.url.searchParams.getAll(key);
    query[key] = values.length === 1 ? (values[0] ?? '') : values;
  }
  const date = String(request.headers['x-amz-date']).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  if (Number.isNaN(Date.parse(date))) return false;
  const signer = new SignatureV4({
    service: scope.service,
    region: scope.region,
    credentials: { accessKeyId: scope.accessKeyId, secretAccessKey },
    sha256: Sha256,
    applyChecksum: false, // what the caller did not sign must not be added
  });
  const { method, url, body } = request;
  const unsigned = new HttpRequest({ method, hostname: url.hostname, path: url.pathname, query, headers, body });
  const signed = await signer.sign(unsigned, {
    signingDate: new Date(date),
    signableHeaders: new Set(scope.signedHeaders),
  });
  return readScope(signed.headers.authorization)?.signature === scope.signature;
}
