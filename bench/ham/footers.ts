interface FooterWords {
  readonly why: string;
  readonly leave: string;
  readonly privacy: string;
  readonly online: string;
}

/** What the foot of bulk mail says, by language; English where a language is missing. */
const WORDS: Readonly<Record<string, FooterWords>> = {
  en: {
    why: 'You receive this message because you have an account with us.',
    leave: 'Unsubscribe',
    privacy: 'Privacy policy',
    online: 'View in browser',
  },
  de: {
    why: 'Sie erhalten diese E-Mail, weil Sie bei uns Kunde sind.',
    leave: 'Newsletter abbestellen',
    privacy: 'Datenschutz',
    online: 'Im Browser ansehen',
  },
  nl: {
    why: 'Je ontvangt deze e-mail omdat je klant bij ons bent.',
    leave: 'Afmelden',
    privacy: 'Privacyverklaring',
    online: 'Bekijk online',
  },
  pt: {
    why: 'Você recebeu este e-mail porque tem cadastro conosco.',
    leave: 'Descadastrar',
    privacy: 'Política de privacidade',
    online: 'Ver no navegador',
  },
  es: {
    why: 'Recibes este correo porque eres cliente nuestro.',
    leave: 'Darse de baja',
    privacy: 'Política de privacidad',
    online: 'Ver en el navegador',
  },
  fr: {
    why: 'Vous recevez ce message car vous êtes client chez nous.',
    leave: 'Se désabonner',
    privacy: 'Politique de confidentialité',
    online: 'Voir dans le navigateur',
  },
  it: {
    why: 'Ricevi questa email perché sei nostro cliente.',
    leave: 'Annulla iscrizione',
    privacy: 'Informativa sulla privacy',
    online: 'Apri nel browser',
  },
  pl: {
    why: 'Otrzymujesz tę wiadomość, ponieważ masz u nas konto.',
    leave: 'Wypisz się',
    privacy: 'Polityka prywatności',
    online: 'Zobacz w przeglądarce',
  },
  ru: {
    why: 'Вы получили это письмо, потому что зарегистрированы у нас.',
    leave: 'Отписаться',
    privacy: 'Политика конфиденциальности',
    online: 'Открыть в браузере',
  },
  tr: {
    why: 'Bu e-postayı üyemiz olduğunuz için aldınız.',
    leave: 'Abonelikten çık',
    privacy: 'Gizlilik politikası',
    online: 'Tarayıcıda aç',
  },
  ja: {
    why: 'このメールは会員の皆様にお送りしています。',
    leave: '配信停止',
    privacy: 'プライバシーポリシー',
    online: 'ブラウザで表示',
  },
  zh: { why: '您收到此邮件是因为您是我们的会员。', leave: '退订', privacy: '隐私政策', online: '在浏览器中查看' },
  sv: {
    why: 'Du får det här mejlet eftersom du är kund hos oss.',
    leave: 'Avregistrera',
    privacy: 'Integritetspolicy',
    online: 'Visa i webbläsaren',
  },
};

export function footerWords(language: string): FooterWords {
  const words = WORDS[language.slice(0, 2)] ?? WORDS['en'];
  if (words === undefined) throw new Error('no footer words');
  return words;
}
