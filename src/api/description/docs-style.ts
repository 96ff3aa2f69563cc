/** The look of `/docs`: the dashboard's paper and ink, without its parts. */
export const DOCS_STYLE = `:root{color-scheme:light dark;--ink:#1c2023;--soft:#5b6368;--paper:#f7f5f0;--line:#d9d5cb;--accent:#0e6e6b}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e1;--soft:#a0a7ab;--paper:#121517;--line:#30363a;--accent:#5ec4bf}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 6rem;max-width:62rem;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,sans-serif}
h1{font-size:1.75rem;margin:0}h1 small{color:var(--soft);font-weight:400;font-size:1rem}
h2{margin:3rem 0 1rem;font-size:1.35rem}h3{margin:0 0 .5rem;font-size:1.05rem}
a{color:var(--accent)}a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code{font:.9em/1.4 ui-monospace,monospace}
nav ul{list-style:none;margin:1.5rem 0 0;padding:0;columns:20rem}nav a{text-decoration:none}nav b{display:inline-block;min-width:4.2em}
article{margin:0 0 1.5rem;padding:1.25rem;border:1px solid var(--line);border-radius:.5rem;overflow-x:auto}
article:target,tr:target{border-color:var(--accent);background:color-mix(in srgb,var(--accent) 8%,transparent)}
table{width:100%;border-collapse:collapse;font-size:.925rem}
th{text-align:left;color:var(--soft);font-weight:500}
th,td{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
small,em{color:var(--soft);font-style:normal}
`;
