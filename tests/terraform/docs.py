"""The tables of inputs and outputs in the modules' READMEs, made from their HCL.

    docs.py            says which are not what the HCL says
    docs.py --write    writes them
"""
import ast
import sys
import textwrap

import tools
from modules import modules
from text_checks import blocks, plain

BEGIN, END = '<!-- BEGIN inputs and outputs -->', '<!-- END inputs and outputs -->'


def tables(module):
    inputs = [(name, said) for block in blocks(module, 'variable') for name, said in named(block)]
    outputs = [(name, said) for block in blocks(module, 'output') for name, said in named(block)]
    lines = ['| Input | Type | Default | Meaning |', '|---|---|---|---|']
    lines += [f"| {name} | {code(type_of(said))} | {default_of(said)} | {meaning(said)} |" for name, said in inputs]
    lines += ['', '| Output | Meaning |', '|---|---|']
    lines += [f'| {name} | {meaning(said)} |' for name, said in outputs]
    return '\n'.join(lines)


def named(block):
    return [(name, said) for name, said in block.items() if isinstance(said, dict)]


def type_of(said):
    return plain(said.get('type', 'any'))


def default_of(said):
    return code(literal(said['default'])) if 'default' in said else 'required'


def literal(value):
    """A default as HCL would write it."""
    value = plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return 'null'
    if isinstance(value, str):
        return value if value.startswith(('[', '{', '"')) else f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        inner = ', '.join(f'{key} = {literal(one)}' for key, one in value.items() if not key.startswith('__'))
        return f'{{ {inner} }}' if inner else '{}'
    return str(value)


def meaning(said):
    text = said.get('description', '')
    if text.startswith('<<'):  # a heredoc: its first line is the marker, its last one the end
        text = textwrap.dedent('\n'.join(text.splitlines()[1:-1]))
    elif '\\' in text:
        text = ast.literal_eval(f'"{text}"')
    notes = [word for word in ('ephemeral', 'sensitive') if said.get(word) is True]
    note = f" ({', '.join(notes)})" if notes else ''
    return ' '.join(text.split()).replace('|', '\\|') + note


def code(text):
    return f'`{" ".join(str(text).split())}`'.replace('|', '\\|')


def wanted(module):
    """The README as it should be; nothing where it has no place for the tables."""
    readme = module / 'README.md'
    if not readme.is_file():
        return None
    head, begin, rest = readme.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        return None
    return f'{head}{BEGIN}\n\n{tables(module)}\n\n{END}{tail}'


def failures():
    """A sentence for each README that is not what the HCL says."""
    wrong = []
    for module in modules(tools.TERRAFORM_FOLDER):
        name, text = module.relative_to(tools.ROOT), wanted(module)
        if text is None:
            wrong.append(f'{name}/README.md is missing, or the lines {BEGIN} and {END} in it')
        elif text != (module / 'README.md').read_text():
            wrong.append(f'{name}/README.md is not what the HCL says: tests/terraform/docs.py --write')
    return wrong


def main():
    if sys.argv[1:] == ['--write']:
        for module in modules(tools.TERRAFORM_FOLDER):
            text = wanted(module)
            if text is not None:
                (module / 'README.md').write_text(text)
    wrong = failures()
    print('\n'.join(f'FAILED {sentence}' for sentence in wrong) or 'ok')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
