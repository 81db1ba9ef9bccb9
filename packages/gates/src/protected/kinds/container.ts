import type { ProtectedKind } from './protected-kind.js';

export const container: ProtectedKind = {
  what: 'containers, which checks, deployments and developers run in',
  steersChecks: 'no',
  entries: [
    {
      of: 'Docker, Podman',
      paths: [
        '**/{dockerfile,containerfile}',
        '**/{dockerfile,containerfile}.!(md|rst|txt|js|jsx|ts|tsx|py|go|rs|rb|java|kt|cs|php|c|h|cpp)',
        '**/*.{dockerfile,containerfile}',
        '**/{.dockerignore,.containerignore}',
        '**/*.dockerignore',
        '**/docker-bake*.{hcl,json}',
        '**/docker-entrypoint*',
      ],
    },
    { of: 'Compose', paths: ['**/{docker-,podman-,}compose*.{yml,yaml}'] },
    { of: 'Development Containers', paths: ['**/.devcontainer/**', '**/.devcontainer.json'] },
    {
      of: 'Vagrant, Packer, Multipass',
      paths: ['**/vagrantfile', '**/*.pkr.{hcl,json}', '**/cloud-{init,config}.{yml,yaml}'],
    },
    {
      of: 'Earthly, Tilt, Buildpacks, Apptainer',
      paths: ['**/{earthfile,tiltfile}', '**/singularity{,.*}', '**/apptainer.def'],
    },
  ],
};
