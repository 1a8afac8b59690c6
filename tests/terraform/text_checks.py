"""What no plan shows: read from the text of terraform/, parsed as HCL. A check is one entry of CHECKS."""
import functools
import pathlib
import sys
from dataclasses import dataclass

import tools

tools.take_hcl2()
import hcl2  # noqa: E402

OPTIONS = hcl2.SerializationOptions(with_comments=False, strip_string_quotes=True)


@functools.cache
def parsed(file):
    with file.open() as text:
        return hcl2.load(text, serialization_options=OPTIONS)


def blocks(folder, kind):
    """The blocks of a kind in a folder's files, as a list of dictionaries: labels, then arguments."""
    return [block for file in sorted(folder.glob('*.tf')) for block in parsed(file).get(kind, [])]


def resource(folder, kind, name):
    """Its arguments, or nothing."""
    return next((block[kind][name] for block in blocks(folder, 'resource') if name in block.get(kind, {})), None)


def plain(value):
    """An expression without the ${…} that the parser puts around it."""
    return value[2:-1] if isinstance(value, str) and value.startswith('${') and value.endswith('}') else value


def lifecycle(folder, kind, name):
    inner = (resource(folder, kind, name) or {}).get('lifecycle') or [{}]
    return inner[0]


@dataclass(frozen=True)
class Ignores:
    """A resource leaves these to somebody else: exactly these, since what more is ignored is never corrected."""
    folder: str
    kind: str
    name: str
    what: tuple

    @property
    def sentence(self):
        return f'{self.folder}: {self.kind}.{self.name} ignores changes of {", ".join(self.what)} and of nothing else'

    def holds(self, root):
        ignored = lifecycle(root / self.folder, self.kind, self.name).get('ignore_changes', [])
        return {plain(one) for one in ignored} == set(self.what)


@dataclass(frozen=True)
class Prevents:
    """`terraform destroy`, or a change that would replace it, stops at this resource."""
    folder: str
    kind: str
    name: str

    @property
    def sentence(self):
        return f'{self.folder}: {self.kind}.{self.name} has prevent_destroy'

    def holds(self, root):
        return lifecycle(root / self.folder, self.kind, self.name).get('prevent_destroy') is True


@dataclass(frozen=True)
class Overlaps:
    """What comes in place of this resource is made before it goes."""
    folder: str
    kind: str
    name: str

    @property
    def sentence(self):
        return f'{self.folder}: {self.kind}.{self.name} is there until the next one is'

    def holds(self, root):
        return lifecycle(root / self.folder, self.kind, self.name).get('create_before_destroy') is True


@dataclass(frozen=True)
class Takes:
    """A block `import` or `moved` that ends at this address."""
    folder: str
    block: str
    to: str

    @property
    def sentence(self):
        return f'{self.folder}: {self.block} to {self.to}'

    def holds(self, root):
        return any(plain(one.get('to')) == self.to for one in blocks(root / self.folder, self.block))


# Of each kind of resource what lets its planner read it, and its applier change it (module pipeline). A budget is the billing
# account's: its rights are given by hand.
RIGHTS = {
    'google_api_gateway_': ('roles/apigateway.viewer', 'roles/apigateway.admin'),
    'google_apikeys_': ('roles/serviceusage.apiKeysViewer', 'roles/serviceusage.apiKeysAdmin'),
    'google_artifact_registry_': ('roles/artifactregistry.reader', 'roles/artifactregistry.admin'),
    'google_billing_': ('', ''),
    'google_certificate_manager_': ('roles/certificatemanager.viewer', 'roles/certificatemanager.owner'),
    'google_cloud_run_': ('roles/run.viewer', 'roles/run.admin'),
    'google_compute_': ('roles/compute.viewer', 'roles/compute.loadBalancerAdmin'),
    'google_firebaserules_': ('firebaserules.rulesets.get', 'roles/firebaserules.admin'),
    'google_firestore_': ('datastore.databases.get', 'roles/datastore.owner'),
    'google_iam_workload_identity_pool': ('roles/iam.workloadIdentityPoolViewer', 'roles/iam.workloadIdentityPoolAdmin'),
    'google_logging_metric': ('logging.logMetrics.get', 'roles/logging.configWriter'),
    'google_monitoring_': ('roles/monitoring.viewer', 'roles/monitoring.editor'),
    'google_project_iam_custom_role': ('iam.roles.get', 'roles/iam.roleAdmin'),
    'google_project_iam_member': ('roles/iam.securityReviewer', 'roles/resourcemanager.projectIamAdmin'),
    'google_project_service': ('serviceusage.services.get', 'roles/serviceusage.serviceUsageAdmin'),
    'google_secret_manager_': ('roles/secretmanager.viewer', 'roles/secretmanager.admin'),
    'google_service_account': ('iam.serviceAccounts.get', 'roles/iam.serviceAccountAdmin'),
    'google_storage_bucket_iam_': ('roles/iam.securityReviewer', 'roles/storage.admin'),
}


@dataclass(frozen=True)
class Reaches:
    """An account of the pipeline has the right for each kind of resource that there is."""
    account: str
    place: int  # in RIGHTS

    @property
    def sentence(self):
        return f'modules/pipeline: the {self.account} has a right for each kind of resource'

    def holds(self, root):
        text = (root / 'modules/pipeline/main.tf').read_text()
        granted = ''.join(block for block in text.split('\nresource ') if f'"{self.account}" {{' in block.partition('\n')[0])
        kinds = {kind for folder in {file.parent for file in root.rglob('*.tf') if 'examples' not in file.parts}
                 for block in blocks(folder, 'resource') for kind in block if kind.startswith('google_')}
        needed = [next((rights[self.place] for begin, rights in RIGHTS.items() if kind.startswith(begin)), None) for kind in kinds]
        return bool(kinds) and all(right is not None and (not right or f'"{right}"' in granted) for right in needed)


CHECKS = [
    Ignores('modules/service', 'google_cloud_run_v2_service', 'this',
            ('client', 'client_version', 'template[0].annotations', 'template[0].containers[0].image',
             'template[0].labels', 'traffic')),
    Overlaps('modules/secrets', 'google_secret_manager_secret_version', 'this'),
    Overlaps('modules/data', 'google_firebaserules_ruleset', 'this'),
    Prevents('modules/edge/api_gateway', 'google_api_gateway_gateway', 'this'),
    Takes('modules/edge/api_gateway/examples/streaming', 'import', 'module.gateway.google_api_gateway_gateway.this[0]'),
    Overlaps('modules/edge/api_gateway', 'google_api_gateway_api_config', 'this'),
    Overlaps('modules/edge/load_balancer', 'google_compute_region_network_endpoint_group', 'this'),
    Overlaps('modules/monitoring', 'google_monitoring_uptime_check_config', 'this'),
    Reaches('planner', 0),
    Reaches('applier', 1),
    Takes('.', 'import', 'module.edge.module.api_gateway[0].google_api_gateway_gateway.this[0]'),
]


def failures(root=tools.TERRAFORM_FOLDER):
    """The sentences that do not hold."""
    return [check.sentence for check in CHECKS if not check.holds(root)]


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else tools.TERRAFORM_FOLDER
    wrong = failures(root)
    for check in CHECKS:
        print(f"{'FAILED' if check.sentence in wrong else 'ok'} {check.sentence}")
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
