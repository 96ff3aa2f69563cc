-- What 0055 did for the tables there were then, for those that came since: whoever supports a tenant writes nothing in it.
DO $$
DECLARE
  name text;
  kind text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relnamespace = 'postern'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'audit_events'
  LOOP
    FOREACH kind IN ARRAY ARRAY['adds INSERT WITH CHECK', 'changes UPDATE USING', 'deletes DELETE USING'] LOOP
      CONTINUE WHEN EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'postern' AND p.tablename = name
        AND p.policyname = format('support_%s_nothing', split_part(kind, ' ', 1)));
      EXECUTE format('CREATE POLICY support_%s_nothing ON postern.%I AS RESTRICTIVE FOR %s TO postern_app %s
        ((SELECT postern.acting_role()) <> ''support'')', split_part(kind, ' ', 1), name, split_part(kind, ' ', 2),
        substring(kind FROM position(split_part(kind, ' ', 3) IN kind)));
    END LOOP;
  END LOOP;
END
$$;
