import { render } from 'preact';
import { arrive } from './api/arrive.js';
import { resume } from './api/session.js';
import { App } from './app.js';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/shell.css';
import './style/account.css';
import './style/home.css';
import './style/scan.css';
import './style/message.css';
import './style/verdict.css';
import './style/evidence.css';
import './style/history.css';
import './style/mailboxes.css';
import './style/providers.css';
import './style/settings.css';
import './style/api-keys.css';
import './style/detection.css';
import './style/language-model.css';
import './style/organisation.css';
import './style/reports.css';
import './style/directories.css';

const root = document.getElementById('app');
if (root !== null) {
  arrive();
  render(<App />, root);
  void resume();
}
