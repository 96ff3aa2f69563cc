/**
 * Words that tell how the corpus was collected, not what a message wants: the recipient's placeholder, the honeypot owner's names,
 * the lists' subjects. The model must not learn them (folded as src/scanners/content/words.ts folds).
 */
export const ARTEFACT_WORDS: ReadonlySet<string> = new Set(
  (
    'rcpt corp example recipient phish phishing pot phishingpot rodrigo ferreira peixoto hotmail ' +
    'linux kernel usrp gnuradio ettus jailhouse bluetooth nouveau ltp cifs clang llvm patch patches wrote ' +
    'january february march april may june july august september october november december ' +
    'jan feb mar apr jun jul aug sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun ' +
    'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro ' +
    'januar februar marz mai juni juli oktober dezember januari februari maart mei augustus ' +
    'enero febrero mayo junio julio septiembre octubre noviembre diciembre janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre'
  ).split(' '),
);
