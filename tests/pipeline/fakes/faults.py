"""Records a call, and says what is to go wrong with it."""
import fcntl
import json
import os
import pathlib

FAKES = pathlib.Path(os.environ['FAKES'])


def due(words):
    """The kind of the first fault whose words this call has, once it has let so many such calls pass; its `times` are
    used up one by one."""
    line = ' '.join(words)
    with open(FAKES / 'lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(FAKES / 'calls', 'a', encoding='utf-8') as calls:
            calls.write(line + '\n')
        file = FAKES / 'faults.json'
        faults = json.loads(file.read_text())
        fault = next((each for each in faults if each['words'] in line and counted(each)), None)
        file.write_text(json.dumps(faults))
    if fault and fault['kind'] == 'block':  # until the test closes the other end
        (FAKES / 'running').write_text(str(os.getpid()))
        (FAKES / 'gate').read_text()
    return fault and fault['kind']


def counted(fault):
    if fault.get('after', 0) > 0:
        fault['after'] -= 1
        return False
    if fault.get('times', 1) <= 0:
        return False
    fault['times'] = fault.get('times', 1) - 1
    return True
