"""Runs a command at a pseudo-terminal, types one line when it asks, and ends with its exit code: at-terminal.py TYPED COMMAND…"""
import fcntl
import os
import pty
import struct
import sys
import termios

typed, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
# A new one has no columns, in which a moving line never ends.
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
said = b""
answered = False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed
        break
    if not chunk:
        break
    said += chunk
    os.write(1, chunk)
    if not answered and b"to go on: " in said:
        answered = True
        os.write(terminal, typed.encode() + b"\r")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
