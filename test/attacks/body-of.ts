/** A schema of the API's document, as far as bodies use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly minItems?: number;
  readonly minimum?: number;
}

/** What the attacks read of the API's document. */
export interface Operation {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
}
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A body of the right shape, with every field there is, whose free texts are all the given one. */
export function bodyOf(schema: Schema, text: string, all: Readonly<Record<string, Schema>>): unknown {
  if (schema.$ref !== undefined) return bodyOf(all[schema.$ref.split('/').at(-1) ?? ''] ?? {}, text, all);
  if (schema.anyOf !== undefined) return bodyOf(schema.anyOf[0] ?? {}, text, all);
  if (schema.enum !== undefined) return schema.enum[0];
  const type = typeof schema.type === 'object' ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, field]) => [name, bodyOf(field, text, all)]),
      );
    case 'array':
      return [bodyOf(schema.items ?? {}, text, all)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return schema.format === undefined || schema.format === 'binary' ? text : (FORMATTED[schema.format] ?? text);
    case undefined:
    default:
      return text;
  }
}

const FORMATTED: Readonly<Record<string, string>> = {
  date: '2026-11-26',
  'date-time': '2026-11-26T00:00:00Z',
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'a@b.example',
};
