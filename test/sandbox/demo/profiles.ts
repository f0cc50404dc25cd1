import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Profiles {
  /** The credentials file, as the AWS CLI and the SDK read it. */
  readonly file: string;
  /** What makes a program on this machine talk to the made-up AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets the command line in this process use the profiles until `restore`. */
  use(): () => void;
  remove(): void;
}

/** Made-up identities under names, for the command line. */
export function writeProfiles(endpoint: string, region: string, profiles: Readonly<Record<string, Keys>>): Profiles {
  const folder = mkdtempSync(join(tmpdir(), 'copy-doctor-demo-'));
  const file = join(folder, 'credentials');
  const ini = Object.entries(profiles).map(([name, { accessKeyId, secretAccessKey, sessionToken }]) =>
    [
      `[${name}]`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      ...(sessionToken ? [`aws_session_token = ${sessionToken}`] : []),
      '',
    ].join('\n'),
  );
  writeFileSync(file, ini.join('\n'), { mode: 0o600 });
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_SHARED_CREDENTIALS_FILE: file,
  };
  return {
    file,
    environment,
    use: () => setEnvironment(environment),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Nothing of the AWS settings of whoever runs this. Gives back what undoes it. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = process.env;
  const others = Object.entries(before).filter(([name]) => !/^(AWS|POWERTOOLS)_/.test(name));
  process.env = {
    ...Object.fromEntries(others),
    AWS_CONFIG_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...variables,
  };
  return () => {
    process.env = before;
  };
}
