"""How a test's end is told: a sentence a test, and a failure's reason beneath it."""
import time
import unittest


class Spoken(unittest.TestResult):
    """Prints each test as a sentence, and a failure's reason beneath it."""

    def __init__(self):
        super().__init__()
        self.passed, self.refused = 0, []

    def startTest(self, test):
        super().startTest(test)
        self.begun = time.monotonic()

    def addSuccess(self, test):
        self.passed += 1
        print(f'  good  {sentence(test)} ({time.monotonic() - self.begun:.2f} s)', flush=True)

    def addFailure(self, test, error):
        self.refuse(test, error)

    def addError(self, test, error):
        self.refuse(test, error)

    def addSkip(self, test, reason):  # a test that did not run is no success
        self.refuse(test, None, f'did not run: {reason}')

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.refuse(subtest, error)

    def refuse(self, test, error, text=None):
        text = text or self._exc_info_to_string(error, test)
        self.refused.append(test)
        print(f'FAILED {sentence(test)}', flush=True)
        for line in text.rstrip().splitlines()[-40:]:
            print(f'        {line}', flush=True)

    def _is_relevant_tb_level(self, tb):
        return '__unittest' in tb.tb_frame.f_globals


def sentence(test):
    if not isinstance(test, unittest.TestCase):
        return str(test)
    words = test.id().split('.')
    about = f' {test._subDescription()}' if hasattr(test, '_subDescription') else ''
    method = getattr(test, 'test_case', test)._testMethodName
    return f"{words[0]}: {method.removeprefix('test_').replace('_', ' ')}{about}"
