import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';

/** 'password: 1234' in the languages phishing comes in; the word, a joint, then something short that could be one. */
const PASSWORD =
  /(?:pass\s?(?:word|code)|\bpwd?|\bpin|pass\s?wort|kennwort|contraseña|clave|senha|mot de passe|parola|wachtwoord|lösenord|hasło|heslo|jelszó|пароль|κωδικός|şifre|密码|密碼|パスワード|비밀번호)\s*(?:(?:for|to|of|zum|für|para|del?|pour|per|voor|till|do|для)\s[^:\n]{0,40}?)?(?:[:=：]|\bis\b|\bist\b|\bes\b|\bé\b|\best\b|\bè\b|\bje\b)\s*["'“„«]?([^\s"'”“»<]{3,32})/iu;

/** Documents and archives that only a password opens: no scanner can look inside, which is the point. */
export const encrypted: Scanner = {
  layer: 'attachments',
  name: 'encrypted',
  async scan(message) {
    const given = PASSWORD.exec(message.visible)?.[1] ?? PASSWORD.exec(message.subject)?.[1];
    const findings = filesOf(message).flatMap((file) => {
      const { office, pdf, archive, examined } = file.facts;
      const locked = office?.encrypted === true || (pdf?.encrypted === true && examined === 'encrypted');
      if (!locked && archive?.encrypted !== true) return [];
      const document = locked
        ? [about(file, 'attachments.encrypted-document', `${file.name} needs a password to be opened`)]
        : [];
      if (given === undefined || file.inside) return document;
      const evidence = `${file.name} is locked and the message gives the password: ${given}`;
      return [about(file, 'attachments.password-in-message', evidence), ...document];
    });
    return { findings: atMost(findings, 2) };
  },
};
