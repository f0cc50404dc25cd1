import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Writes the SDK's own text shorter while it is bundled: `diagnose` is 577 KB instead of 682, its chunk for EC2 21 KB
 * instead of 536. Each file says what the package's file says, in fewer characters; what is not written exactly as
 * expected stays as it is. test/lib/bundle-sdk.test.ts compares every client with the package as it is installed.
 */
export const shorterSdk: Plugin = {
  name: 'shorter-sdk',
  setup(build) {
    const rewrite = (file: string, to: (text: string) => string, loader: 'js' | 'json' = 'js') =>
      build.onLoad({ filter: inClient(file) }, ({ path }) => ({ contents: to(readFileSync(path, 'utf8')), loader }));
    rewrite('package.json', onlyVersion, 'json');
    rewrite('dist-es/models/errors.js', compactErrors);
    rewrite('dist-es/schemas/schemas_0.js', literalKeys);
    build.onResolve({ filter: EVENT_STREAMS }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: EVENT_STREAMS, namespace: 'left-out' }, () => ({ contents: NO_EVENT_STREAMS }));
  },
};

const inClient = (file: string) =>
  new RegExp(`@aws-sdk/client-[a-z0-9-]+/${file}$`.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]'));

/** 15 KB for what no operation of the functions' clients has: messages that come one after another in one answer. */
const EVENT_STREAMS = /^@smithy\/core\/event-streams$/;
const NO_EVENT_STREAMS = 'throw new Error("Event streams are left out of the functions: see lib/bundle-sdk.ts");';

/** Each client has its whole package.json in it, to name its version to AWS: 16 KB. */
export const onlyVersion = (json: string): string =>
  JSON.stringify({ version: (JSON.parse(json) as { version: string }).version });

/**
 * `{ [_hQ]: … }` with `const _hQ = "httpQuery"` is `{ "httpQuery": … }`. esbuild takes a computed key for something that
 * may do something, and keeps the schemas of all operations for it, though nobody calls them: 39 KB, and 515 KB of EC2's.
 */
export function literalKeys(text: string): string {
  const values = new Map(
    [...text.matchAll(/^const (_\w+) = ("[^"\\\n]*");$/gm)].map(([, name, value]) => [name, value]),
  );
  return text.replace(/([{,]\s*)\[(_\w+)\]:/g, (whole, before: string, name: string) => {
    const value = values.get(name);
    // In an object literal, unlike with brackets, this one key would set the prototype.
    return value === undefined || value === '"__proto__"' ? whole : `${before}${value}:`;
  });
}

/** One class of models/errors.js, as the SDK's generator writes it. */
const ERROR_CLASS =
  /export class (\w+) extends __BaseException \{\n(?: {4}static shapeId = ("[\w.]+#\1");\n)? {4}name = "\1";\n {4}\$fault = ("client"|"server");\n(?: {4}\$retryable = (\{[^}]*\});\n)?((?: {4}\w+;\n)*) {4}constructor\(opts\) \{\n {8}super\(\{\n {12}name: "\1",\n {12}\$fault: \3,\n {12}\.\.\.opts,\n {8}\}\);\n {8}Object\.setPrototypeOf\(this, \1\.prototype\);\n((?: {8}this\.\w+ = opts\.\w+;\n)*) {4}\}\n\}\n?/g;

/** What all of them have in common; `shapeId` is what instanceof goes by. */
const ERROR_FACTORY = `const errorClass = (name, $fault, shapeId, $retryable, members = []) => {
  const C = class extends __BaseException {
    name = name;
    $fault = $fault;
    constructor(opts) {
      super({ name, $fault, ...opts });
      Object.setPrototypeOf(this, C.prototype);
      if ($retryable) this.$retryable = { ...$retryable };
      for (const member of members) this[member] = opts[member];
    }
  };
  Object.defineProperty(C, "name", { value: name });
  if (shapeId) C.shapeId = shapeId;
  return C;
};
`;

/** A client's error classes, 5 to 50 of them, from one factory: 34 KB. Nothing else may stand in the file. */
export function compactErrors(text: string): string {
  let same = true;
  const short = text.replace(
    ERROR_CLASS,
    (
      _,
      name: string,
      shapeId = 'undefined',
      fault: string,
      retryable = 'undefined',
      fields: string,
      copies: string,
    ) => {
      const members = [...fields.matchAll(/(\w+);/g)].map(([, member]) => member);
      const copied = [...copies.matchAll(/this\.(\w+) = opts\.(\w+);/g)];
      same &&= JSON.stringify(copied.map(([, to]) => to)) === JSON.stringify(members);
      same &&= copied.every(([, to, from]) => to === from);
      const args = [JSON.stringify(name), fault, shapeId, retryable, JSON.stringify(members)];
      return `export const ${name} = /* @__PURE__ */ errorClass(${args.join(', ')});\n`;
    },
  );
  const [, imports, rest] = /^((?:import [^;]*;\n)*)([^]*)$/.exec(short) ?? [];
  const known = /^(?:export const \w+ = \/\* @__PURE__ \*\/ errorClass\(.*\);\n)+$/.test(rest ?? '');
  return same && known ? `${imports}${ERROR_FACTORY}${rest}` : text;
}
