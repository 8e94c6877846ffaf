import type { ReactNode } from 'react';

export const metadata = { title: 'A governed chat' };

// oxlint-disable-next-line import/no-default-export -- Next.js looks for it
export default function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body style={{ font: '16px/1.5 system-ui', margin: '2rem auto', maxWidth: '40rem' }}>{children}</body>
    </html>
  );
}
