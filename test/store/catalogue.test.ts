import assert from 'node:assert/strict';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

/** What must hold of every table and function, whoever adds the next one. */
describe('the database catalogue', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
    const tenant = await db.addTenant();
    await db.store.withTenant(tenant, { kind: 'worker', job: 'test' }, ({ scans }) => scans.reserveId());
  });

  it('every table has forced row-level security, partitions included', async () => {
    const open = await db.admin`select relname from pg_class
      where relnamespace = 'postern'::regnamespace and relkind in ('r', 'p') and relname <> 'migrations'
        and not (relrowsecurity and relforcerowsecurity)`;
    assert.deepEqual([...open], []);
  });

  it('every tenant table has the tenant first in its primary key and a policy for the application', async () => {
    const wrong = await db.admin`
      select c.relname from pg_class c
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
      where c.relnamespace = 'postern'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        -- What the application cannot touch at all, such as sessions, is asked for before a tenant is known.
        and has_any_column_privilege('postern_app', c.oid, 'select, insert')
        and not (exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and i.indkey[0] = t.attnum)
          and exists (select from pg_policy p where p.polrelid = c.oid and 'postern_app'::regrole = any (p.polroles)))`;
    assert.deepEqual([...wrong], []);
  });

  it('every policy of the application is bound to the pinned tenant', async () => {
    const loose = await db.admin`
      select tablename, policyname from pg_policies where schemaname = 'postern' and 'postern_app' = any (roles)
        -- A restrictive policy opens nothing: it only narrows what the others do.
        and permissive = 'PERMISSIVE' and coalesce(qual, with_check) not like '%acting_tenant()%'`;
    assert.deepEqual([...loose], []);
  });

  it('whoever supports a tenant can write in none of its tables but the log', async () => {
    const open = await db.admin`
      select c.relname, k.command from pg_class c
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
      cross join (values ('a', 'insert'), ('w', 'update'), ('d', 'delete')) k (polcmd, command)
      where c.relnamespace = 'postern'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'audit_events'
        and not exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive and p.polcmd = k.polcmd::"char"
          and 'postern_app'::regrole = any (p.polroles)
          and pg_get_expr(coalesce(p.polqual, p.polwithcheck), c.oid) like '%<> ''support''%')`;
    assert.deepEqual([...open], []);
  });

  it('what expires is invisible by policy from that moment on', async () => {
    const wrong = await db.admin`
      select c.relname, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid
      -- Whatever holds mail. What else expires, such as tickets and keys of requests, is checked where it is spent.
      where c.relnamespace = 'postern'::regnamespace and (c.relkind = 'p' or c.relname = 'messages')
        and 'postern_app'::regrole = any (p.polroles) and p.polpermissive
        and pg_get_expr(coalesce(p.polqual, p.polwithcheck), c.oid) not like '%expires_at > now()%'`;
    assert.deepEqual([...wrong], []);
  });

  it('nobody has a grant on a partition, and the public on nothing', async () => {
    const grants = await db.admin`
      select c.relname, g.grantee::regrole::text as grantee, g.privilege_type from pg_class c, aclexplode(c.relacl) g
      where c.relnamespace = 'postern'::regnamespace and g.grantee <> c.relowner and (c.relispartition or g.grantee = 0)`;
    assert.deepEqual([...grants], []);
  });

  it('the application owns nothing and can neither bypass security nor create', async () => {
    const [role] = await db.admin`select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
      has_schema_privilege('postern_app', 'postern', 'create') as creates,
      has_schema_privilege('postern_app', 'graphile_worker', 'usage') as queues,
      exists (select from pg_class where relowner = 'postern_app'::regrole) as owns,
      exists (select from pg_auth_members where member = 'postern_app'::regrole) as member
      from pg_roles where rolname = 'postern_app'`;
    assert.deepEqual(
      { ...role },
      {
        ...{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false },
        ...{ creates: false, queues: false, owns: false, member: false },
      },
    );
  });

  it('every definer function has a fixed search path and is not callable by everyone', async () => {
    const wrong = await db.admin`
      select p.proname from pg_proc p where p.pronamespace = 'postern'::regnamespace and p.prosecdef and (
        not coalesce(p.proconfig @> array['search_path=postern, pg_temp'], false)
        or has_function_privilege('public', p.oid, 'execute'))`;
    assert.deepEqual([...wrong], []);
  });

  it('definer functions belong to roles nobody can log in as, but for those that create tables or queue jobs', async () => {
    const owned = await db.admin<{ proname: string }[]>`
      select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner
      where p.pronamespace = 'postern'::regnamespace and p.prosecdef and r.rolcanlogin order by 1`;
    assert.deepEqual(
      owned.map(({ proname }) => proname),
      ['enqueue', 'enqueue_later', 'ensure_day', 'maintain_partitions', 'queue_mail'],
    );
  });
});
