/** The rendering's own style sheet. Class names start with `pm-`; the message's classes and ids never get this far. */
export const LOOK = `
html { color-scheme: light; background: #fff; color: #1c2126; font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
body { margin: 0; padding: 20px; }
/* A text mail has no looks of its own and follows the reader's; HTML is made for white paper. */
html:has(.pm-text) { color-scheme: light dark; background: light-dark(#fffefb, #191d20); color: light-dark(#1c2126, #ece8e1); }
html:has(.pm-text) mark { background: light-dark(#cfe8e5, #1d4745); color: inherit; box-shadow: 0 2px 0 light-dark(#0e6e6b, #6cc3bc); }
table { max-width: 100%; }
.pm-link { color: #23527c; text-decoration: underline; text-decoration-style: dotted; text-underline-offset: 2px; cursor: help; }
.pm-image { display: inline-flex; flex-direction: column; align-items: center; justify-content: center; box-sizing: border-box;
  max-width: 100%; padding: 8px 12px; border: 1px dashed #9aa1a6; border-radius: 4px; background: #f4f3f0; color: #454c52;
  font: 13px/1.4 system-ui, sans-serif; text-align: center; text-decoration: none; vertical-align: middle; }
.pm-image::after { content: attr(data-note); color: #5f666b; font-size: 11px; }
.pm-small { padding: 2px 4px; font-size: 11px; }
.pm-small::after { content: none; }
.pm-pixel { display: none; }
.pm-form { border: 1px dashed #9aa1a6; border-radius: 4px; padding: 12px; margin: 8px 0; }
.pm-form::before { content: attr(data-note); display: block; margin-bottom: 8px; color: #454c52; font: 12px/1.4 system-ui, sans-serif; }
.pm-field, .pm-button { display: inline-block; box-sizing: border-box; max-width: 100%; padding: 6px 10px; margin: 2px 0;
  border: 1px solid #9aa1a6; border-radius: 4px; font: 13px/1.4 system-ui, sans-serif; }
.pm-field { min-width: 180px; background: #fff; color: #5f666b; }
.pm-button { background: #e9e7e2; color: #1c2126; }
.pm-plain { max-width: 72ch; margin: 0; white-space: pre-wrap; font: 15px/1.6 system-ui, sans-serif; }
.pm-cut { margin-top: 24px; padding-top: 12px; border-top: 1px solid #d9d5cd; color: #5f666b; font: 13px/1.4 system-ui, sans-serif; }
mark, .pm-marked { background: #cfe8e5; color: #0b2f2e; box-shadow: 0 2px 0 #0e6e6b; scroll-margin: 30vh; border-radius: 2px; }
.pm-marked { outline: 2px solid #0e6e6b; outline-offset: 2px; }
@media (prefers-reduced-motion: no-preference) { mark, .pm-marked { transition: background-color 160ms; } }
`;
