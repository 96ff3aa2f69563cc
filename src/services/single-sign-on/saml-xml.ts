import { createRequire } from 'node:module';

/** What is used of a DOM node. The package's own types would bring the whole of a browser's globals into the server. */
export interface XmlNode {
  readonly nodeType: number;
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  /** Null for text. */
  readonly childNodes: ArrayLike<XmlNode> | null;
  readonly parentNode: XmlNode | null;
  readonly textContent: string | null;
  /** Absent for anything but elements. */
  getAttribute?(name: string): string;
  hasAttribute?(name: string): boolean;
}

interface XmlDom {
  readonly DOMParser: new (options: object) => {
    parseFromString(text: string, type: string): XmlNode & { readonly documentElement: XmlNode | null };
  };
}

/** The parser that the SAML library works with: another one could read the same bytes differently. */
const require = createRequire(import.meta.url);
const { DOMParser } = require('@xmldom/xmldom') as XmlDom;

const ELEMENT = 1;
const TEXT = 3;
const DEEPEST = 50;
const MOST_NODES = 5000;

/** The root of a document that holds elements and text only: no DTD, entities, comments, instructions or CDATA. Throws Error. */
export function parsePlainXml(text: string): XmlNode {
  if (/<!|<\?(?!xml\s)/.test(text)) throw new Error('it holds more than elements and text');
  const fail = (message: unknown): never => {
    throw new Error(`it is not well-formed: ${String(message)}`);
  };
  const handler = { warning: fail, error: fail, fatalError: fail };
  const { documentElement: root } = new DOMParser({ errorHandler: handler }).parseFromString(text, 'text/xml');
  if (root === null) throw new Error('it holds no element');
  let nodes = 0;
  const visit = (node: XmlNode, depth: number): void => {
    nodes += 1;
    if (depth > DEEPEST || nodes > MOST_NODES) throw new Error('it is too large');
    if (node.nodeType === TEXT) return;
    if (node.nodeType !== ELEMENT) throw new Error('it holds more than elements and text');
    for (const child of childrenOf(node)) visit(child, depth + 1);
  };
  visit(root, 0);
  return root;
}

export const childrenOf = (node: XmlNode): readonly XmlNode[] => Array.from(node.childNodes ?? []);

/** Every element of the name below the node, at any depth and in any namespace: a disguise is found too. */
export function anywhere(node: XmlNode, localName: string): readonly XmlNode[] {
  return childrenOf(node).flatMap((child) => [
    ...(child.localName === localName ? [child] : []),
    ...anywhere(child, localName),
  ]);
}

export function children(node: XmlNode, namespace: string, localName: string): readonly XmlNode[] {
  return childrenOf(node).filter((child) => child.localName === localName && child.namespaceURI === namespace);
}

/** The only child of that name. Throws Error where there is none, or several. */
export function onlyChild(node: XmlNode, namespace: string, localName: string): XmlNode {
  const [first, ...more] = children(node, namespace, localName);
  if (first === undefined || more.length > 0) throw new Error(`it needs exactly one ${localName}`);
  return first;
}

/** Null where the attribute is absent. */
export function attribute(node: XmlNode, name: string): string | null {
  return node.hasAttribute?.(name) === true ? (node.getAttribute?.(name) ?? null) : null;
}

export const textOf = (node: XmlNode): string => (node.textContent ?? '').trim();
