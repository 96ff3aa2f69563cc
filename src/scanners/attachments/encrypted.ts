import type { Message } from '../../mail/message.js';
import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';

const WORD =
  '(?:pass\\s?(?:word|code)|\\bpwd?|\\bpin|pass\\s?wort|kennwort|contraseña|clave|senha|mot de passe|parola|wachtwoord|lösenord|hasło|heslo|jelszó|пароль|κωδικός|şifre|密码|密碼|パスワード|비밀번호)';
const JOINT = '\\b(?:is|ist|es|é|est|è|je)\\b';
/** 'password: infected', or 'the password is 4711': after the verb only what cannot be a word, such as 'required'. */
const GIVEN = new RegExp(
  `${WORD}[^:=：\\n]{0,40}?(?:(?:${JOINT}\\s*)?[:=：]\\s*["'“„«]?([^\\s"'”“»<,]{3,32})|${JOINT}\\s+["'“„«]?(?=\\S*\\d)([^\\s"'”“»<,]{3,32}))`,
  'iu',
);

/** Documents and archives that only a password opens: no scanner can look inside, which is the point. */
export const encrypted: Scanner = {
  layer: 'attachments',
  name: 'encrypted',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { office, pdf, archive, examined } = file.facts;
      const locked = office?.encrypted === true || (pdf?.encrypted === true && examined === 'encrypted');
      if (!locked && archive?.encrypted !== true) return [];
      const document = locked
        ? [about(file, 'attachments.encrypted-document', `${file.name} needs a password to be opened`)]
        : [];
      const given = file.inside ? null : passwordIn(message);
      if (given === null) return document;
      const evidence = `${file.name} is locked and the message gives the password: ${given}`;
      return [about(file, 'attachments.password-in-message', evidence), ...document];
    });
    return { findings: atMost(findings, 2) };
  },
};

function passwordIn({ visible, subject }: Message): string | null {
  const match = GIVEN.exec(visible.slice(0, 20_000)) ?? GIVEN.exec(subject);
  return (match?.[1] ?? match?.[2])?.replace(/[.;!?)]+$/, '') ?? null;
}
