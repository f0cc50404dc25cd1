import { Command, CommanderError, Option } from 'commander';
import { CliError, EXIT, type Io } from './io';
import { ownPackage } from './package-root';
import { registerResourceTypes } from './resource-types';
import * as values from './values';

export type { Io } from './io';

const EXIT_CODES = `
Exit codes: 0 done; 1 something does not work, or AWS refused; 2 wrong input.`;

/** Runs the CLI; the promise holds the exit code. Never throws for what a person did. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  try {
    const program = await cli(argv, io, (ended) => {
      code = ended;
    });
    if (argv.length === 0) program.help();
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return ended(error, io);
  }
}

function ended(error: unknown, io: Io): number {
  // Help and version are "errors" of code 0; commander has written its own line about wrong usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongInput;
  if (error instanceof CliError) {
    io.stderr.write(`copy-doctor: ${error.message}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  io.stderr.write(`copy-doctor: unexpected: ${text.replace(/\s+/g, ' ')}. This is a bug; please report it.\n`);
  return EXIT.notWorking;
}

/** The help of the command that was meant, or of all. */
function helpOf({ commands }: Command, [first]: readonly string[]): string {
  return commands.some((one) => one.name() === first) ? `${first} --help` : '--help';
}

type Done = (code: number) => void;

/** A command of a deployment: its options and its code are loaded only when it is meant, and with them the SDK. */
interface Lazy {
  readonly name: string;
  readonly argument?: string;
  readonly summary: string;
  readonly load: () => Promise<(program: Command, io: Io, done: Done) => void>;
}

const ABOUT_INCIDENTS: readonly Lazy[] = [
  {
    name: 'incidents',
    summary: 'list what waits, and what was decided',
    load: async () => (await import('./incidents')).registerIncidents,
  },
  {
    name: 'show',
    argument: '<incident>',
    summary: 'show one incident with its evidence and plan',
    load: async () => (await import('./show')).registerShow,
  },
  {
    name: 'approve',
    argument: '<incident>',
    summary: 'approve the change that a mail proposes',
    load: async () => (await import('./approve')).registerApprove,
  },
  {
    name: 'reject',
    argument: '<incident>',
    summary: 'reject the change, or the rollback, that a mail proposes',
    load: async () => (await import('./approve')).registerReject,
  },
  {
    name: 'apply',
    argument: '<incident>',
    summary: 'make the change, with the credentials of its owner',
    load: async () => (await import('./apply')).registerApply,
  },
  {
    name: 'rollback',
    argument: '<incident>',
    summary: 'take back a change that the deployment made',
    load: async () => (await import('./rollback')).registerRollback,
  },
];

const ABOUT_DEPLOYMENTS: readonly Lazy[] = [
  {
    name: 'backfill',
    summary: 'send failures of the past through the deployment',
    load: async () => (await import('./backfill')).registerBackfill,
  },
  {
    name: 'unknown-messages',
    summary: 'list messages of AWS Backup that are not known yet',
    load: async () => (await import('./unknown-messages')).registerUnknownMessages,
  },
];

async function addLazy(program: Command, argv: readonly string[], io: Io, done: Done, list: readonly Lazy[]) {
  for (const { name, argument, summary, load } of list) {
    // Elsewhere than in its own help and use, a command is a line in the list.
    if (argv.includes(name)) (await load())(program, io, done);
    else program.command([name, argument ?? ''].join(' ').trimEnd()).option('--region <region>');
    program.commands.find((one) => one.name() === name)?.summary(summary);
  }
}

async function cli(argv: readonly string[], io: Io, done: Done): Promise<Command> {
  const program = new Command('copy-doctor')
    .description('Says why an AWS Backup copy failed, plans what mends it, and lets a person decide.')
    .version(ownPackage().version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // One line, as all the others: what is wrong, what was probably meant, what to do next.
      outputError: (text, write) => {
        const line = text
          .replace(/^error: /, '')
          .replace(/\s+/g, ' ')
          .trim()
          .replace(/\.$/, '');
        write(`copy-doctor: ${line}; \`npx --no-install copy-doctor ${helpOf(program, argv)}\` shows how to use it\n`);
      },
    })
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor diagnose 1a2b3c4d-5678-90ab-cdef-1234567890ab --destination-profile dr
  npx --no-install copy-doctor diagnose --last 24h
  npx --no-install copy-doctor approve K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111
  npx --no-install copy-doctor explain "Access Denied trying to call AWS Backup service"
${EXIT_CODES}`,
    );
  addDiagnose(program, io, done);
  await addLazy(program, argv, io, done, ABOUT_INCIDENTS);
  await addLazy(program, argv, io, done, ABOUT_DEPLOYMENTS);
  addDrill(program, io, done);
  addExplain(program, io, done);
  registerResourceTypes(program, io, done);
  const [first, wanted] = argv;
  const known = ['help', ...program.commands.map((one) => one.name())];
  if (first === 'help' && wanted !== undefined && !wanted.startsWith('-') && !known.includes(wanted)) {
    program.error(`unknown command '${wanted}'`);
  }
  return program;
}

function addDiagnose(program: Command, io: Io, done: Done): void {
  const role = (name: string, text: string) => new Option(`--${name} <arn>`, text).argParser(values.roleArn);
  program
    .command('diagnose')
    .summary('say why a copy failed')
    .description(
      'Says why a copy failed: reads what the copy needed with your credentials, or from a case file. Changes nothing.',
    )
    .argument('[copy-job-id]', 'the failed copy job')
    .addOption(
      new Option('--region <region>', "the source vault's Region (default: AWS_REGION)").argParser(values.region),
    )
    .addOption(
      new Option('--account <id>', 'stop unless the source credentials are of this account').argParser(values.account),
    )
    .option('--profile <name>', 'AWS profile of the source account')
    .option('--source-profile <name>', 'the same as --profile')
    .option('--destination-profile <name>', 'AWS profile of the destination account')
    .option('--key-profile <name>', 'AWS profile of a third account, which owns a key')
    .option('--organization-profile <name>', 'AWS profile of the management account, or a delegated administrator')
    .addOption(role('source-role-arn', 'role to assume in the source account'))
    .addOption(role('destination-role-arn', 'role to assume in the destination account'))
    .addOption(role('key-role-arn', 'role to assume in the account of --key-profile'))
    .addOption(role('organization-role-arn', 'role to assume in the account of --organization-profile'))
    .option('--last <span>', 'every copy of this account and Region that failed in this time: 90m, 24h, 7d')
    .option('--case <file>', 'diagnose a case file instead, offline')
    .option('--save-case <file>', 'save the event and all answers of AWS as a case file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor diagnose 1a2b3c4d-5678-90ab-cdef-1234567890ab --region eu-west-1 --profile prod --destination-profile dr
  npx --no-install copy-doctor diagnose --last 24h --destination-role-arn arn:aws:iam::222222222222:role/reader
  npx --no-install copy-doctor diagnose 1a2b3c4d-5678-90ab-cdef-1234567890ab --save-case case.json
  npx --no-install copy-doctor diagnose --case case.json --json
${EXIT_CODES}
A diagnosis that could be made ends with 0, whatever it found.`,
    )
    .action(async (jobId: string | undefined, options: object) => {
      const { diagnose } = await import('./diagnose');
      done(await diagnose(io, jobId, options));
    });
}

function addExplain(program: Command, io: Io, done: Done): void {
  program
    .command('checks')
    .summary('list every check')
    .description('Lists every cause that a check can prove: its id, what it says, and what mends it.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  npx --no-install copy-doctor checks\n  npx --no-install copy-doctor checks --json\n${EXIT_CODES}`,
    )
    .action(async (options: { json?: boolean }) => {
      const { listChecks } = await import('./list-checks');
      done(listChecks(io, options));
    });
  program
    .command('explain')
    .summary('explain a cause or a status message')
    .description('Shows the page of a cause, or says what a status message of AWS Backup points to.')
    .argument('<id-or-message>', 'the id of a cause, or a status message in quotes')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor explain vault-policy-lacks-source
  npx --no-install copy-doctor explain "Access Denied trying to call AWS Backup service" --json
${EXIT_CODES}`,
    )
    .action(async (subject: string, options: { json?: boolean }) => {
      const { explain } = await import('./explain');
      done(explain(io, subject, options));
    });
}

function addDrill(program: Command, io: Io, done: Done): void {
  program
    .command('drill')
    .summary('send a practice failure through the deployment')
    .description(
      'Looks at a deployment, then puts a marked failure on its queue: a mail "[Drill]" arrives when everything works.',
    )
    .option('--stack <name>', "the deployment's CloudFormation stack (default: copy-doctor-<region>)")
    .addOption(new Option('--region <region>', "the stack's Region (default: AWS_REGION)").argParser(values.region))
    .option('--profile <name>', "AWS profile of the deployment's account")
    .option('--destination-profile <name>', 'AWS profile of a destination account, to look whether it records changes')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor drill
  npx --no-install copy-doctor drill --stack copy-doctor-prod --region eu-west-1 --profile prod --destination-profile dr

Needs the managed policy copy-doctor-<deployment>-operator. It also looks at vaults, for failed copies and for trails, with
your own rights in AWS Backup and CloudTrail; what you may not read there is left out.
${EXIT_CODES}`,
    )
    .action(async (options: { stack?: string }) => {
      const { drill } = await import('./drill');
      done(await drill(io, options));
    });
}
