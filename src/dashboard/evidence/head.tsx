import type { ComponentChildren } from 'preact';
import type { Mailbox, Message, ScanResult } from '../api/types.js';
import * as format from '../parts/format.js';
import { AuthenticationLine } from './authentication-line.js';

interface HeadProps {
  readonly scan: ScanResult;
  /** Null while it loads; the summary of the scan stands in. */
  readonly message: Message | null;
  /** The header field that holds the evidence, in lower case. */
  readonly field: string | null;
}

/** Who wrote to whom and when, as the message claims, and whether it can be believed. */
export function Head({ scan, message, field }: HeadProps) {
  const summary = scan.message;
  const from = message?.from ?? (summary.from === null ? [] : [summary.from]);
  const replyTo = message?.reply_to ?? [];
  const bounce = message?.mail_from ?? null;
  const shown = new Set(from.map((mailbox) => mailbox.address.toLowerCase()));
  return (
    <div class="head">
      <dl>
        <Row name="From" marked={field === 'from' || field === 'sender'}>
          <Mailboxes of={from} none="No sender" />
        </Row>
        {replyTo.some((mailbox) => !shown.has(mailbox.address.toLowerCase())) || field === 'reply-to' ? (
          <Row name="Replies go to" marked={field === 'reply-to'}>
            <Mailboxes of={replyTo} none="Nobody" />
          </Row>
        ) : null}
        {(bounce !== null && bounce !== '' && !shown.has(bounce.toLowerCase())) || field === 'return-path' ? (
          <Row name="Bounces go to" marked={field === 'return-path'}>
            <span class="address">{bounce}</span>
          </Row>
        ) : null}
        <Row name="To" marked={field === 'to' || field === 'cc'}>
          <Mailboxes of={message === null ? summary.to : [...message.to, ...message.cc]} none="Nobody named" />
        </Row>
        <Row name="Subject" marked={field === 'subject'}>
          {format.title(summary.subject)}
        </Row>
        <Row name="Date" marked={field === 'date'}>
          {summary.date === null ? 'Not stated, or not a date' : format.moment(summary.date)}
        </Row>
      </dl>
      <AuthenticationLine result={scan.authentication} label={scan.label} />
    </div>
  );
}

function Row(props: { readonly name: string; readonly marked: boolean; readonly children: ComponentChildren }) {
  return (
    <div class={props.marked ? 'is-evidence' : undefined}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

const MANY = 4;

function Mailboxes({ of, none }: { readonly of: readonly Mailbox[]; readonly none: string }) {
  if (of.length === 0) return <>{none}</>;
  return (
    <>
      {of.slice(0, MANY).map((mailbox, index) => (
        <span key={index} class="mailbox">
          {mailbox.name === '' ? null : <span class="mailbox-name">{mailbox.name}</span>}{' '}
          <span class="address">{mailbox.address === '' ? 'no address' : mailbox.address}</span>
        </span>
      ))}
      {of.length > MANY ? <span class="mailbox">and {format.count(of.length - MANY, 'other')}</span> : null}
    </>
  );
}
