"""What the command line of run.py said; set once, before the first test."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]

byot = ROOT / 'build/release/app/byot'
on_google = False  # Firestore and Firebase's Auth emulator in place of the embedded parts
is_sanitized = False  # built with a sanitizer
slower = 1.0  # how much slower than the release binary this one may be


def limit(seconds):
    """A bound on a wait that ends early when all is well."""
    return seconds * slower
