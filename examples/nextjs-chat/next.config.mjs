/** @type {import('next').NextConfig} */
const config = {
  // Output goes where the repository keeps what it does not commit.
  distDir: '.cache/next',
  // Types are checked with those of the rest of the repository.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};

// oxlint-disable-next-line import/no-default-export -- Next.js looks for it
export default config;
