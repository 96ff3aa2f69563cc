-- A mailbox at an IMAP server can be connected by a consent too, where the operator has named the server's authorization server.
ALTER TABLE postern.mailbox_consents DROP CONSTRAINT mailbox_consents_provider_check;
ALTER TABLE postern.mailbox_consents ADD CONSTRAINT mailbox_consents_provider_check
  CHECK (provider IN ('gmail', 'microsoft-graph', 'imap'));
