"""A Cloud Run service, its revisions, and how the traffic is divided among them."""
import json
from dataclasses import dataclass

from commands import Failed, run

LATEST = 'LATEST'  # what gcloud calls "whatever is newest"


@dataclass
class Traffic:
    """The shares in per cent that revisions get and are to get (a change that failed leaves the two apart), and tags."""
    gets: dict
    is_to_get: dict
    tags: dict  # of each tag, the revision
    addresses: dict  # of each tag, where the revision is called by it

    @property
    def sole(self):
        """The revision that gets all of it, or None."""
        return next(iter(self.gets)) if list(self.gets.values()) == [100] else None

    @property
    def is_settled(self):
        return self.sole is not None and self.is_to_get in ({self.sole: 100}, {LATEST: 100})


class Service:
    def __init__(self, name, region, project, cancellation):
        self.name = name
        self._where = [f'--region={region}', f'--project={project}', '--quiet']
        self._cancellation = cancellation

    def traffic(self):
        return traffic_of(self._described())

    def newest_revision(self):
        return self._described()['status'].get('latestCreatedRevisionName')

    def make_revision(self, image, rollout):
        """A revision with that image and without traffic, which is ready. The label makes it differ from the one before,
        even where the image is the same. It gets no name from here: Terraform would take the name for its own."""
        before = self.newest_revision()
        self._gcloud('update', self.name, f'--image={image}', '--no-traffic', f'--update-labels=rollout={rollout}')
        made = self.newest_revision()
        if made == before:
            raise Failed(f'{self.name}: no revision was made beside {before}')
        return made

    def set_traffic(self, shares, tags=None):
        """Divides it so, and has a look whether it is. The tags are added to those that are there."""
        words = ['--to-revisions=' + ','.join(f'{name}={share}' for name, share in shares.items())]
        if tags:
            words.append('--update-tags=' + ','.join(f'{tag}={name}' for tag, name in tags.items()))
        self._gcloud('update-traffic', self.name, *words)
        if (found := self.traffic()).gets != shares:
            raise Failed(f'{self.name}: the traffic is {found.gets} and not {shares}')

    def remove_tags(self, tags):
        there = [tag for tag in tags if tag in self.traffic().tags]
        if there:
            self._gcloud('update-traffic', self.name, '--remove-tags=' + ','.join(there))

    def _described(self):
        return json.loads(self._gcloud('describe', self.name, '--format=json'))

    def _gcloud(self, *words):
        return run(['gcloud', 'run', 'services', *words, *self._where], self._cancellation)


def traffic_of(described):
    wanted, found = described['spec'].get('traffic', []), described['status'].get('traffic', [])
    return Traffic(gets=shares(found, latest_has_name=True), is_to_get=shares(wanted, latest_has_name=False),
                   tags={each['tag']: each.get('revisionName', LATEST) for each in wanted if each.get('tag')},
                   addresses={each['tag']: each['url'] for each in found if each.get('tag') and each.get('url')})


def shares(targets, latest_has_name):
    found = {}
    for each in targets:
        if each.get('percent'):
            name = LATEST if each.get('latestRevision') and not latest_has_name else each['revisionName']
            found[name] = found.get(name, 0) + each['percent']
    return found
