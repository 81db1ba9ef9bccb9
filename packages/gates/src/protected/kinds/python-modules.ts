/**
 * Modules of Python's standard library that are loaded from files (`sys.stdlib_module_names` of 3.8 to 3.14, without
 * those that begin with an underscore), so that a file of the name in the first directory of the path comes before them.
 */
const standardLibrary =
  'abc aifc annotationlib antigravity argparse ast asynchat asyncio asyncore base64 bdb binhex bisect bz2 calendar cgi ' +
  'cgitb chunk cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib ' +
  'contextvars copy copyreg crypt cprofile csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils ' +
  'doctest dummy_threading email encodings ensurepip enum filecmp fileinput fnmatch formatter fractions ftplib ' +
  'functools genericpath getopt getpass gettext glob graphlib gzip hashlib heapq hmac html http idlelib imaplib imghdr ' +
  'imp importlib inspect io ipaddress json keyword lib2to3 linecache locale logging lzma macpath mailbox mailcap ' +
  'mimetypes mmap modulefinder multiprocessing netrc nntplib ntpath nturl2path numbers opcode operator optparse os ' +
  'parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posixpath pprint profile pstats pty ' +
  'py_compile pyclbr pydoc pydoc_data queue quopri random re readline reprlib resource rlcompleter runpy sched secrets ' +
  'selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver sqlite3 sre_compile ' +
  'sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sysconfig ' +
  'tabnanny tarfile telnetlib tempfile termios textwrap this threading timeit tkinter token tokenize tomllib trace ' +
  'traceback tracemalloc tty turtle types typing urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib ' +
  'xml xmlrpc zipapp zipfile zipimport zoneinfo';

/** What the runners of Python load besides. */
const ofRunners =
  'iniconfig packaging pygments exceptiongroup tomli attr attrs py colorama execnet typing_extensions mock parameterized';

/** As parts of patterns. */
export const shadowedPythonModules = `${standardLibrary} ${ofRunners}`.split(' ').join(',');
