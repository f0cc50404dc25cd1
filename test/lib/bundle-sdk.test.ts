import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NormalizedSchema } from '@smithy/core/schema';
import { transformSync } from 'esbuild';
import { compactErrors, literalKeys, onlyVersion } from '../../lib/bundle-sdk';

type Exports = Record<string, unknown>;
type ErrorClass = new (options: object) => Error & Record<string, unknown>;
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const clients = Object.keys(dependencies).filter((name) => name.startsWith('@aws-sdk/client-'));

const folderOf = (client: string) => dirname(require.resolve(`${client}/package.json`));
const textOf = (client: string, file: string) => readFileSync(join(folderOf(client), file), 'utf8');
const ERRORS = 'dist-es/models/errors.js';
const SCHEMAS = 'dist-es/schemas/schemas_0.js';

/** A module of the package as it is or as it would be bundled; what it imports is given. */
function evaluated(text: string, imported: (name: string) => unknown): Exports {
  const { code } = transformSync(text, { format: 'cjs', target: 'node20' });
  const module = { exports: {} as Exports };
  new Function('module', 'exports', 'require', code)(module, module.exports, imported);
  return module.exports;
}

const withErrors = clients.filter((client) => client !== '@aws-sdk/client-ec2'); // it models none

describe.each(withErrors)('the errors of %s', (client) => {
  const real = jest.requireActual<Exports>(client);
  const text = textOf(client, ERRORS);
  const short = compactErrors(text);
  const [before, after] = [text, short].map((one) => evaluated(one, () => real) as Record<string, ErrorClass>);
  const names = Object.keys(before ?? {});

  it('are written shorter, all of them', () => {
    expect(names.length).toBeGreaterThan(3);
    expect(Object.keys(after ?? {})).toEqual(names);
    expect(short).not.toMatch(/export class/);
    expect(short.length).toBeLessThan(text.length);
  });

  it('are the same', () => {
    for (const name of names) compare(name);
  });

  function compare(name: string): void {
    const [Long, Short] = [before?.[name], after?.[name]];
    if (!Long || !Short) throw new Error(`no ${name}`);
    const [own = ''] = text.slice(text.indexOf(`class ${name} `)).split('\n}');
    const declared = [...own.matchAll(/^ {4}(\w+);$/gm)];
    const members = Object.fromEntries(declared.map(([, member]) => [member, `the ${member}`]));
    const options = { message: 'what AWS said', $metadata: { requestId: 'r' }, ...members };
    const [long, short_] = [new Long(options), new Short(options)];
    expect(Object.getOwnPropertyNames(short_).sort()).toEqual(Object.getOwnPropertyNames(long).sort());
    for (const key of Object.getOwnPropertyNames(long).filter((one) => one !== 'stack')) {
      expect([key, short_[key]]).toEqual([key, long[key]]);
    }
    expect(Object.keys(short_).sort()).toEqual(Object.keys(long).sort());
    expect(new Short({}).message).toBe(new Long({}).message);
    expect(Short.name).toBe(Long.name);
    expect((Short as unknown as Exports)['shapeId']).toBe((Long as unknown as Exports)['shapeId']);
    // However it is asked: by the service's own class, the SDK's, Error; by the other one's class, where ids are compared.
    const ofService = Object.getPrototypeOf(Long) as ErrorClass;
    const bases = [ofService, Object.getPrototypeOf(ofService) as ErrorClass, Error];
    for (const base of bases) expect(short_ instanceof base).toBe(true);
    for (const other of names) {
      const [theirs, ours] = [before?.[other] ?? Error, after?.[other] ?? Error];
      expect([other, short_ instanceof ours]).toEqual([other, long instanceof theirs]);
      expect([other, long instanceof ours]).toEqual([other, short_ instanceof theirs]);
    }
    expect(short_.stack?.split('\n')[0]).toBe(long.stack?.split('\n')[0]);
  }
});

test.each([
  ['another statement', (text: string) => `${text}\nconsole.log("more");\n`],
  ['a class of another kind', (text: string) => `${text}export class Other extends Error {\n}\n`],
  ['a member that is not copied', (text: string) => text.replace('        this.Message = opts.Message;\n', '')],
  ['a member that is copied from another', (text: string) => text.replace('= opts.Message;', '= opts.Code;')],
])('errors stay as they are beside %s', (_, change) => {
  const text = change(textOf('@aws-sdk/client-backup', ERRORS));
  expect(compactErrors(text)).toBe(text);
});

describe.each(clients)('the schemas of %s', (client) => {
  const text = textOf(client, SCHEMAS);
  const imported = (name: string) =>
    name === '@smithy/core/schema' ? jest.requireActual<Exports>(name) : jest.requireActual<Exports>(client);

  it('are the same without computed keys', () => {
    const short = literalKeys(text);
    expect(short).not.toMatch(/[{,]\s*\[_\w+\]:/);
    expect(flat(evaluated(short, imported))).toBe(flat(evaluated(text, imported)));
  });

  it('have no event streams, which are left out', () => {
    const operations = Object.values(evaluated(text, imported)).filter((one) => Array.isArray(one) && one[0] === 9);
    expect(operations.length).toBeGreaterThan(5);
    for (const [, , name, , input, output] of operations as [number, string, string, unknown, unknown, unknown][]) {
      for (const side of [input, output]) {
        const schema = NormalizedSchema.of((typeof side === 'function' ? side() : side) as 'unit');
        const streams = schema.isStructSchema() ? schema.getEventStreamMember() : '';
        expect([name, streams]).toEqual([name, '']);
      }
    }
  });

  it('come with the version alone', () => {
    const whole = textOf(client, 'package.json');
    expect(JSON.parse(onlyVersion(whole))).toEqual({ version: (JSON.parse(whole) as Exports)['version'] });
  });
});

/** Every schema by its name; a reference to another is that one's name. */
function flat(schemas: Exports): string {
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  const named = (_: string, value: unknown) =>
    typeof value === 'function' ? (names.get((value as () => unknown)()) ?? 'another') : value;
  return JSON.stringify(Object.entries(schemas), named);
}

test('a key that would set the prototype stays computed', () => {
  const text = 'const _p = "__proto__";\nexport const a = { [_p]: 1 };\n';
  expect(literalKeys(text)).toBe(text);
});
