import type { CaseFile } from './case-of';

/** As in the documentation: where copies come from, where they go, whoever else is named, the management account. */
const SOURCE = '111111111111';
const DESTINATION = '222222222222';
const OTHERS = ['333333333333', '444444444444', '555555555555', '666666666666', '777777777777', '888888888888'];

/**
 * A case with made-up account ids, organization ids and mail addresses, everywhere the same way, so that it is diagnosed
 * as before. Names of vaults, roles and resources, tags and policies stay: a diagnosis may depend on them.
 */
export function withMadeUpAccounts(file: CaseFile): CaseFile {
  const detail = (file.event['detail'] ?? {}) as Record<string, unknown>;
  const account = (arn: unknown) => accountIn(String(arn));
  const text = JSON.stringify(file);
  const first = [account(detail['sourceBackupVaultArn']), account(detail['destinationBackupVaultArn'])];
  const known = [...new Set([...first, ...accountsIn(text)])].filter((id) => id !== undefined);
  const [source, destination] = first;
  const others = known.filter((id) => id !== source && id !== destination);
  const madeUp = new Map<string, string>(others.map((id, index) => [id, otherAt(index)]));
  if (destination !== undefined) madeUp.set(destination, DESTINATION);
  // Within one account there is one id.
  if (source !== undefined) madeUp.set(source, SOURCE);
  return JSON.parse(
    text
      .replace(/(?<!\d)\d{12}(?!\d)/g, (id) => madeUp.get(id) ?? id)
      .replace(/\bo-[a-z0-9]{10,32}\b/g, organizations())
      .replace(/[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}/gi, 'somebody@example.com'),
  ) as CaseFile;
}

const accountIn = (arn: string): string | undefined => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];

/** In ARNs, as a whole text, and where a read was made; other numbers of 12 digits are left alone. */
const accountsIn = (text: string): readonly string[] =>
  [...text.matchAll(/arn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12})(?!\d)|\\?"(\d{12})\\?"|@(\d{12})\//g)].flatMap(
    ([, inArn, alone, place]) => inArn ?? alone ?? place ?? [],
  );

const otherAt = (index: number): string => OTHERS[index] ?? String(300_000_000_000 + index);

/** Two organizations stay two. */
function organizations(): (id: string) => string {
  const known: string[] = [];
  return (id) => {
    if (!known.includes(id)) known.push(id);
    return `o-example${String(known.indexOf(id) + 1).padStart(4, '0')}`;
  };
}
