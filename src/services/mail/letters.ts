import type { Letter } from '../../mailer/letter.js';

const IGNORE = 'If you did not ask for this, you can ignore this message: nothing has changed.';

/** Something changed on an account; the person hears of it in case it was not them. */
export function notice(what: string): Letter {
  return {
    subject: what.replace(/\.$/, ''),
    paragraphs: [what],
    reason:
      'You get this message because it concerns the security of your postern account. If this was not you, reset your password and tell your administrator.',
  };
}

export function signUpLink(url: string): Letter {
  return {
    subject: 'Finish signing up for postern',
    paragraphs: ['Open this link to choose your name and password. It works once, within a day.'],
    link: { url, label: 'Finish signing up' },
    reason: IGNORE,
  };
}

export function alreadySignedUp(signIn: string): Letter {
  return {
    subject: 'You have a postern account already',
    paragraphs: [
      'Somebody, probably you, tried to sign up with this address. It has an account already: sign in, or ask for a new password there.',
    ],
    link: { url: signIn, label: 'Sign in' },
    reason: IGNORE,
  };
}

export function resetLink(url: string): Letter {
  return {
    subject: 'Choose a new password',
    paragraphs: ['Open this link to choose a new password for postern. It works once, within half an hour.'],
    link: { url, label: 'Choose a new password' },
    reason: IGNORE,
  };
}

export function confirmationLink(url: string): Letter {
  return {
    subject: 'Confirm your e-mail address',
    paragraphs: ['Open this link to confirm that this address is yours. It works once, within a day.'],
    link: { url, label: 'Confirm the address' },
    reason: IGNORE,
  };
}

export function signInCode(code: string): Letter {
  return {
    // Not in the subject: that is what a locked screen shows.
    subject: 'Your code to sign in',
    paragraphs: [
      'Type this code where you asked for it. It works once, within ten minutes. Nobody from postern will ask you for it.',
    ],
    code,
    reason: IGNORE,
  };
}

/** `expiresAt`: until when the link works. */
export function invitationLetter(url: string, organisation: string, expiresAt: Date): Letter {
  return {
    subject: `Join ${organisation} on postern`,
    paragraphs: [
      `You have been invited to join ${organisation}, which uses postern to look at suspicious mail.`,
      `Open this link to accept. It works once, until ${expiresAt.toUTCString()}.`,
    ],
    link: { url, label: 'See the invitation' },
    reason: 'If you expected no invitation, you can ignore this message: nothing happens.',
  };
}
