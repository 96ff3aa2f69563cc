import type { Address, Attachment, Link, Message } from '../../../mail/message.js';

/** A message as a reader is shown it: plain data, in the API's words. */
export function toMessageView(message: Message) {
  const { identity } = message;
  return {
    subject: message.subject,
    from: identity.from.map(toMailbox),
    sender: identity.sender.map(toMailbox),
    reply_to: identity.replyTo.map(toMailbox),
    to: identity.to.map(toMailbox),
    cc: identity.cc.map(toMailbox),
    mail_from: identity.mailFrom,
    date: message.date,
    message_id: message.messageId,
    size: message.size,
    headers: message.headers.map(({ name, value }) => ({ name, value })),
    received: message.received.map(({ from, ip, by, date }) => ({ from, ip, by, date })),
    text: message.text,
    html: message.html,
    visible: message.visible,
    links: message.links.map(toLink),
    attachments: message.attachments.map(toAttachment),
    parts: message.parts.map(({ type, filename, size, depth }) => ({ type, filename, size, depth })),
    nested: message.nested.map((inner) => ({
      subject: inner.subject,
      from: inner.identity.from.map(toMailbox),
      visible: inner.visible,
    })),
    defects: message.defects.map(({ kind, detail }) => ({ kind, detail })),
  };
}

function toMailbox({ name, address }: Address) {
  return { name, address };
}

function toLink({ url, href, host, domain, text, origin, wrappers, at }: Link) {
  return { url, href, host, domain, text, origin, wrappers, at };
}

function toAttachment(attachment: Attachment) {
  return {
    filename: attachment.filename,
    declared_type: attachment.declaredType,
    detected_type: attachment.detectedType,
    size: attachment.size,
    sha256: attachment.sha256,
    inline: attachment.inline,
    examined: attachment.examined,
    entries: (attachment.archive?.entries ?? []).map(({ name, size, encrypted, depth }) => ({
      ...{ name, size, encrypted, depth },
    })),
  };
}
