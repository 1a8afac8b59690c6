#!/usr/bin/env python3
"""Brings an image to both services step by step, and goes back when something is wrong.

    rollout.py run --image IMAGE@DIGEST --id ID [--steps 10,50,100] [--watch SECONDS] [--smoke COMMAND]
    rollout.py settle     goes back from a rollout that was left unfinished, if there is one

Both read what Terraform made from the variable DEPLOYMENT: `terraform output -json | jq -c 'map_values(select(.sensitive | not) | .value)'`.

A rollout tags the revisions that served before it `former`, and takes the tags away when it has ended well: where all
services have that tag, a rollout is unfinished, whoever was killed in it. It moves the traffic only between the two.

The ai service goes first and comes back last: what reads stored records is new before what writes them is, and old
after it. In between both versions of both run side by side; README, "Upgrades", says what that asks of a version.

Exit: 0 done; 1 it went wrong and everything is as it was before; 2 going back failed too, and a person must look.
"""
import argparse
import json
import os
import sys
import time

from cloud_run import Service
from commands import Cancellation, Cancelled, Failed, run
from error_rate import Count, ErrorRates, is_worse

FORMER, NEXT = 'former', 'next'
FORWARD, BACK = ('ai', 'keys'), ('keys', 'ai')
BACK_ATTEMPTS = 5
SHORTEST_WINDOW = 300  # seconds


def say(text):
    print(text, flush=True)
    if summary := os.environ.get('GITHUB_STEP_SUMMARY'):
        with open(summary, 'a', encoding='utf-8') as file:
            file.write(f'- {text}\n')


def repr_of(problem):
    return str(problem) if isinstance(problem, Failed) else repr(problem)


class StuckError(Exception):
    """Going back failed."""


class Rollout:
    def __init__(self, deployment, options, cancellation):
        project = deployment['pipeline']['project_id']
        self.services = {role: Service(each['name'], each['location'], project, cancellation)
                         for role, each in deployment['services'].items()}
        self.urls = deployment['urls']
        # Past any other edge a revision cannot be called by its tag: it wants the edge's identity, or is hidden behind it.
        self.is_open = deployment['edge']['public_invoker'] and deployment['edge']['ingress'] == 'INGRESS_TRAFFIC_ALL'
        self.rates = ErrorRates(project, [each.name for each in self.services.values()], cancellation, options.pause)
        self.options = options
        self.cancellation = cancellation
        self.former = {}
        self.next = {}
        self.began = None

    # What is done

    def settle(self):
        """Ends what another rollout left, so that one revision gets all of each service's traffic."""
        found = {role: service.traffic() for role, service in self.services.items()}
        if all(FORMER in each.tags for each in found.values()):
            self.former = {role: each.tags[FORMER] for role, each in found.items()}
            say('A rollout was left unfinished.')
            self.go_back()
            return
        for role, each in found.items():
            service = self.services[role]
            if each.sole is None:
                raise StuckError(f'{service.name}: the traffic is divided ({each.gets}), not by a rollout: say which '
                                 f'revision is to have it, `gcloud run services update-traffic {service.name} --to-revisions=REVISION=100`')
            if not each.is_settled:
                say(f'{service.name}: a change of the traffic was left undone ({each.is_to_get}); {each.sole} keeps all of it.')
                service.set_traffic({each.sole: 100})
            service.remove_tags((FORMER, NEXT))

    def run(self):
        """Whether the image has all of the traffic; everything is as before otherwise."""
        self.settle()
        self.former = {}
        self.cancellation.let_through()
        try:
            self.prepare()
            for percent in self.options.steps:
                self.take(percent)
            self.finish()
            return True
        except Exception as problem:  # a mistake in here is as good a reason as any
            say(f'**Going back**: {"the job was cancelled" if isinstance(problem, Cancelled) else repr_of(problem)}')
            self.go_back()
            return False

    def prepare(self):
        """Both revisions are made, and pass their startup probes, before any traffic moves."""
        for role, service in self.services.items():
            former = service.traffic().sole
            self.former[role] = former
            service.set_traffic({former: 100}, {FORMER: former})
        for role in FORWARD:
            self.cancellation.check()
            service = self.services[role]
            self.next[role] = service.make_revision(self.options.image, self.options.id)
            service.set_traffic({self.former[role]: 100}, {NEXT: self.next[role]})
            say(f'{service.name}: {self.next[role]} is ready beside {self.former[role]}.')
        if self.is_open:
            self.smoke({role: service.traffic().addresses[NEXT] for role, service in self.services.items()})
            say('The smoke test passed, without traffic.')
        self.began = time.monotonic()

    def take(self, percent):
        """One step: the share for both, the smoke test, and a while in which errors are counted."""
        for role in FORWARD:
            self.cancellation.check()
            rest = {} if percent == 100 else {self.former[role]: 100 - percent}
            self.services[role].set_traffic({self.next[role]: percent, **rest})
        say(f'{percent} % of the traffic.')
        self.smoke(self.urls)
        ends = time.monotonic() + self.options.watch
        while (left := ends - time.monotonic()) > 0:
            self.cancellation.wait(min(left, self.options.every))
            self.compare()
        self.compare()
        say(f'{percent} %: the smoke test passed, the error rate is as before.')

    def smoke(self, urls):
        if self.options.smoke:
            run([self.options.smoke, urls['keys'], urls['ai']], self.cancellation, is_a_try=True)

    def compare(self):
        self.cancellation.check()
        counts = self.rates.counts(max(SHORTEST_WINDOW, time.monotonic() - self.began))
        for role, name in self.next.items():
            new, old = counts.get(name, Count()), counts.get(self.former[role], Count())
            if is_worse(new, old, self.options.allowed / 100, self.options.fewest):
                raise Failed(f'{name} answered {new.errors:.0f} of {new.requests:.0f} requests with 5xx, '
                             f'{self.former[role]} {old.errors:.0f} of {old.requests:.0f}')

    def finish(self):
        """Once one service has lost its tags, the rollout has ended well, whatever comes."""
        first, *others = FORWARD
        self.cancellation.check()
        self.services[first].remove_tags((FORMER, NEXT))
        self.cancellation.hold_back()
        for role in others:
            try:
                self.services[role].remove_tags((FORMER, NEXT))
            except Failed as problem:
                say(f'The next rollout takes these tags away: {problem}')
        for role, service in self.services.items():
            say(f'{service.name}: {self.next[role]} has all of the traffic. Back: '
                f'`gcloud run services update-traffic {service.name} --to-revisions={self.former[role]}=100`')

    def go_back(self):
        """Each service, whether or not the other can be brought back. The tags go last: who is killed in here is followed
        by somebody who goes on."""
        self.cancellation.hold_back()
        changed = [role for role in BACK if role in self.former]
        stuck = [said for role in changed if (said := self.bring_back(self.services[role], self.former[role]))]
        if stuck:
            raise StuckError('; '.join(stuck))
        for role in changed:
            try:
                self.services[role].remove_tags((NEXT, FORMER))
            except Failed as problem:
                say(f'The next rollout takes these tags away: {problem}')
        say('All traffic is where it was before.')

    def bring_back(self, service, former):
        """Nothing when it is, or a sentence."""
        for attempt in range(BACK_ATTEMPTS):
            try:
                service.set_traffic({former: 100})
                return None
            except Exception as problem:  # whatever it is: there is nothing better to do than to try again
                last = problem
                self.cancellation.wait(self.options.pause * 2**attempt)
        return (f'{service.name} could not be brought back to {former} ({last}): '
                f'`gcloud run services update-traffic {service.name} --to-revisions={former}=100`')


def steps(text):
    found = [int(each) for each in text.split(',')]
    if not found or found != sorted(set(found)) or found[0] < 1 or found[-1] != 100:
        raise argparse.ArgumentTypeError('the steps rise, and end with 100')
    return found


def options():
    parser = argparse.ArgumentParser(description='Gradual traffic for the two services.')
    parser.add_argument('--pause', type=float, default=2, help='seconds before something is tried again')
    commands = parser.add_subparsers(dest='command', required=True)
    commands.add_parser('settle')
    of_run = commands.add_parser('run')
    of_run.add_argument('--image', required=True)
    of_run.add_argument('--id', required=True, help='of this rollout: lower-case letters, digits and hyphens')
    of_run.add_argument('--steps', type=steps, default='10,50,100')
    of_run.add_argument('--watch', type=float, default=600, help='seconds of each step')
    of_run.add_argument('--every', type=float, default=60, help='seconds between two looks at the error rate')
    of_run.add_argument('--smoke', help='a command that is given the addresses of keys and ai')
    of_run.add_argument('--allowed', type=float, default=1, help='per cent by which the new error rate may be higher')
    of_run.add_argument('--fewest', type=int, default=5, help='errors that may be chance: fewer than these')
    return parser.parse_args()


def main():
    chosen = options()
    if chosen.command == 'run' and '@sha256:' not in chosen.image:
        sys.exit('--image names its digest: a tag says nothing of what is run')
    cancellation = Cancellation()
    rollout = Rollout(json.loads(os.environ['DEPLOYMENT']), chosen, cancellation)
    try:
        if chosen.command == 'run':
            return 0 if rollout.run() else 1
        cancellation.hold_back()
        rollout.settle()
        return 0
    except Failed as problem:
        say(f'**Nothing was begun**: {problem}')
        return 1
    except Cancelled:
        return 1
    except StuckError as problem:
        say(f'**A person must look**: {problem}')
        return 2


if __name__ == '__main__':
    sys.exit(main())
