"""Debian's nginx in front of a server, with its proxy's defaults."""
import pathlib
import shutil
import tempfile

from .programs import Program, free_port

PLACES = ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')


class Nginx:
    """`proxied` says more in the location's block; nothing there is what most people run."""

    def __init__(self, port, proxied=''):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-nginx-'))
        self.port = free_port()
        places = '\n'.join(f'    {name}_temp_path {self.folder / name};' for name in PLACES)
        (self.folder / 'nginx.conf').write_text(f'''
daemon off;
master_process off;
pid {self.folder / 'pid'};
error_log stderr;
events {{}}
http {{
    access_log off;
{places}
    server {{
        listen 127.0.0.1:{self.port};
        location / {{
            proxy_pass http://127.0.0.1:{port};
            {proxied}
        }}
    }}
}}
''')
        binary = shutil.which('nginx', path='/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin')
        assert binary, 'nginx is not installed (app/install test)'
        self.program = Program(f'nginx-{self.port}', [binary, '-p', self.folder, '-c', self.folder / 'nginx.conf'],
                               f'http://127.0.0.1:{self.port}/health/live')

    def close(self):
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
