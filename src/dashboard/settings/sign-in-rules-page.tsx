import { getSignInRules, setSignInRules } from '../api/accounts/security.js';
import type { SignInRules } from '../api/types.js';
import { useForm } from '../account/use-form.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';
import { SettingsForm } from './form.js';
import { AskPassword } from './own-password.js';
import { OwnWay } from './own-way.js';

/** What the organisation demands of its members when they sign in. */
export function SignInRulesPage() {
  const { result, reload, replace } = useLoad('sign-in-rules', getSignInRules);
  const form = useForm(async (value) => {
    const rules: SignInRules = {
      second_factor: value('second-factor') === 'on',
      passwords_off: value('passwords-off') === 'on',
    };
    await setSignInRules(rules, value('password'));
    replace(rules);
    say('The rules hold from now on.');
  });
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="settings-blank" aria-busy="true" />;
  return (
    <section class="settings-section">
      <p>They hold for everybody in the organisation, at once.</p>
      <OwnWay what="The rules are changed">
        <SettingsForm form={form} submit="Save the rules" label="Sign-in rules">
          <label class="check">
            <input type="checkbox" name="second-factor" defaultChecked={result.value.second_factor} />
            <span>
              <strong>Ask everybody for a second factor</strong>
              <span class="field-hint">
                An authenticator app or a passkey. Sessions that showed none end now, yours included; whoever has none
                sets one up at the next sign-in.
              </span>
            </span>
          </label>
          <label class="check">
            <input type="checkbox" name="passwords-off" defaultChecked={result.value.passwords_off} />
            <span>
              <strong>Switch passwords off</strong>
              <span class="field-hint">
                Members sign in with the identity provider or a passkey, and neither with a password nor with a code by
                e-mail. The owner keeps the password, in case the provider fails.
              </span>
            </span>
          </label>
          <AskPassword />
        </SettingsForm>
      </OwnWay>
    </section>
  );
}
