import { Router } from 'express';
import { ERROR_CODES } from '../../errors.js';
import { DOCS_STYLE } from './docs-style.js';
import type { describeApi } from './openapi.js';

type Document = ReturnType<typeof describeApi>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }
    >
  >;
}

/** `/docs`: the OpenAPI document as a page that works without scripts. */
export function docsPage(document: Document): Router {
  const page = writePage(document);
  const router = Router();
  router.get('/docs', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  });
  router.get('/docs/style.css', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('css').send(DOCS_STYLE);
  });
  return router;
}

function writePage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>postern API</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>postern API <small>${escape(document.info.version)}</small></h1>
<p>${inline(document.info.description ?? '')}</p>
<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a></p></header>
<nav aria-label="Operations"><ul>${operations
    .map(({ path, method, operation }) => {
      const name = `<code><b>${method.toUpperCase()}</b> ${escape(path)}</code>`;
      return `<li><a href="#${escape(operation.operationId ?? '')}">${name}</a></li>`;
    })
    .join('')}</ul></nav>
<main>
${tags
  .map(
    (tag) =>
      `<section><h2>${escape(tag)}</h2>${operations
        .filter(({ operation }) => operation.tags?.[0] === tag)
        .map((entry) => writeOperation(entry.path, entry.method, entry.operation))
        .join('')}</section>`,
  )
  .join('\n')}
<section><h2>Shapes</h2>${schemas.map(([name, schema]) => writeShape(name, schema)).join('')}</section>
<section><h2>Errors</h2><p>Every refusal is <code>application/problem+json</code> with one of these codes.</p>
<table><thead><tr><th>code</th><th>status</th></tr></thead><tbody>${Object.entries(ERROR_CODES)
    .map(([code, status]) => `<tr id="${escape(code)}"><td><code>${escape(code)}</code></td><td>${status}</td></tr>`)
    .join('')}</tbody></table></section>
</main>
</body>
</html>
`;
}

function writeOperation(path: string, method: string, operation: Operation): string {
  const parameters = operation.parameters ?? [];
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  return `<article id="${escape(operation.operationId ?? '')}">
<h3><code><b>${method.toUpperCase()}</b> ${escape(path)}</code></h3>
<p>${inline(operation.summary ?? '')}.${operation.security?.length === 0 ? ' <em>No token needed.</em>' : ''}</p>
${operation.description === undefined ? '' : `<p>${inline(operation.description)}</p>`}
${
  parameters.length === 0
    ? ''
    : `<table><thead><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr></thead><tbody>${parameters
        .map(
          (parameter) =>
            `<tr><td><code>${escape(parameter.name)}</code>${parameter.required === true ? '' : ' <small>optional</small>'}</td>` +
            `<td>${escape(parameter.in)}</td><td>${typeOf(parameter.schema)}</td><td>${inline(parameter.schema.description ?? '')}</td></tr>`,
        )
        .join('')}</tbody></table>`
}
${bodies.map(([type, { schema }]) => `<p>Body: <code>${escape(type)}</code>, ${typeOf(schema)}</p>`).join('')}
<table><thead><tr><th>answer</th><th></th><th>body</th></tr></thead><tbody>${Object.entries(operation.responses)
    .map(([status, response]) => {
      const content = Object.values(response.content ?? {}).map(({ schema }) => typeOf(schema));
      return `<tr><td>${status}</td><td>${inline(response.description)}</td><td>${content.join(', ')}</td></tr>`;
    })
    .join('')}</tbody></table>
</article>`;
}

function writeShape(name: string, schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const optional = schema.required?.includes(key) === true ? '' : ' <small>optional</small>';
    return `<tr><td><code>${escape(key)}</code>${optional}</td><td>${typeOf(property)}</td><td>${inline(property.description ?? '')}</td></tr>`;
  });
  return `<article id="shape-${escape(name)}"><h3>${escape(name)}</h3>
${schema.description === undefined ? '' : `<p>${inline(schema.description)}</p>`}
${rows.length === 0 ? `<p>${typeOf(schema)}</p>` : `<table><tbody>${rows.join('')}</tbody></table>`}</article>`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#shape-${escape(name)}">${escape(name)}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${escape(String(value))}</code>`).join(' ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(
      ([key, property]) => `<code>${escape(key)}</code> ${typeOf(property)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  const type = [schema.type ?? 'any'].flat().join(' or ');
  return schema.default === undefined ? type : `${type}, <code>${escape(JSON.stringify(schema.default))}</code>`;
}

/** Text with `code` in backticks. */
function inline(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
