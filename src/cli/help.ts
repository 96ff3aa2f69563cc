/** What `postern --help` says. */
export const HELP = `postern looks at e-mail and says what it thinks of it, and why.

Usage
  postern scan FILE|DIR|- ...   judge messages, offline unless told otherwise; - reads one from standard input
  postern serve                 run the service (API, dashboard, workers)
  postern --help | --version

Options of scan
  --json                        one JSON object a line
  --brief                       one line a message, no report
  --trusted-authserv-id NAME    believe the Authentication-Results of this mail server; may be repeated
  --feed FILE                   a list of dangerous links, domains, addresses or hashes; may be repeated
  --dns SERVERS                 verify SPF, DKIM, DMARC and ARC here: system, or addresses of name servers
  --threads N                   scan threads (default: one a core)
  --color WHEN                  auto, always or never (default: auto; NO_COLOR is respected)

Folders are read with all below them, mbox files message by message.

Exit code
  0  every message is safe
  1  at least one is not: suspicious, spam, phishing, malware or incomplete
  2  something could not be read or was no message
`;
