-- A person is at their provider to allow postern into their mailbox. The row is spent when they come back: once, within ten minutes, by
-- the same person in the same session.

CREATE TABLE postern.mailbox_consents (
  tenant_id uuid NOT NULL,
  -- Of what the provider is asked to say back.
  state_hash bytea NOT NULL CHECK (length(state_hash) = 32),
  owner_id uuid NOT NULL,
  session_id uuid NOT NULL,
  provider text NOT NULL CHECK (provider IN ('gmail', 'microsoft-graph')),
  -- A Fernet token: the verifier of PKCE and what the consent is for.
  sealed text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, state_hash),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES postern.memberships ON DELETE CASCADE
);
ALTER TABLE postern.mailbox_consents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
  own constant text := 'tenant_id = (SELECT postern.acting_tenant()) AND owner_id = (SELECT postern.acting_user())';
BEGIN
  EXECUTE format('CREATE POLICY see_own ON postern.mailbox_consents FOR SELECT TO postern_app USING (%s)', own);
  EXECUTE format('CREATE POLICY add_own ON postern.mailbox_consents FOR INSERT TO postern_app WITH CHECK (%s)', own);
  EXECUTE format('CREATE POLICY spend_own ON postern.mailbox_consents FOR DELETE TO postern_app USING (%s)', own);
END
$$;
GRANT SELECT, INSERT, DELETE ON postern.mailbox_consents TO postern_app;

-- Who is erased leaves nothing here.
CREATE POLICY erase ON postern.mailbox_consents TO postern_eraser USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON postern.mailbox_consents TO postern_eraser;
