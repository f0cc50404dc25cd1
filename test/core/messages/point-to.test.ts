import fc from 'fast-check';
import { CAUSE_IDS } from '../../../lambda/core/cause-ids';
import { FRAGMENTS, FULL_TEXTS } from '../../../lambda/core/messages/patterns';
import { pointsTo } from '../../../lambda/core/messages/point-to';
import corpus from './corpus.json';
import { LOOK_ALIKES } from './look-alikes';
import { REWORDINGS } from './rewordings';
import { runs } from '../soak';

describe("AWS's own texts", () => {
  it.each(corpus)('$message', ({ message, pointsTo: causes }) => {
    expect(pointsTo(message)).toEqual(causes);
  });

  const shapes: readonly [string, (message: string) => string][] = [
    ['upper case', (message) => message.toUpperCase()],
    ['no final period', (message) => message.replace(/\.+$/, '')],
    ['final period', (message) => message.replace(/\.*$/, '.')],
    ['spaces and line breaks', (message) => `  ${message.replace(/ /g, ' \n ')}\t`],
    ['no-break spaces', (message) => message.replace(/ /g, '\u00a0')],
    ['curly quotes', (message) => message.replace(/'/g, '’')],
    [
      'request id',
      (message) => `${message} (Service: AmazonEC2; Status Code: 400; Error Code: X; Request ID: 1-a; Proxy: null)`,
    ],
    ['request id of SDK 2', (message) => `${message} (Service: Ec2, Status Code: 400, Request ID: 0a1b-2c)`],
    ['in quotes', (message) => (message.includes('"') || message.includes("'") ? message : `"${message}"`)],
  ];
  it.each(shapes)('whatever the shape: %s', (_, reshape) => {
    for (const { message, pointsTo: causes } of corpus)
      expect([message, pointsTo(reshape(message))]).toEqual([message, causes]);
  });

  it.each(['Access denied: ', 'Copy job failed. ', 'Access denied: Copy job failed. ', 'Copy job failed with error: '])(
    'behind "%s" (texts of copies with a cause)',
    (prefix) => {
      for (const { message, pointsTo: causes, scope } of corpus) {
        if (scope !== 'copy' || causes.includes('uncatalogued')) continue;
        expect([message, pointsTo(prefix + message)]).toEqual([message, causes]);
      }
    },
  );
});

describe('rewordings', () => {
  it.each(REWORDINGS.flatMap(({ causes, texts }) => texts.map((text) => ({ text, causes }))))(
    '$text',
    ({ text, causes }) => {
      expect(pointsTo(text)).toEqual(causes);
    },
  );

  const all = REWORDINGS.flatMap(({ texts }) => texts);
  const bare = (text: string) => text.toLowerCase().replace(/\W+/g, ' ').trim();

  it("are none of AWS's own texts, and none twice", () => {
    const own = new Set(corpus.map(({ message }) => bare(message)));
    expect(all.filter((text) => own.has(bare(text)))).toEqual([]);
    expect(new Set(all.map(bare)).size).toBe(all.length);
  });

  const withText = [...new Set(corpus.flatMap(({ pointsTo: causes }) => causes))];
  it.each(withText)('at least 5 for %s', (id) => {
    const of = REWORDINGS.filter(({ causes }) => (causes as readonly string[]).includes(id));
    expect(of.flatMap(({ texts }) => texts).length).toBeGreaterThanOrEqual(5);
  });

  it('at least 5 for every set of causes that a full text has', () => {
    const sets = new Set(
      corpus
        .filter(({ kind, scope }) => kind === 'full' && scope === 'copy')
        .map(({ pointsTo: causes }) => causes.join()),
    );
    const few = [...sets].filter(
      (set) => REWORDINGS.filter(({ causes }) => causes.join() === set).flatMap(({ texts }) => texts).length < 5,
    );
    expect(few).toEqual([]);
  });
});

describe('look-alikes', () => {
  it.each(LOOK_ALIKES)('$why: $text', ({ text, expected }) => {
    expect(pointsTo(text)).toEqual(expected);
  });
  it('are many', () => expect(LOOK_ALIKES.length).toBeGreaterThanOrEqual(80));
});

describe('names do not change the answer', () => {
  const region = fc.constantFrom(
    'us-east-1',
    'eu-central-2',
    'ap-northeast-3',
    'us-gov-east-1',
    'cn-northwest-1',
    'me-south-1',
  );
  const type = fc.constantFrom(
    'RDS',
    'Aurora',
    'DynamoDB',
    'EFS',
    'S3',
    'Storage Gateway',
    'SAP HANA on Amazon EC2',
    'FSx',
    'Redshift',
  );
  const account = fc.stringMatching(/^\d{12}$/);
  const hex = fc.uuid();
  const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov');

  it('Regions, types, accounts, keys, vaults, images, tag keys', () => {
    fc.assert(
      fc.property(region, region, type, account, hex, partition, (from, to, kind, owner, id, part) => {
        const vary = (message: string) =>
          message
            .replace(/us-west-2 to us-east-1|eu-north-1 to eu-central-1/, `${from} to ${to}`)
            .replace(/for (?:RDS|Aurora) resources/, `for ${kind} resources`)
            .replace(/arn:aws:kms:[\w-]+:\w+:key\/[\w-]+/, `arn:${part}:kms:${from}:${owner}:key/${id}`)
            .replace(/arn:aws:iam::\d+:role\/[\w/-]+/, `arn:${part}:iam::${owner}:role/r-${id}`)
            .replace(
              /arn:aws:backup:[\w-]+:\w+:backup-vault:[\w/-]+/,
              `arn:${part}:backup:${to}:${owner}:backup-vault:${id}`,
            )
            .replace('ami-xxxxxx', `ami-${id.slice(0, 8)}`)
            .replace("'xyz'", `'${kind}/${id}'`);
        for (const { message, pointsTo: causes } of corpus)
          expect([message, pointsTo(vary(message))]).toEqual([message, causes]);
      }),
      { numRuns: runs(50) },
    );
  });

  it('any tag key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .:/=+@-]{1,128}$/), (key) => {
        expect(
          pointsTo(`The tag policy does not allow the specified value for the following tag key: '${key}'`),
        ).toEqual(['tag-policy-violation']);
      }),
    );
  });

  it('any text gives known causes, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const cause of pointsTo(text)) expect(CAUSE_IDS).toContain(cause);
      }),
    );
  });
});

describe('hostile texts', () => {
  const starts = corpus.map(({ message }) => message.slice(0, -3));
  const fill = [
    'a',
    ' ',
    '. ',
    ': ',
    "'",
    '"',
    '(',
    '[',
    '(service: ',
    ' (',
    'kms key ',
    'access denied ',
    'no ',
    'key ',
    '\n',
    'vault x ',
    '𝒜',
    'role ',
  ];
  it.each(fill)('100 KB of %j', (part) => {
    const text = part.repeat(Math.ceil(100_000 / part.length));
    // A pattern that backtracks without end runs into the test's own time limit.
    for (const start of ['', ...starts]) expect(CAUSE_IDS).toEqual(expect.arrayContaining([...pointsTo(start + text)]));
  });
});

describe('tables', () => {
  it('name known causes and a source', () => {
    for (const { causes, source } of [...FULL_TEXTS, ...FRAGMENTS]) {
      expect(causes.length).toBeGreaterThan(0);
      for (const cause of causes) expect(CAUSE_IDS).toContain(cause);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it('cause ids are unique and state a fault in kebab case', () => {
    expect(new Set(CAUSE_IDS).size).toBe(CAUSE_IDS.length);
    for (const id of CAUSE_IDS) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
