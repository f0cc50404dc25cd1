// AWS Query, and EC2's own kind of it.
import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { AwsError } from './errors';
import type { Input, Operation, Protocol, Shape } from './protocol';

const DATE_TIME = 5; // smithy's code

export function scalar(shape: Shape, text: string): unknown {
  if (shape.isTimestampSchema()) {
    const date = /^[\d.]+$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
    if (Number.isNaN(date.getTime())) throw new AwsError('SerializationException', `${text} is not a timestamp`);
    return date;
  }
  if (shape.isBooleanSchema()) return text === 'true';
  if (shape.isNumericSchema()) return Number(text);
  if (shape.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

interface Tree {
  value?: string;
  children: Map<string, Tree>;
}

export function decodeQuery({ ec2 = false }: Protocol, shape: Shape, form: URLSearchParams): Input {
  const root: Tree = { children: new Map() };
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split('.')) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.value = value;
  }
  return (shape.isStructSchema() ? fromTree(shape, root, ec2) : {}) as Input;
}

const numbered = (tree: Tree): Tree[] =>
  [...tree.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);

function fromTree(shape: Shape, tree: Tree, ec2: boolean): unknown {
  // EC2 numbers the members of a list right behind its name.
  const xmlFlattened = ec2 || shape.getMergedTraits().xmlFlattened;
  if (shape.isStructSchema()) {
    const out: Input = {};
    for (const [name, member] of shape.structIterator()) {
      const { ec2QueryName, xmlName = name } = member.getMergedTraits() as { ec2QueryName?: string; xmlName?: string };
      const sent = ec2 ? (ec2QueryName ?? xmlName.replace(/^./, (first) => first.toUpperCase())) : xmlName;
      const child = tree.children.get(sent);
      if (child) out[name] = fromTree(member, child, ec2);
    }
    return out;
  }
  if (shape.isListSchema()) {
    if (tree.value === '' && tree.children.size === 0) return []; // how an empty list is sent
    const item = shape.getValueSchema();
    const items = xmlFlattened ? tree : tree.children.get(item.getMergedTraits().xmlName ?? 'member');
    return items ? numbered(items).map((child) => fromTree(item, child, ec2)) : [];
  }
  if (shape.isMapSchema()) {
    const [keys, values] = [shape.getKeySchema(), shape.getValueSchema()];
    const entries = xmlFlattened ? tree : tree.children.get('entry');
    const pairs = (entries ? numbered(entries) : []).map((entry) => {
      const value = entry.children.get(values.getMergedTraits().xmlName ?? 'value');
      return [
        entry.children.get(keys.getMergedTraits().xmlName ?? 'key')?.value ?? '',
        value && fromTree(values, value, ec2),
      ];
    });
    return Object.fromEntries(pairs);
  }
  return scalar(shape, tree.value ?? '');
}

export function encodeQuery(protocol: Protocol, operation: Operation, value: unknown, requestId: string): string {
  const { name } = operation;
  let result = '';
  if (!operation.output.isUnitSchema()) {
    const serializer = new XmlShapeSerializer({
      timestampFormat: { useTrait: true, default: DATE_TIME },
      xmlNamespace: protocol.xmlNamespace,
      serviceNamespace: protocol.namespace,
    });
    serializer.write(operation.output, value ?? {});
    const inner = String(serializer.flush())
      .replace(/^<\w+[^>]*?(\/?)>/, (_, empty: string) => (empty ? '' : '\0'))
      .replace(/^\0(.*)<\/\w+>$/s, '$1');
    result = protocol.ec2 ? inner : `<${name}Result>${inner}</${name}Result>`;
  }
  const metadata = protocol.ec2
    ? `<requestId>${requestId}</requestId>`
    : `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${name}Response xmlns="${protocol.xmlNamespace}">${result}${metadata}</${name}Response>`;
}

const escapeXml = (text: string) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c);

export function encodeQueryError(protocol: Protocol, { code, message, status }: AwsError, requestId: string): string {
  const told = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  if (protocol.ec2) {
    return `<Response><Errors><Error>${told}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type>${told}</Error>`;
  return `<ErrorResponse xmlns="${protocol.xmlNamespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}
