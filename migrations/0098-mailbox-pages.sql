-- Organisations have thousands of mailboxes: they are listed by pages, by address.
CREATE INDEX mailboxes_by_name ON postern.mailboxes (tenant_id, address, mailbox_id);
