import assert from 'node:assert/strict';
import { PosternError } from '../../../../src/errors.js';
import { checkPassword } from '../../../../src/services/accounts/passwords/password-rules.js';

describe('passwords', () => {
  const OWN = ['ann.smith@example.com', 'Example Ltd', 'Ann Smith'];
  const refused = (password: string) =>
    assert.throws(
      () => checkPassword(password, OWN),
      (error) => error instanceof PosternError && error.code === 'account.password-weak',
      password,
    );

  it('that everybody tries first are refused, also with digits and signs around them', () => {
    for (const password of ['Password', 'password123', '!!Qwertyuiop2024', 'P@ssw0rd', 'iloveyou1', 'changeme'])
      refused(password);
    for (const password of ['12345678', '1234567890', '87654321', 'abcdefgh', '1234-5678', '11111111', 'abababab'])
      refused(password);
  });

  it('that leaked from others often are refused, looked up offline', () => {
    for (const password of ['1q2w3e4r5t', 'mypassword', 'Liverpool1!', 'butterfly', 'michelle99', 'trustno1!']) {
      refused(password);
    }
  });

  it('that are the account’s own words are refused', () => {
    for (const password of ['ann.smith@example.com', 'Ann.Smith1', 'example ltd', 'Ann Smith!']) refused(password);
  });

  it('that are too short, or longer than bcrypt reads, are refused', () => {
    refused('x7$kQ2z');
    refused('ä'.repeat(30) + 'bcdefghijklmno');
  });

  it('that are merely long are fine', () => {
    for (const password of [
      'correct horse battery',
      'tr0ub4dor&3x',
      '73920184',
      'пароль-длинный',
      'ann smith likes tea',
    ]) {
      checkPassword(password, OWN);
    }
  });
});
