"""Has each allocation of a request fail in turn, and judges what became of the request and of the server."""
from .fault_scene import FaultSceneTest
from .waiting import eventually
from .wire import Ended

OURS = {'OVERLOADED', 'STORE_UNAVAILABLE', 'IDENTITY_UNAVAILABLE', 'INTERNAL'}


class ScarceTest(FaultSceneTest):
    def fail_everywhere(self, request, user):
        """Has each allocation of the request fail, alone and with those after it; ends behind the last one."""
        self.fail_each(request, user, self.faults.fail_allocation, lambda: self.faults.allocations)

    def refuse_everywhere(self, request, user):
        """The same with the system's calls. Fewer in a row: a listener that is refused looks again at a sweep."""
        self.fail_each(request, user, self.faults.refuse_call, lambda: self.faults.calls, most_in_a_row=10)

    def fail_each(self, request, user, fail, seen, most_in_a_row=40):
        request()
        before, bad = self.open_descriptors(), []
        for in_a_row in (1, most_in_a_row):
            number = misses = 0
            while misses < 3:
                number += 1
                fail(number, in_a_row)
                bad += self.judge(request, number)
                misses = misses + 1 if seen() < number else 0
                self.faults.stop()
                self.assertIsNone(self.server.process.poll(), f'it fell at place {number} ({in_a_row} in a row)')
                self.assert_works(user, number)
        self.assertFalse(bad)
        print(f'        {number} places')
        self.assert_no_descriptor_is_left(before)

    def judge(self, request, number):
        """What is wrong with the outcome of one request."""
        try:
            answer = request()
        except (Ended, ConnectionError):
            return []  # the connection was ended; nobody takes that for an answer
        except TimeoutError:
            return [f'{number}: no answer']
        is_ours = answer.status >= 500 and answer.reason in OURS
        return [] if is_ours or answer.status == 200 else [f'{number}: {answer}']

    def assert_works(self, user, number):
        """Its streams are counted off (of eight), its key is there, a connection is taken."""
        def ask():
            with user.ask() as wire:
                return wire.answer()
        answer = eventually(ask, lambda answer: answer.status == 200)
        self.assertEqual(answer.status, 200, f'after place {number}: {answer}')

    def answer_of(self, wire):
        with wire:
            return wire.answer()
