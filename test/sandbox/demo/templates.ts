import type { CloudFormationTemplate } from '../../../lib/synthesize';

/** What a template is deployed into. */
export interface Deployed {
  readonly account: string;
  readonly region: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** What `Ref` gives for a resource of the template. */
  ref?(logicalId: string): string;
  /** What `Fn::GetAtt` gives for it. */
  attribute?(logicalId: string, name: string): string;
}

const NO_VALUE = Symbol('AWS::NoValue');

/** CloudFormation in small: resolves the intrinsic functions that the project's templates use, refuses others by name. */
export class Resolver {
  constructor(
    private readonly template: CloudFormationTemplate,
    private readonly deployed: Deployed,
  ) {}

  /** The resolved properties of every resource of a type, by logical id. */
  resources<T>(type: string): [string, T][] {
    return this.idsOf(type).map((id) => [id, this.properties<T>(id)]);
  }

  /** Logical ids of the resources of a type whose condition holds. */
  idsOf(type: string): string[] {
    return Object.entries(this.template.Resources)
      .filter(([, resource]) => resource.Type === type && this.#holds(resource))
      .map(([id]) => id);
  }

  properties<T>(logicalId: string): T {
    const resource = this.template.Resources[logicalId];
    if (!resource) throw new Error(`the template has no resource ${logicalId}`);
    return this.value(resource.Properties) as T;
  }

  /** The only resource of its type. */
  resource<T>(type: string): T {
    const [first, ...others] = this.resources<T>(type);
    if (!first || others.length > 0)
      throw new Error(`the template has ${others.length + (first ? 1 : 0)} of ${type}, not 1`);
    return first[1];
  }

  value(value: unknown): unknown {
    const resolved = this.#value(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) return this.#call(...only);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, this.#value(item)] as const).filter(([, item]) => item !== NO_VALUE),
    );
  }

  #call(name: string, argument: unknown): unknown {
    const list = () => argument as unknown[];
    switch (name) {
      case 'Ref':
        return this.#ref(argument as string);
      case 'Fn::GetAtt': {
        const [id, attribute] = list() as [string, string];
        return this.#known(this.deployed.attribute?.(id, attribute), `${id}.${attribute}`);
      }
      case 'Fn::Join': {
        const [separator, parts] = list() as [string, unknown];
        return (this.#value(parts) as string[]).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = list() as [string, unknown];
        return (this.#value(text) as string).split(separator);
      }
      case 'Fn::Sub':
        return (argument as string).replace(/\$\{([^}]+)\}/g, (_, id: string) => String(this.#ref(id)));
      case 'Fn::If': {
        const [condition, yes, no] = list() as [string, unknown, unknown];
        return this.#value(this.#condition({ Condition: condition }) ? yes : no);
      }
      default:
        throw new Error(`${name} is not known here`);
    }
  }

  #ref(id: string): unknown {
    const { account, region, parameters } = this.deployed;
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::NoValue': NO_VALUE,
    };
    if (Object.hasOwn(pseudo, id)) return pseudo[id];
    if (this.template.Parameters && Object.hasOwn(this.template.Parameters, id)) {
      const { Type, Default } = this.template.Parameters[id] ?? {};
      const value = this.#known(parameters?.[id] ?? Default, id);
      return Type === 'CommaDelimitedList' ? (value as string).split(',') : value;
    }
    return this.#known(this.deployed.ref?.(id), id);
  }

  #holds(resource: object): boolean {
    const { Condition } = resource as { Condition?: string };
    return Condition === undefined || this.#condition({ Condition });
  }

  #condition(value: unknown): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries(value as object) as [string, unknown][];
    if (name === 'Condition') return this.#condition(this.template.Conditions?.[argument as string]);
    if (name === 'Fn::Not') return !this.#condition((argument as unknown[])[0]);
    if (name === 'Fn::And') return (argument as unknown[]).every((one) => this.#condition(one));
    if (name === 'Fn::Or') return (argument as unknown[]).some((one) => this.#condition(one));
    if (name === 'Fn::Equals') {
      const [a, b] = (argument as unknown[]).map((item) => this.#value(item));
      return a === b;
    }
    throw new Error(`${name} is not known in a condition here`);
  }

  #known<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw new Error(`the template speaks of ${name}, which is not there`);
    return value;
  }
}
