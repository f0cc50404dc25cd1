/**
 * SQS speaks JSON and still tells, in a header, the codes of the Query protocol that it spoke before. These are in no
 * schema: "api error AccessDenied: … is not authorized to perform: sqs:…" is what its clients print today.
 */
export const FORMER_COMMON: ReadonlyMap<string, string> = new Map([
  ['AccessDeniedException', 'AccessDenied'],
  ['UnrecognizedClientException', 'InvalidClientTokenId'],
  ['ExpiredTokenException', 'ExpiredToken'],
  ['InvalidSignatureException', 'SignatureDoesNotMatch'],
]);

/** By today's codes. Other services' schemas hold such codes too, and their answers do not. */
export function formerCodes(client: object): ReadonlyMap<string, string> {
  const own = (Object.values(client) as unknown[]).flatMap((exported): [string, string][] => {
    if (!Array.isArray(exported) || exported[0] !== -3) return [];
    const [, , name, traits] = exported as [-3, string, string, { awsQueryError?: [string, number] }];
    return traits.awsQueryError ? [[name, traits.awsQueryError[0]]] : [];
  });
  return new Map([...own, ...FORMER_COMMON]);
}
