import { DirectorySection } from './directory-section.js';
import { DomainSection } from './domain-section.js';
import { ProviderSection } from './provider-section.js';

/** The organisation's e-mail domains, and who signs in its people. */
export function SingleSignOnPage() {
  return (
    <>
      <DomainSection />
      <ProviderSection />
      <DirectorySection />
    </>
  );
}
