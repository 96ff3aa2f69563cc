import type { Finding, Scanner } from '../../scanner.js';

/** A form inside a message that asks for a secret. Honest senders link to their site instead. */
export const passwordForm: Scanner = {
  layer: 'content',
  name: 'password-form',
  scan(message) {
    const findings: Finding[] = [];
    for (const form of message.document?.forms ?? []) {
      const secret = form.inputs.includes('password');
      const typed = form.inputs.some((input) => ['text', 'email', 'tel', 'number', ''].includes(input));
      if (!secret && !typed) continue;
      const target = form.action === '' ? 'nowhere it names' : form.action.slice(0, 120);
      findings.push({
        id: secret ? 'content.password-form' : 'content.form',
        evidence: `a form in the message ${secret ? 'asks for a password' : 'asks for input'} and sends it to ${target}`,
        at: { kind: 'message' },
      });
    }
    return { findings: findings.slice(0, 3) };
  },
};
