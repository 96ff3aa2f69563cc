import { Field } from '../account/field.js';
import { scanFields } from './submit.js';

/** For whoever has only what a mail program shows. */
export function EnterFields() {
  return (
    <form
      class="entry"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = new FormData(form);
        const value = (name: string): string => {
          const entry = fields.get(name);
          return typeof entry === 'string' ? entry.trim() : '';
        };
        const body = value('body');
        const isHtml = /<(?:html|body|div|p|a|table|br)\b/i.test(body);
        scanFields({
          from_address: value('from_address'),
          from_display_name: value('from_display_name'),
          subject: value('subject'),
          body_text: isHtml ? '' : body,
          body_html: isHtml ? body : '',
        });
        form.reset();
      }}
    >
      <div class="field-row">
        <Field label="Sender’s name" name="from_display_name" required={false} />
        <Field label="Sender’s address" name="from_address" />
      </div>
      <Field label="Subject" name="subject" required={false} />
      <div class="field">
        <label for="body">Text or HTML</label>
        <textarea id="body" name="body" rows={8} required aria-describedby="body-hint" />
        <p class="field-hint" id="body-hint">
          Without headers it cannot be proved who sent it, so the verdict rests on words and links.
        </p>
      </div>
      <button type="submit" class="button primary">
        Scan the message
      </button>
    </form>
  );
}
